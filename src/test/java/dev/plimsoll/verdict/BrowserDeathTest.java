package dev.plimsoll.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.verdict.LogTrace.DaemonKill;
import dev.plimsoll.verdict.LogTrace.Fault;
import dev.plimsoll.verdict.LogTrace.OomKill;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Deaths of browsers and of their pages.
class BrowserDeathTest {
  private static final String GROUP = "plimsoll-7-8-pw0-1";

  @Test
  void aLineThatNamesAProcessOfTheWorkerProvesIt() {
    Verdict verdict = judge(OptionalLong.empty(), 0, view(true, kill(41, "/elsewhere")));
    assertThat(verdict.cause()).isEqualTo(Cause.OUT_OF_MEMORY);
    assertThat(verdict.certainty()).isEqualTo(Certainty.PROVEN);
    assertThat(verdict.text()).contains("of worker pw0 (in `a.spec.ts`)", "kernel log: a line");
  }

  @Test
  void aLineAboutItsGroupProvesItWhereThePidsAreOthers() {
    Verdict verdict = judge(OptionalLong.empty(), 0, view(false, kill(9041, "/x/" + GROUP)));
    assertThat(verdict.certainty()).isEqualTo(Certainty.PROVEN);
  }

  @Test
  void theGroupsOwnCounterProvesItWithoutALog() {
    Verdict verdict = judge(OptionalLong.of(2), 2, LogView.UNREADABLE);
    assertThat(verdict.certainty()).isEqualTo(Certainty.PROVEN);
    assertThat(verdict.text()).contains("counts 2 killed for memory");
  }

  @Test
  void aStrangersKillIsNotTakenForIts() {
    Verdict verdict = judge(OptionalLong.of(0), 1, view(true, kill(99, "/x/other")));
    assertThat(verdict.cause()).isEqualTo(Cause.VANISHED);
    assertThat(verdict.certainty()).isEqualTo(Certainty.UNKNOWN);
    assertThat(verdict.text()).contains("nothing shows that memory was short", "/dev/shm");
  }

  @Test
  void withoutAGroupTheKernelWideCounterMakesItLikelyAtMost() {
    Verdict verdict = judge(OptionalLong.empty(), 1, LogView.UNREADABLE);
    assertThat(verdict.cause()).isEqualTo(Cause.OUT_OF_MEMORY);
    assertThat(verdict.certainty()).isEqualTo(Certainty.LIKELY);
    assertThat(judge(OptionalLong.empty(), 0, LogView.UNREADABLE).cause())
        .isEqualTo(Cause.VANISHED);
  }

  /// A process that came after the last look at the tree is known by its group alone.
  @Test
  void anyProcessOfItsGroupIsItsOwn() {
    Verdict verdict = judge(OptionalLong.empty(), 1, view(true, kill(99, "/x/" + GROUP)));
    assertThat(verdict.certainty()).isEqualTo(Certainty.PROVEN);
    assertThat(verdict.advice()).startsWith("use fewer workers");
    Verdict counted = judge(OptionalLong.of(1), 1, view(true, kill(99, "/x/" + GROUP)));
    assertThat(counted.certainty()).isEqualTo(Certainty.PROVEN);
  }

  @Test
  void aKillThatTheLogGivesToAnotherIsNotItsOwn() {
    assertThat(judge(OptionalLong.empty(), 1, view(true, kill(99, "/x/other"))).cause())
        .isEqualTo(Cause.VANISHED);
    assertThat(judge(OptionalLong.empty(), 2, view(true, kill(99, "/x/other"))).certainty())
        .isEqualTo(Certainty.LIKELY);
  }

  @Test
  void withoutAnyCounterShortMemoryIsLikely() {
    Verdict verdict =
        judge(
            OptionalLong.empty(),
            new MachineMemory(Bytes.gib(16), Bytes.gib(1), OptionalLong.empty()),
            LogView.UNREADABLE);
    assertThat(verdict.cause()).isEqualTo(Cause.OUT_OF_MEMORY);
    assertThat(verdict.what()).endsWith("died, likely for lack of memory");
    assertThat(verdict.advice()).startsWith("use fewer workers");
  }

  @Test
  void aFaultOfItsOwnIsNoLackOfMemory() {
    var fault = new Fault(41, "chromium", "chromium[41]: segfault at 0");
    Verdict verdict = judge(OptionalLong.of(0), 0, view(true, fault));
    assertThat(verdict.cause()).isEqualTo(Cause.SIGNAL);
    assertThat(verdict.text()).contains("segfault at 0", "/dev/shm");
  }

  @Test
  void aMemoryDaemonIsNamed() {
    var kill = new DaemonKill("earlyoom", 42, "", "sending SIGTERM to process 42");
    Verdict verdict = judge(OptionalLong.of(0), 0, view(true, kill));
    assertThat(verdict.cause()).isEqualTo(Cause.MEMORY_DAEMON);
    assertThat(verdict.what()).contains("killed by earlyoom");
  }

  private static OomKill kill(long pid, String group) {
    return new OomKill(pid, "chromium", true, group, group, Bytes.mib(300), "a line");
  }

  private static LogView view(boolean samePids, LogTrace trace) {
    return new LogView(true, false, samePids, List.of(trace));
  }

  private static Verdict judge(OptionalLong own, long kernel, LogView log) {
    return judge(own, new MachineMemory(Bytes.gib(16), Bytes.gib(9), OptionalLong.of(kernel)), log);
  }

  private static Verdict judge(OptionalLong own, MachineMemory machine, LogView log) {
    return DeathClassifier.examine(
        new DeathEvidence(
            DeathEvidence.Kind.BROWSER,
            "the process of its page of worker pw0",
            Set.of(40L, 41L, 42L),
            Set.of(),
            GROUP,
            new ProcessEnd.Unreported(),
            new KillReason.None(),
            own,
            1,
            machine,
            log,
            "a.spec.ts",
            Bytes.ZERO,
            Bytes.ZERO));
  }
}
