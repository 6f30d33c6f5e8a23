package dev.plimsoll.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchdogTest {
  /// Bit n-1 of the mask is signal n: HUP is 1, INT 2, TERM 15.
  private static final long INT_HUP_TERM = 0x4003;

  private final String run = UUID.randomUUID().toString();

  @Test
  void endsMarkedProcessesWithWhatTheyStarted() throws Exception {
    Process tree = marked(run, "sh", "-c", "env -u _PLIMSOLL_RUN sleep 300 & echo $!; wait");
    long unmarkedChild = firstNumber(tree);
    Watchdog.start(run).close();
    assertThat(tree.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(ended(unmarkedChild)).isTrue();
  }

  @RepeatedTest(20)
  void endsProcessesThatLeftTheirParentAndSession() throws Exception {
    Process parent = marked(run, "sh", "-c", "setsid sleep 300 >/dev/null & echo $!");
    long orphan = firstNumber(parent);
    parent.waitFor();
    Watchdog.start(run).close();
    assertThat(ended(orphan)).isTrue();
  }

  @Test
  void leavesOtherRunsAlone() throws Exception {
    Process other = marked(run + "0", "sleep", "300");
    Process mentions = marked("x _PLIMSOLL_RUN=" + run, "sleep", "300");
    Watchdog.start(run).close();
    assertThat(List.of(other.isAlive(), mentions.isAlive())).containsOnly(true);
    other.destroyForcibly();
    mentions.destroyForcibly();
  }

  /// The kernel's text about a process has its name in parentheses, as it is.
  @Test
  void endsAProcessWhoseNameLooksLikeTheKernelsText(@TempDir Path folder) throws Exception {
    Path program = Files.copy(Path.of("/bin/sleep"), folder.resolve("a) Z 1\nb) Z"));
    Process process = marked(run, program.toString(), "300");
    Watchdog.start(run).close();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void survivesWhatATerminalSends() throws Exception {
    Watchdog watchdog = Watchdog.start(run);
    Process marked = marked(run, "sleep", "300");
    awaitTraps(watchdog.pid());
    for (String signal : List.of("INT", "HUP", "TERM")) {
      new ProcessBuilder("kill", "-" + signal, Long.toString(watchdog.pid())).start().waitFor();
    }
    assertThat(ProcessHandle.of(watchdog.pid()).map(ProcessHandle::isAlive)).contains(true);
    watchdog.close();
    assertThat(marked.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void removesTheFolderOfARunThatWasKilled(@TempDir Path base) throws Exception {
    Path folder = Files.createDirectory(base.resolve("run's own"));
    Path socket = Files.createFile(folder.resolve("socket"));
    Process marked = marked(run, "sleep", "300");
    Watchdog.start(run, socket, Optional.empty()).close();
    assertThat(marked.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(folder).doesNotExist();
    assertThat(base).exists();
  }

  /// An interpreter that the launcher script started has a mark of its own.
  @Test
  void endsAlsoWhatWasStartedBeforeTheRunHadItsId(@TempDir Path base) throws Exception {
    Path socket = Files.createDirectory(base.resolve("run")).resolve("socket");
    Process early = marked(run + "-early", "sleep", "300");
    Process marked = marked(run, "sleep", "300");
    Process other = marked(run + "-other", "sleep", "300");
    Watchdog.start(run, socket, Optional.of(run + "-early")).close();
    assertThat(early.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(marked.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(other.isAlive()).isTrue();
    other.destroyForcibly();
  }

  @Test
  void hasNoWorkWhenNothingIsLeft() throws Exception {
    var leftovers = new Leftovers(Path.of("/proc"), List.of(Watchdog.MARK + "=" + run));
    assertThat(leftovers.any()).isFalse();
    Process marked = marked(run, "sleep", "300");
    assertThat(leftovers.any()).isTrue();
    marked.destroyForcibly();
    marked.waitFor();
    assertThat(leftovers.any()).isFalse();
  }

  /// In an `execve`, of which a loop of them is full, a process shows no environment.
  @RepeatedTest(50)
  void findsAProcessThatExecutesOneProgramAfterAnother() throws Exception {
    String script = "[ $1 = 0 ] || exec sh -c \"$0\" \"$0\" $(($1 - 1)); sleep 300";
    Process marked = marked(run, "sh", "-c", script, script, "3000");
    assertThat(new Leftovers(Path.of("/proc"), List.of(Watchdog.MARK + "=" + run)).any()).isTrue();
    assertThat(marked.isAlive()).isTrue();
    marked.destroyForcibly();
  }

  private static Process marked(String run, String... command) throws IOException {
    var builder = new ProcessBuilder(command);
    builder.environment().put(Watchdog.MARK, run);
    return builder.start();
  }

  private static long firstNumber(Process process) throws IOException {
    return Long.parseLong(process.inputReader().readLine());
  }

  /// The ignored signals of the process stand in `SigIgn` as soon as its first line has run.
  private static void awaitTraps(long pid) throws IOException {
    var status = Path.of("/proc/" + pid + "/status");
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (System.nanoTime() < deadline) {
      boolean ignoring =
          Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("SigIgn:"))
              .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
              .anyMatch(mask -> (mask & INT_HUP_TERM) == INT_HUP_TERM);
      if (ignoring) {
        return;
      }
      Thread.onSpinWait();
    }
  }

  private static boolean ended(long pid) throws Exception {
    var handle = ProcessHandle.of(pid);
    if (handle.isPresent()) {
      handle.get().onExit().get(60, TimeUnit.SECONDS);
    }
    return true;
  }
}
