package dev.plimsoll.ui;

import static dev.plimsoll.ui.TestingEvents.at;
import static dev.plimsoll.ui.TestingEvents.collected;
import static dev.plimsoll.ui.TestingEvents.end;
import static dev.plimsoll.ui.TestingEvents.finished;
import static dev.plimsoll.ui.TestingEvents.sampled;
import static dev.plimsoll.ui.TestingEvents.started;
import static dev.plimsoll.ui.TestingEvents.test;
import static dev.plimsoll.ui.TestingEvents.worker;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.model.Death;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.report.TestingRuns;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlainDisplayTest {
  private final TestingScreen screen = new TestingScreen();

  private Display display(boolean quiet, boolean json) {
    var options = new Displays.OutputOptions(quiet, json, Duration.ofSeconds(30));
    return Displays.choose(options, new Terminal(false, false, Map.of()), screen.streams());
  }

  private void play(Display display) {
    display.accept(started());
    display.accept(collected(1, 20, -1));
    display.accept(new RunEvent.GroupStarted(at(1), "light", 20, 2));
    display.accept(worker(1, "gw0"));
    display.accept(test(1, "tests/t.py::test_long", "gw0"));
    for (int i = 0; i < 10; i++) {
      display.accept(finished(1 + i, "tests/t.py::test_" + i, Outcome.PASSED));
    }
    display.accept(sampled(11, 512));
    display.tick(at(31));
    display.tick(at(60));
    display.tick(at(62));
    display.accept(new RunEvent.TestRetried(at(62), "a.py::b", "gw0", "preempted"));
    display.accept(new RunEvent.WorkerGone(at(62), "gw0", 100, "SIGKILL, cause unknown"));
    display.accept(new RunEvent.WorkerGone(at(62), "gw1", 101, ""));
    display.accept(new RunEvent.Died(at(62), TestingRuns.death(Death.Next.AGAIN)));
    display.accept(new RunEvent.Note(at(62), RunEvent.Level.WARNING, "no history: disk is full"));
    display.accept(finished(63, "tests/t.py::test_bad", Outcome.FAILED));
    display.accept(end(64));
    display.close();
  }

  @Test
  void eachTestHasALineWhenPytestIsVerbose() {
    Display display = display(false, false);
    display.accept(started());
    display.accept(new RunEvent.Collected(at(1), 3, 0, Map.of(), -1, true));
    display.accept(finished(2, "t.py::test_good", Outcome.PASSED));
    display.accept(finished(3, "t.py::test_bad", Outcome.FAILED));
    display.accept(
        new RunEvent.TestFinished(
            at(3), TestResult.uncollected("t.py", "t.py", Outcome.SKIPPED, "", "why not")));
    assertThat(screen.out())
        .contains("[gw1] passed t.py::test_good\n", "\nskipped t.py (why not)\n")
        .doesNotContain("failed t.py");
  }

  @Test
  void aDebuggersDialogueIsNotInterrupted() {
    Display display = display(false, false);
    display.accept(started("serial"));
    int before = screen.raw().length();
    display.accept(collected(1, 3, -1));
    display.accept(finished(2, "tests/t.py::test_bad", Outcome.FAILED));
    display.accept(test(2, "tests/t.py::test_long", "gw0"));
    display.tick(at(90));
    assertThat(screen.raw().substring(before)).isEmpty();
  }

  @Test
  void linesOfALog() {
    play(display(false, false));
    assertThat(screen.raw())
        .startsWith(
            """
            plimsoll: fork, phased, budget 6.0 GiB of 16.0 GiB, 8 cores, wsl2
              containment: limits by cgroup v2
            20 tests, 3 deselected: light 20
            light: 20 tests, 2 workers
            3 of 20 (15 %) after 0:03: 3 passed
            5 of 20 (25 %) after 0:05, 0:12 left: 5 passed
            """)
        .contains("10 of 20 (50 %) after 1:00, 0:59 left, 512 MiB of 6.0 GiB: 10 passed\n")
        .contains("slow: tests/t.py::test_long has been running for 0:30\n")
        .contains("slow: tests/t.py::test_long has been running for 1:01\n")
        .contains("again: a.py::b: preempted\n")
        .contains("worker gone: gw0 (pid 100): SIGKILL, cause unknown\n")
        .contains(
            "killed: tests/test_big.py::test_table: the run used 1.5 GiB, its memory budget; this test held 431 MiB of it; it runs again (attempt 2)\n")
        .doesNotContain("gw1 (pid")
        .contains("warning: no history: disk is full\n")
        .doesNotContain("\u001b")
        .doesNotContain("\r");
    assertThat(screen.out())
        .startsWith("FAILED tests/t.py::test_bad  (gw1, 0.50 s, 20.0 MiB)\n")
        .endsWith(" in 42.1 s\n");
  }

  @Test
  void quietLeavesFailuresAndTheLastLine() {
    play(display(true, false));
    assertThat(screen.raw()).isEqualTo(screen.out());
    assertThat(screen.out())
        .startsWith("FAILED tests/t.py::test_bad")
        .endsWith(
            "\n\nFAILED: 1 failed, 1 error, 1 crashed, 2 passed, 1 skipped, 1 xfailed,"
                + " 1 xpassed, 1 not run (1 at a later attempt) in 42.1 s\n");
  }

  @Test
  void quietShowsWhatPytestPrintedWhenNoTestExplainsTheEnd() {
    var broken = TestingRuns.run(4, List.of());
    for (boolean json : new boolean[] {false, true}) {
      var seen = new TestingScreen();
      var options = new Displays.OutputOptions(true, json, Duration.ofSeconds(30));
      var display = Displays.choose(options, new Terminal(false, false, Map.of()), seen.streams());
      display.accept(started());
      display.accept(new RunEvent.Output(at(1), "ImportError while loading conftest\n"));
      display.accept(new RunEvent.Finished(at(2), broken));
      display.close();
      assertThat(seen.raw()).startsWith("ImportError while loading conftest\n");
      assertThat(seen.out()).startsWith(json ? "{" : "ImportError");
    }
  }

  @Test
  void jsonIsAllThatIsOnStandardOutput() throws Exception {
    play(display(false, true));
    assertThat(JSON.std.mapFrom(screen.out()))
        .containsEntry("schema", 1)
        .containsEntry("run", "r1");
    assertThat(screen.raw()).contains("FAILED tests/t.py::test_bad").contains("\nmemory ");
  }

  @Test
  void aStreamThatIsNoTerminalHasNoColours() {
    for (boolean terminal : new boolean[] {false, true}) {
      var result = new ByteArrayOutputStream();
      var said = new ByteArrayOutputStream();
      var streams =
          new Streams(new PrintStream(result, true, UTF_8), new PrintStream(said, true, UTF_8));
      var streamsAre = new Terminal(terminal, !terminal, Map.of("TERM", "xterm"));
      play(Displays.choose(Displays.OutputOptions.DEFAULT, streamsAre, streams));
      assertThat(result.toString(UTF_8).contains("\u001b[")).isEqualTo(terminal);
      assertThat(said.toString(UTF_8).contains("\u001b[")).isEqualTo(!terminal);
    }
  }

  @Test
  void environmentDecidesOnColourAndLiveBlock() {
    assertThat(terminal(Map.of("TERM", "xterm")).isLive()).isTrue();
    assertThat(terminal(Map.of("TERM", "xterm", "CI", "true")).isLive()).isFalse();
    assertThat(terminal(Map.of("TERM", "dumb")).isLive()).isFalse();
    assertThat(terminal(Map.of("TERM", "xterm")).hasColour(true)).isTrue();
    assertThat(terminal(Map.of("TERM", "xterm")).hasColour(false)).isFalse();
    assertThat(terminal(Map.of("TERM", "xterm", "NO_COLOR", "1")).hasColour(true)).isFalse();
    assertThat(terminal(Map.of("FORCE_COLOR", "1", "CI", "1")).hasColour(false)).isTrue();
    assertThat(terminal(Map.of("FORCE_COLOR", "0")).hasColour(false)).isFalse();
    assertThat(terminal(Map.of("CLICOLOR_FORCE", "1")).hasColour(false)).isTrue();
    assertThat(terminal(Map.of("CLICOLOR", "0", "TERM", "xterm")).hasColour(true)).isFalse();
    assertThat(terminal(Map.of("LC_ALL", "C", "LANG", "de_DE.UTF-8")).isUnicode()).isFalse();
    assertThat(terminal(Map.of("LANG", "C.UTF-8")).isUnicode()).isTrue();
  }

  private static Terminal terminal(Map<String, String> environment) {
    return new Terminal(true, true, environment);
  }

  @Test
  void sizeComesFromColumnsThenStty() {
    var terminal = new Terminal(false, false, Map.of("COLUMNS", "40", "LINES", "x"));
    assertThat(terminal.size()).isEqualTo(new TerminalSize(40, 24));
    assertThat(Terminal.parse("50 132\n")).contains(new TerminalSize(132, 50));
    assertThat(Terminal.parse("0 0\n")).isEmpty();
    assertThat(Terminal.parse("stty: no tty")).isEmpty();
  }

  @Test
  void aSizeThatCannotBeToldIsTheLastOne() {
    var answers =
        new ArrayDeque<>(
            List.of(Optional.of(new TerminalSize(100, 30)), Optional.<TerminalSize>empty()));
    var size = new WatchedSize(answers::remove);
    assertThat(size.get()).isEqualTo(new TerminalSize(100, 30));
    size.askAgain();
    assertThat(size.get()).isEqualTo(new TerminalSize(100, 30));
    answers.add(Optional.of(new TerminalSize(40, 12)));
    size.askAgain();
    assertThat(size.get()).isEqualTo(new TerminalSize(40, 12));
  }

  @Test
  void queueShowsEverythingBeforeItCloses() {
    var queued = new QueuedDisplay(display(false, false), () -> Instant.EPOCH);
    play(queued);
    assertThat(screen.out()).endsWith(" in 42.1 s\n");
  }
}
