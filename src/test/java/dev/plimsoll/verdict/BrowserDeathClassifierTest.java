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

class BrowserDeathClassifierTest {
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

  @Test
  void aFaultOfItsOwnIsNoLackOfMemory() {
    var fault = new Fault(41, "chromium", "chromium[41]: segfault at 0");
    Verdict verdict = judge(OptionalLong.of(0), 0, view(true, fault));
    assertThat(verdict.cause()).isEqualTo(Cause.SIGNAL);
    assertThat(verdict.text()).contains("segfault at 0");
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
    var machine = new MachineMemory(Bytes.gib(16), Bytes.gib(9), OptionalLong.of(kernel));
    return BrowserDeathClassifier.examine(
        new BrowserDeath(
            "the process of its page",
            "pw0",
            "a.spec.ts",
            Set.of(40L, 41L, 42L),
            GROUP,
            own,
            machine,
            log));
  }
}
