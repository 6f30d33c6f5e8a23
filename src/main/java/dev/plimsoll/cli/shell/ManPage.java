package dev.plimsoll.cli.shell;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The man page of a command in roff (man(7)), from its model.
final class ManPage {
  private final CommandSpec command;
  private final String name;
  private final StringBuilder text = new StringBuilder();

  private ManPage(CommandSpec command) {
    this.command = command;
    this.name = command.qualifiedName("-");
  }

  /// The name of the file: `plimsoll-run.1`.
  static String file(CommandSpec command) {
    return command.qualifiedName("-") + ".1";
  }

  /// @param version of the program
  static String of(CommandSpec command, String version) {
    return new ManPage(command).page(version);
  }

  private String page(String version) {
    List<String> about = Stream.of(command.usageMessage().description()).toList();
    text.append(
        ".TH \"%s\" 1 \"\" \"Plimsoll %s\" \"Plimsoll\"\n".formatted(name, escape(version)));
    text.append(".nh\n.ad l\n");
    section("NAME", escape(name) + " \\- " + summary(about));
    section("SYNOPSIS", synopsis());
    section("DESCRIPTION", paragraphs(about));
    options();
    subcommands();
    List<String> footer =
        Stream.of(command.usageMessage().footer()).filter(line -> !line.isBlank()).toList();
    if (!footer.isEmpty()) {
      section("NOTES", paragraphs(footer));
    }
    if (command.parent() != null) {
      section("SEE ALSO", "\\fB" + escape(command.parent().qualifiedName("-")) + "\\fR(1)");
    }
    return text.toString();
  }

  private static String summary(List<String> about) {
    String whole = String.join(" ", about);
    int end = whole.indexOf(". ");
    String first = end < 0 ? whole.replaceFirst("\\.$", "") : whole.substring(0, end);
    return escape(first);
  }

  private void section(String title, String body) {
    text.append(".SH ").append(title).append('\n').append(body).append('\n');
  }

  private String synopsis() {
    String positional =
        command.positionalParameters().stream()
            .map(argument -> " \\fI" + escape(argument.paramLabel()) + "\\fR")
            .collect(Collectors.joining());
    String sub = command.subcommands().isEmpty() ? "" : " [\\fICOMMAND\\fR]";
    return "\\fB" + escape(command.qualifiedName()) + "\\fR [\\fIOPTIONS\\fR]" + positional + sub;
  }

  private static String paragraphs(List<String> lines) {
    return lines.stream().map(ManPage::escape).collect(Collectors.joining("\n.PP\n"));
  }

  private void options() {
    text.append(".SH OPTIONS\n");
    for (PositionalParamSpec argument : command.positionalParameters()) {
      item("\\fI" + escape(argument.paramLabel()) + "\\fR", argument.description());
    }
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        item(names(option), option.description());
      }
    }
  }

  private static String names(OptionSpec option) {
    String names =
        Stream.of(option.names())
            .map(each -> "\\fB" + escape(each) + "\\fR")
            .collect(Collectors.joining(", "));
    return option.arity().max() == 0
        ? names
        : names + " \\fI" + escape(option.paramLabel()) + "\\fR";
  }

  private void item(String head, String... description) {
    text.append(".TP\n").append(head).append('\n');
    text.append(escape(String.join(" ", description))).append('\n');
  }

  private void subcommands() {
    Map<String, CommandLine> all = command.subcommands();
    List<CommandSpec> shown =
        all.values().stream()
            .map(CommandLine::getCommandSpec)
            .filter(sub -> !sub.usageMessage().hidden())
            .distinct()
            .toList();
    if (shown.isEmpty()) {
      return;
    }
    text.append(".SH COMMANDS\n");
    for (CommandSpec sub : shown) {
      item("\\fB" + escape(sub.qualifiedName("-")) + "\\fR(1)", sub.usageMessage().description());
    }
  }

  /// Text as roff has it: no control line, no minus that becomes a hyphen.
  private static String escape(String plain) {
    String escaped = plain.replace("\\", "\\e").replace("-", "\\-").replace("%n", " ");
    boolean control = escaped.startsWith(".") || escaped.startsWith("'");
    return control ? "\\&" + escaped : escaped;
  }
}
