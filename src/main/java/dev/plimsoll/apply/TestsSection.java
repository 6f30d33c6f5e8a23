package dev.plimsoll.apply;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.model.Language;
import dev.plimsoll.report.CalibrationMarkdown;
import dev.plimsoll.report.MachineText;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The section of a README: the command of each suite, and the table that its number of workers
/// comes from. In English it also says why not the other numbers, which other languages leave to
/// `plimsoll report`.
///
/// @param order names of all groups in the order in which they run
/// @param script path of the script that needs no Plimsoll, as seen from the README
/// @param workers what the script gives to a group
/// @param plain what a plain `pytest` uses; empty when nothing was written
public record TestsSection(
    List<String> order,
    Optional<String> script,
    ToIntFunction<String> workers,
    Optional<PlainPytest> plain) {
  /// The lines of the section in Markdown.
  ///
  /// @param suites those with a choice, in the order in which they run
  public String body(List<Applied> suites, Language language, HeadingStyle style) {
    var words = SectionWords.in(language);
    var text = new StringBuilder(style.heading(words.heading(), 0));
    text.append(words.runs().formatted(String.join(words.then(), order))).append("\n\n");
    text.append(commands(suites, words)).append('\n');
    plain.ifPresent(
        n -> text.append(words.plain().formatted(n.workers(), n.file(), n.group())).append("\n\n"));
    text.append(
        suites.stream()
            .map(suite ->
                style.heading(suite.name(), 1)
                    + (language == Language.EN
                        ? CalibrationMarkdown.suite(suite.calibration())
                        : figures(suite.calibration(), words)))
            .collect(Collectors.joining("\n")));
    return text.toString();
  }

  private String commands(List<Applied> suites, SectionWords words) {
    boolean both = script.isPresent() && suites.stream().anyMatch(Applied::isGroup);
    List<String> columns = List.of(words.commands().split(" \\| ", -1));
    var text = new StringBuilder("| ");
    text.append(String.join(" | ", columns.subList(0, both ? 4 : 3))).append(" |\n");
    text.append("| --- | ---: | --- |").append(both ? " --- |\n" : "\n");
    for (Applied suite : suites) {
      text.append("| ").append(suite.name()).append(" | ").append(suite.workers());
      text.append(" | ").append(code(suite.command())).append(" |");
      if (both) {
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

  /// The measured levels, the chosen one in bold, and where they were measured.
  private static String figures(Calibration calibration, SectionWords words) {
    String head = "| " + words.figures() + " |\n| " + "---: | ".repeat(6).strip() + "\n";
    return Stream.concat(
                Stream.of(head), CalibrationMarkdown.figures(calibration).map(row -> row + "\n"))
            .collect(Collectors.joining())
        + "\n"
        + MachineText.measured(calibration, words.measured(), words.engine())
        + "\n";
  }

  /// A command in a cell of a table; `|` would end the cell.
  private static String code(String command) {
    String line = command.replace("\r", "").replace('\n', ' ').replace("|", "\\|");
    return line.contains("`") ? "`` " + line + " ``" : "`" + line + "`";
  }
}
