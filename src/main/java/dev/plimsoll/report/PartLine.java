package dev.plimsoll.report;

import dev.plimsoll.model.Part;
import java.util.ArrayList;
import java.util.List;

/// The parts of a run as lines of text under each other: the stages of a chain, its server.
final class PartLine {
  private PartLine() {}

  /// One line for each part, its columns aligned.
  static List<String> of(List<Part> parts) {
    List<List<String>> rows = parts.stream().map(PartLine::cells).toList();
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int column = i;
      widths.add(
          rows.stream().mapToInt(row -> TerminalText.width(row.get(column))).max().orElse(0));
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  /// Name, time, memory, workers, ending; what there is no figure for is empty.
  static List<String> cells(Part part) {
    return List.of(
        TerminalText.clean(part.name()),
        part.duration().isZero() ? "" : Words.time(part.duration()),
        memory(part),
        part.workers() == 0 ? "" : Words.count(part.workers(), "worker"),
        TerminalText.clean(part.ending()));
  }

  private static String memory(Part part) {
    return part.peak().isPositive() ? part.peak() + " (" + part.source().word() + ")" : "";
  }

  private static String line(List<String> row, List<Integer> widths) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.size(); i++) {
      String cell = row.get(i);
      line.append(cell).append(" ".repeat(widths.get(i) - TerminalText.width(cell) + 2));
    }
    return line.append(row.getLast()).toString().stripTrailing();
  }
}
