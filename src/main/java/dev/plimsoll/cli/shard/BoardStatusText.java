package dev.plimsoll.cli.shard;

import dev.plimsoll.board.BoardSnapshot.State;
import dev.plimsoll.board.BoardStatus;
import dev.plimsoll.report.Style;
import dev.plimsoll.report.TerminalText;
import dev.plimsoll.report.Words;
import dev.plimsoll.ui.TerminalSize;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How a run on a board stands, as text and as JSON.
///
/// @param style colours
/// @param url the board, for commands that the user can copy
record BoardStatusText(Style style, String url) {
  private static final int SHOWN = 3;

  /// All of it, for a log.
  List<String> lines(BoardStatus status) {
    if (!status.open()) {
      return List.of("no machine has joined the run yet");
    }
    var lines = new ArrayList<String>();
    String counts = Words.counts(status.counts(), style);
    lines.add(
        "%s of %s done%s"
            .formatted(
                Words.number(status.done()),
                Words.count(status.tests(), "test"),
                status.done() == 0 ? "" : ": " + counts));
    if (status.done() < status.tests()) {
      lines.add(
          "%s given to machines, %s waiting"
              .formatted(Words.number(status.given()), Words.number(status.waiting())));
    }
    status
        .suspects()
        .forEach(test ->
            lines.add(
                style.yellow("runs again alone, because its machine died") + ": " + clean(test)));
    status
        .poison()
        .forEach(test ->
            lines.add(style.red("crashed, because its machine died twice") + ": " + clean(test)));
    int widest =
        status.machines().stream()
            .mapToInt(machine -> TerminalText.width(clean(machine.name())))
            .max()
            .orElse(0);
    status.machines().forEach(machine -> machine(lines, machine, widest));
    if (status.isFinished()) {
      lines.add("the run has ended; `plimsoll finish " + url + "` reports it");
    } else if (status.takePart() == 0) {
      lines.add("no machine takes part; `plimsoll run --join " + url + "` joins one");
    }
    return lines;
  }

  private void machine(List<String> lines, BoardStatus.Machine machine, int widest) {
    String name = clean(machine.name());
    String line =
        "%-6s  %s%s"
            .formatted(machine.state().word(), name, " ".repeat(widest - TerminalText.width(name)));
    String heard =
        machine.silence().map(silence -> "  heard " + Words.time(silence) + " ago").orElse("");
    boolean takesPart = machine.state() == State.JOINED || machine.state() == State.AWAY;
    String has =
        takesPart
            ? "  %s, %s"
                .formatted(
                    Words.count(machine.workers(), "worker"), Words.count(machine.given(), "test"))
            : "";
    String text = (line + heard + has).stripTrailing();
    lines.add(machine.state() == State.LOST ? style.red(text) : text);
    List<String> running = machine.running();
    running.stream().limit(SHOWN).forEach(test -> lines.add("        " + clean(test)));
    if (running.size() > SHOWN) {
      lines.add("        and " + Words.number(running.size() - SHOWN) + " more");
    }
  }

  private static String clean(String text) {
    return TerminalText.clean(text);
  }

  /// As much of it as a terminal shows at once.
  List<String> lines(BoardStatus status, TerminalSize size) {
    List<String> all = lines(status);
    int room = Math.max(2, size.rows() - 1);
    var lines = new ArrayList<>(all.subList(0, Math.min(all.size(), room)));
    if (all.size() > room) {
      lines.set(room - 1, "and " + Words.count(all.size() - room + 1, "more line"));
    }
    int width = Math.max(10, size.columns() - 1);
    lines.replaceAll(line ->
        TerminalText.width(TerminalText.colourless(line)) <= width
            ? line
            : TerminalText.head(TerminalText.colourless(line), width));
    return lines;
  }

  /// The document of `--json`.
  ///
  /// @param run the name of the run
  static Map<String, Object> tree(BoardStatus status, String run) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("schema", 1);
    tree.put("run", run);
    tree.put("finished", status.isFinished());
    tree.put("tests", status.tests());
    tree.put("waiting", status.waiting());
    tree.put("given", status.given());
    tree.put("done", status.done());
    var counts = new LinkedHashMap<String, Integer>();
    status.counts().forEach((outcome, count) -> counts.put(outcome.word(), count));
    tree.put("counts", counts);
    tree.put("machines", status.machines().stream().map(BoardStatusText::tree).toList());
    tree.put("suspects", status.suspects());
    tree.put("poison", status.poison());
    return tree;
  }

  private static Map<String, Object> tree(BoardStatus.Machine machine) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("name", machine.name());
    tree.put("state", machine.state().word());
    tree.put("silentSeconds", machine.silence().map(time -> time.toMillis() / 1e3).orElse(null));
    tree.put("workers", machine.workers());
    tree.put("budgetBytes", machine.budget().value());
    tree.put("given", machine.given());
    tree.put("running", machine.running());
    return tree;
  }
}
