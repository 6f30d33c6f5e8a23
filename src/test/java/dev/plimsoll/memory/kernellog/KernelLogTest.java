package dev.plimsoll.memory.kernellog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.memory.Systems;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.verdict.LogTrace;
import dev.plimsoll.verdict.LogTrace.DaemonKill;
import dev.plimsoll.verdict.LogTrace.Fault;
import dev.plimsoll.verdict.LogTrace.OomKill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelLogTest {
  private static List<String> captured(String name) throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/kernel-log", name));
  }

  private static List<OomKill> kills(String name) throws IOException {
    var parser = new KernelLogParser();
    return captured(name).stream()
        .map(line -> LogLine.parse(line, Instant.EPOCH).map(LogLine::message).orElse(line))
        .map(parser::accept)
        .flatMap(Optional::stream)
        .map(OomKill.class::cast)
        .toList();
  }

  private static LogSource.Reading kmsg(String name) throws IOException {
    try (var log = new KmsgLog(Path.of("no such device"))) {
      captured(name).forEach(line -> log.record(line + "\n SUBSYSTEM=memory\n"));
      return log.await(Instant.MIN, Duration.ZERO, trace -> true);
    }
  }

  @Test
  void aRecordOfTodayTellsPidGroupAndSize() throws IOException {
    LogSource.Reading reading = kmsg("linux-6-memcg.kmsg");
    assertThat(reading.traces())
        .singleElement()
        .isInstanceOfSatisfying(
            OomKill.class,
            kill -> {
              assertThat(kill.pid()).isEqualTo(25953);
              assertThat(kill.inCgroup()).isTrue();
              assertThat(kill.cgroup()).endsWith("/plimsoll-25951-247700-gw0");
              assertThat(kill.limitedBy()).isEqualTo(kill.cgroup());
              assertThat(kill.anonymous()).isEqualTo(Bytes.kib(32376));
            });
  }

  @Test
  void whatProgramsWriteToTheDeviceIsNotBelieved() throws IOException {
    assertThat(kmsg("linux-6-memcg.kmsg").traces())
        .noneMatch(trace -> trace.line().contains("forged"));
  }

  @Test
  void aGapInTheNumbersIsSaidAndTheReaperIsEvidenceAlone() throws IOException {
    LogSource.Reading reading = kmsg("overwritten.kmsg");
    assertThat(reading.gap()).isTrue();
    assertThat(reading.traces())
        .singleElement()
        .isInstanceOfSatisfying(OomKill.class, kill -> assertThat(kill.pid()).isEqualTo(63214));
  }

  @Test
  void aGroupIsKilledTogetherAndGroupsMayHoldBlanks() throws IOException {
    assertThat(kills("linux-6-group-kill.txt"))
        .extracting(OomKill::pid)
        .containsExactly(501L, 500L, 501L);
    assertThat(kills("linux-6-group-kill.txt"))
        .extracting(OomKill::cgroup)
        .containsOnly("/user.slice/a b/gw1");
  }

  @Test
  void theWholeMachineOutOfMemory() throws IOException {
    assertThat(kills("linux-5.4-global.syslog"))
        .singleElement()
        .satisfies(kill -> {
          assertThat(kill.pid()).isEqualTo(15925);
          assertThat(kill.name()).isEqualTo("(resolved)");
          assertThat(kill.inCgroup()).isFalse();
          assertThat(kill.cgroup()).isEqualTo("/system.slice/resolved.service");
        });
  }

  @Test
  void theOldFormNamesTheVictimInItsLastLine() throws IOException {
    assertThat(kills("linux-4.15-memcg.syslog"))
        .singleElement()
        .satisfies(kill -> {
          assertThat(kill.pid()).isEqualTo(19388);
          assertThat(kill.name()).isEqualTo("node worker");
          assertThat(kill.inCgroup()).isTrue();
          assertThat(kill.cgroup()).isEqualTo("/docker/6b1f");
          assertThat(kill.limitedBy()).isEqualTo("/docker");
        });
    assertThat(kills("linux-2.6.32.txt"))
        .singleElement()
        .satisfies(kill -> assertThat(kill.pid()).isEqualTo(1235));
  }

  @Test
  void faultsAndDaemonsAreUnderstood() {
    var parser = new KernelLogParser();
    assertThat(
            parser.accept(
                "python3[4711]: segfault at 0 ip 00007f12 sp 00007ffd error 4 in libc.so.6[7f]"))
        .containsInstanceOf(Fault.class);
    assertThat(parser.accept("traps: py thread[12] trap invalid opcode ip:1 sp:2 error:0 in x[1]"))
        .contains(
            new Fault(
                12,
                "py thread",
                "traps: py thread[12] trap invalid opcode ip:1 sp:2 error:0 in x[1]"));
    assertThat(
            KernelLogParser.daemon(
                "earlyoom", "sending SIGTERM to process 696 uid 1001 \"ipfs\": badness 757"))
        .get()
        .isInstanceOfSatisfying(DaemonKill.class, k -> assertThat(k.pid()).isEqualTo(696));
    assertThat(
            KernelLogParser.daemon(
                "systemd-oomd",
                "Killed /user.slice/user-1000.slice/x.scope due to memory used (1) / total (2)"))
        .get()
        .isInstanceOfSatisfying(
            DaemonKill.class,
            k -> assertThat(k.cgroup()).isEqualTo("/user.slice/user-1000.slice/x.scope"));
  }

  @Test
  void stampsOfAllFormsAreRead() {
    Instant boot = Instant.parse("2026-11-24T00:00:00Z");
    assertThat(LogLine.parse("1795478400.500000 host earlyoom[9]: x", boot).orElseThrow())
        .isEqualTo(new LogLine(Optional.of(Instant.ofEpochMilli(1795478400500L)), "earlyoom", "x"));
    assertThat(LogLine.parse("2026-11-24T03:10:41.465301+01:00 h kernel: x", boot).orElseThrow())
        .isEqualTo(
            new LogLine(Optional.of(Instant.parse("2026-11-24T02:10:41.465301Z")), "kernel", "x"));
    assertThat(LogLine.parse("Nov  4 03:10:41 h kernel: [   60.000000] x", boot).orElseThrow())
        .isEqualTo(new LogLine(Optional.of(boot.plusSeconds(60)), "kernel", "x"));
    assertThat(LogLine.parse("[   60.500000] x", boot).orElseThrow().at())
        .contains(boot.plusMillis(60_500));
    assertThat(LogLine.parse("no log line", boot)).isEmpty();
  }

  @Test
  void aFileTellsOnlyWhatIsNew(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("syslog");
    String line = "Nov 24 03:10:41 h kernel: Out of memory: Killed process %d (x) total-vm:1kB\n";
    Files.writeString(file, line.formatted(1));
    TextLog log = TextLog.ofFile(file);
    assertThat(log.isReadable()).isTrue();
    Files.writeString(file, line.formatted(2), StandardOpenOption.APPEND);
    assertThat(log.await(Instant.now(), Duration.ZERO, trace -> true).traces())
        .extracting(LogTrace::line)
        .containsExactly("Out of memory: Killed process 2 (x) total-vm:1kB");
    assertThat(TextLog.ofFile(folder.resolve("none")).isReadable()).isFalse();
  }

  @Test
  void anOldRecordThatIsReadLateIsNotTakenForANewOne() {
    try (var log = new KmsgLog(Path.of("/nonexistent"), Instant.now().minusSeconds(30))) {
      long now = System.nanoTime() / 1000;
      log.record(
          "3,7," + (now - 3_600_000_000L) + ",-;Out of memory: Killed process 1 (x) total-vm:1kB");
      log.record("3,8," + now + ",-;Out of memory: Killed process 2 (x) total-vm:1kB");
      assertThat(log.await(Instant.now().minusSeconds(600), Duration.ZERO, trace -> true).traces())
          .extracting(trace -> ((OomKill) trace).pid())
          .containsExactly(2L);
    }
  }

  @Test
  void whereNothingIsReadableNothingIsClaimed() {
    try (var log = KernelLog.open(Systems.of("nothing"))) {
      assertThat(log.hasSamePids()).isFalse();
    }
  }
}
