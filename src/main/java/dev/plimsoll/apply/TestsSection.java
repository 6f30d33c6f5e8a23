package dev.plimsoll.apply;

import dev.plimsoll.report.CalibrationMarkdown;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/// The section of a README: the command of each suite, and the table that its number of workers
/// comes from.
public final class TestsSection {
  private TestsSection() {}

  /// The lines of the section in Markdown.
  ///
  /// @param order names of all groups in the order in which they run
  /// @param suites those with a choice, in the order in which they run
  /// @param script path of the script that needs no Plimsoll, as seen from the README
  /// @param workers what the script gives to a group
  /// @param plain what a plain `pytest` takes and why, a sentence; empty when nothing was written
  public static String body(
      List<String> order,
      List<Applied> suites,
      Optional<String> script,
      ToIntFunction<String> workers,
      String plain) {
    var text = new StringBuilder("## Running the tests\n\n");
    text.append("`plimsoll run` runs ").append(String.join(", then ", order)).append(".\n\n");
    text.append(commands(suites, script, workers)).append('\n');
    if (!plain.isEmpty()) {
      text.append(plain).append("\n\n");
    }
    text.append(
        suites.stream()
            .map(suite ->
                "### " + suite.name() + "\n\n" + CalibrationMarkdown.suite(suite.calibration()))
            .collect(Collectors.joining("\n")));
    return text.toString();
  }

  private static String commands(
      List<Applied> suites, Optional<String> script, ToIntFunction<String> workers) {
    boolean plain = script.isPresent() && suites.stream().anyMatch(Applied::isGroup);
    var text = new StringBuilder("| suite | workers | command |");
    text.append(plain ? " without Plimsoll |\n" : "\n");
    text.append("| --- | ---: | --- |").append(plain ? " --- |\n" : "\n");
    for (Applied suite : suites) {
      text.append("| ").append(suite.name()).append(" | ").append(suite.workers());
      text.append(" | ").append(code(suite.command())).append(" |");
      if (plain) {
        String own =
            suite.isGroup()
                ? code("sh " + script.orElseThrow() + " " + suite.name())
                    + " (%s)".formatted(code("-n " + workers.applyAsInt(suite.name())))
                : "";
        text.append(' ').append(own).append(" |");
      }
      text.append('\n');
    }
    return text.toString();
  }

  /// A command in a cell of a table; `|` would end the cell.
  private static String code(String command) {
    String line = command.replace("\r", "").replace('\n', ' ').replace("|", "\\|");
    return line.contains("`") ? "`` " + line + " ``" : "`" + line + "`";
  }
}
