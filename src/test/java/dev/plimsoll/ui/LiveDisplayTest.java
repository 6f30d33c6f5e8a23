package dev.plimsoll.ui;

import static dev.plimsoll.ui.TestingEvents.at;
import static dev.plimsoll.ui.TestingEvents.collected;
import static dev.plimsoll.ui.TestingEvents.end;
import static dev.plimsoll.ui.TestingEvents.finished;
import static dev.plimsoll.ui.TestingEvents.sampled;
import static dev.plimsoll.ui.TestingEvents.started;
import static dev.plimsoll.ui.TestingEvents.test;
import static dev.plimsoll.ui.TestingEvents.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.report.Style;
import dev.plimsoll.report.TerminalText;
import dev.plimsoll.report.TestingRuns;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveDisplayTest {
  private final TestingScreen screen = new TestingScreen();
  private TerminalSize size = new TerminalSize(80, 24);

  private LiveDisplay display(Style style) {
    return display(style, false);
  }

  private LiveDisplay display(Style style, boolean progress) {
    var messages =
        new Messages(style, style, Messages.Verbosity.NORMAL, Messages.Form.TEXT, size::columns);
    return new LiveDisplay(
        screen.streams(), messages, style, Duration.ofSeconds(30), progress, () -> size);
  }

  private LiveDisplay midway(Style style) {
    LiveDisplay display = display(style);
    display.accept(started());
    display.accept(collected(1, 1900, 120));
    display.accept(worker(1, "gw0"));
    display.accept(worker(1, "gw1"));
    display.accept(test(2, "tests/test_slow.py::test_slow[" + "p".repeat(300) + "]", "gw1"));
    display.accept(test(40, TestingRuns.ODD_ID, "gw0"));
    display.accept(finished(41, "tests/test_a.py::test_good", Outcome.PASSED));
    display.accept(sampled(42, 3072));
    return display;
  }

  @Test
  void blockShowsProgressCountsMemoryAndRunningTests() {
    midway(Style.PLAIN);
    List<String> lines = screen.lines();
    assertThat(lines.subList(lines.size() - 6, lines.size()))
        .containsExactly(
            "░".repeat(30) + " 1/1,900  0:42, 1:19 left",
            "1 passed  2 workers",
            "memory " + "█".repeat(15) + "░".repeat(15) + " 3.0 GiB of 6.0 GiB",
            "  gw1  slow 0:40  210 MiB  tests/test_slow.py::test_s…pppppppppppppppppppppppp]",
            "  gw0  0:02  tests/light/test_odd.py::test_nam…ine \\x1b[31mred\\x1b[2J \\u202e x]",
            "");
  }

  @Test
  void theTerminalShowsTheProgressUntilTheEndWhereItIsWanted() {
    LiveDisplay display = display(Style.PLAIN, true);
    display.accept(started());
    display.accept(collected(1, 2, 120));
    display.accept(finished(2, "tests/test_a.py::test_good", Outcome.PASSED));
    display.accept(finished(3, "tests/test_a.py::test_bad", Outcome.FAILED));
    display.close();
    assertThat(screen.raw())
        .containsSubsequence(
            "\u001b]9;4;1;50\u0007", "\u001b]9;4;2;100\u0007", "\u001b]9;4;0;0\u0007");
    assertThat(new Terminal(true, true, Map.of("WT_SESSION", "x")).showsProgress()).isTrue();
    assertThat(new Terminal(true, true, Map.of("WT_SESSION", "x", "TMUX", "y")).showsProgress())
        .isFalse();
    assertThat(new Terminal(true, true, Map.of("TERM", "xterm-256color")).showsProgress())
        .isFalse();
  }

  @Test
  void withoutThatNothingOfItIsWritten() {
    midway(Style.PLAIN).close();
    assertThat(screen.raw()).doesNotContain("]9;4");
  }

  @Test
  void aRunThatIsStoppedHasNoTimeLeft() {
    midway(Style.PLAIN).accept(new RunEvent.Stopping(at(43), "interrupted"));
    assertThat(screen.lines()).contains("░".repeat(30) + " 1/1,900  0:43, stopping");
  }

  /// The cursor rests below the block; a line that was scrolled away would stay for ever.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 24})
  void theBlockIsNeverHigherThanTheTerminal(int rows) {
    size = new TerminalSize(80, rows);
    var block = new LiveBlock(Style.PLAIN, Duration.ofSeconds(30));
    var view = new RunView();
    view.apply(started());
    view.apply(collected(1, 100, 50));
    view.apply(sampled(2, 3072));
    for (int i = 0; i < 10; i++) {
      view.apply(test(2, "a.py::b", "gw" + i));
    }
    List<String> lines = block.lines(view, at(3), size);
    assertThat(lines).hasSizeBetween(1, Math.max(1, rows - 1));
    assertThat(lines.getFirst()).contains("0/100");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 40, 60, 80, 200})
  void noLineIsWiderThanTheTerminal(int columns) {
    size = new TerminalSize(columns, 24);
    midway(Style.PLAIN);
    var block = new LiveBlock(Style.PLAIN, Duration.ofSeconds(30));
    var view = new RunView();
    view.apply(started());
    view.apply(collected(1, 100_000, 5000));
    view.apply(test(2, TestingRuns.ODD_ID, "gw1"));
    view.apply(finished(41, "a.py::b", Outcome.FAILED));
    view.apply(sampled(42, 5900));
    assertThat(block.lines(view, at(42), size))
        .allSatisfy(line -> assertThat(TerminalText.width(line)).isLessThan(Math.max(11, columns)));
  }

  @Test
  void failureIsPrintedAtOnceAboveTheBlock() {
    LiveDisplay display = midway(Style.PLAIN);
    display.accept(finished(42.01, TestingRuns.ODD_ID, Outcome.FAILED));

    assertThat(screen.out()).startsWith("FAILED tests/light/test_odd.py::test_name[日本語 a::b\\n");
    List<String> lines = screen.lines();
    assertThat(lines).anyMatch(line -> line.startsWith("E   assert 1 == 2"));
    assertThat(lines.get(lines.size() - 5)).contains("1 failed, 1 passed");
  }

  @Test
  void redrawsAtMostTenTimesASecond() {
    LiveDisplay display = midway(Style.PLAIN);
    int before = screen.frames();
    for (int i = 0; i < 1000; i++) {
      display.accept(finished(43 + i / 1000.0, "tests/test_a.py::test_" + i, Outcome.PASSED));
    }
    assertThat(screen.frames() - before).isBetween(9, 11);
  }

  @Test
  void summaryReplacesTheBlock() {
    LiveDisplay display = midway(new Style(true, true));
    display.accept(end(50));
    display.tick(at(60));
    display.close();

    List<String> lines = screen.lines();
    assertThat(lines).noneMatch(line -> line.contains("░"));
    assertThat(lines.get(lines.size() - 2)).startsWith("FAILED: 1 failed");
    assertThat(screen.raw()).doesNotContain("\u001b[?", "\u001b[2J");
  }

  @Test
  void nothingIsShownWhileADebuggerHasTheTerminal() {
    LiveDisplay display = display(Style.PLAIN);
    display.accept(started("serial"));
    int before = screen.raw().length();
    display.accept(collected(1, 3, -1));
    display.accept(worker(1, "gw0"));
    display.accept(sampled(2, 3072));
    display.accept(finished(3, "tests/test_a.py::test_bad", Outcome.FAILED));
    display.tick(at(60));
    assertThat(screen.raw().substring(before)).isEmpty();

    display.accept(end(61));
    assertThat(screen.raw().substring(before)).contains("FAILED: 1 failed");
  }

  @Test
  void interruptedDisplayLeavesNoBlock() {
    LiveDisplay display = midway(Style.PLAIN);
    display.close();
    assertThat(screen.lines().getLast()).isEmpty();
    assertThat(screen.lines()).noneMatch(line -> line.startsWith("memory"));
  }

  @Test
  void narrowerTerminalIsErasedWithItsWrappedRows() {
    LiveDisplay display = midway(Style.PLAIN);
    size = new TerminalSize(40, 24);
    int before = screen.raw().length();
    display.tick(at(43));
    assertThat(screen.raw().substring(before))
        .startsWith("\u001b[9A\r\u001b[2K")
        .endsWith("\u001b[4A\r");
  }

  @Test
  void outputWithoutNewlineDoesNotSwallowTheBlock() {
    LiveDisplay display = midway(Style.PLAIN);
    display.accept(new dev.plimsoll.model.RunEvent.Output(at(43), "half a line"));
    assertThat(screen.lines()).contains("half a line");
    assertThat(screen.out()).isEqualTo("half a line");
  }

  @Test
  void whatTheShellWroteWhileTheProgramWasStoppedStays() {
    LiveDisplay display = midway(Style.PLAIN);
    display.pause(() -> screen.streams().messages("^Z\n[1]+  Stopped\n$ fg\n"));
    assertThat(screen.lines()).as("no block").noneMatch(line -> line.startsWith("memory "));
    display.accept(finished(43, "tests/test_a.py::test_other", Outcome.PASSED));
    display.close();
    assertThat(screen.lines()).contains("^Z", "[1]+  Stopped", "$ fg");
  }
}
