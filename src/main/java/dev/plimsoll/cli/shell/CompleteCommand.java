package dev.plimsoll.cli.shell;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Answers the completion scripts: prints what the last word can become, one a line, and {@value
/// #FILES} where the shell is to add file names.
@Command(
    name = "complete",
    hidden = true,
    description = "Print what the last word of a command line can become, for completion scripts.")
public final class CompleteCommand implements Callable<Integer> {
  private static final String FILES = ":files";

  private final Supplier<CommandLine> program;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything else
  private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "WORD",
      description = "the words after `plimsoll`, up to the cursor")
  private List<String> words = List.of();

  /// @param program the command line with all commands
  public CompleteCommand(Supplier<CommandLine> program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<String> all = words.isEmpty() ? List.of("") : words;
    candidates(all.subList(0, all.size() - 1), all.getLast()).forEach(out::println);
    out.flush();
    return 0;
  }

  private List<String> candidates(List<String> before, String word) {
    CommandSpec command = program.get().getCommandSpec();
    Optional<OptionSpec> open = Optional.empty();
    for (String each : before) {
      boolean taken = open.isPresent();
      open = taken ? Optional.empty() : takesValue(command, each);
      var sub = command.subcommands().get(each);
      if (sub != null && !taken) {
        command = sub.getCommandSpec();
      }
    }
    if (open.isPresent()) {
      return values(open.get().paramLabel(), open.get().longestName(), word, "");
    }
    int equals = word.indexOf('=');
    if (word.startsWith("--") && equals > 0) {
      String prefix = word.substring(0, equals + 1);
      return takesValue(command, word.substring(0, equals))
          .map(option ->
              values(option.paramLabel(), option.longestName(), word.substring(equals + 1), prefix))
          .orElse(List.of());
    }
    return word.startsWith("-") ? options(command, word) : words(command, word);
  }

  private static Optional<OptionSpec> takesValue(CommandSpec command, String name) {
    return Optional.ofNullable(command.findOption(name)).filter(option -> option.arity().max() > 0);
  }

  private static List<String> options(CommandSpec command, String word) {
    return command.options().stream()
        .filter(option -> !option.hidden())
        .flatMap(option -> Stream.of(option.names()))
        .filter(name -> name.startsWith(word))
        .sorted()
        .toList();
  }

  private List<String> words(CommandSpec command, String word) {
    var found = new ArrayList<String>();
    command
        .subcommands()
        .forEach((name, sub) -> {
          if (name.startsWith(word) && !sub.getCommandSpec().usageMessage().hidden()) {
            found.add(name);
          }
        });
    for (PositionalParamSpec position : command.positionalParameters()) {
      values(position.paramLabel(), command.name(), word, "").stream()
          .filter(value -> !found.contains(value))
          .forEach(found::add);
    }
    return found;
  }

  private static List<String> values(String label, String owner, String word, String prefix) {
    var found = new ArrayList<String>();
    Stream<String> known = CompletionValues.of(label, owner, word);
    known
        .filter(value -> value.startsWith(word))
        .distinct()
        .forEach(value -> found.add(prefix + value));
    if (CompletionValues.isFile(label)) {
      found.add(FILES);
    }
    return found;
  }
}
