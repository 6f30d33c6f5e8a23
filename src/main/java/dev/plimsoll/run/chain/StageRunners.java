package dev.plimsoll.run.chain;

import dev.plimsoll.config.Entry;
import dev.plimsoll.config.schema.StageKeys;
import dev.plimsoll.engine.Division;
import dev.plimsoll.engine.Runner;
import dev.plimsoll.engine.command.CommandRunner;
import dev.plimsoll.engine.playwright.PlaywrightRunner;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.report.ShellWord;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.stages.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The kinds of work that a stage can do: reads one from the configuration, and makes its runner. A
/// new kind is a record in `stages.Work`, a key in `StageKeys`, and a line in each method here.
///
/// @param pytest makes the runner of a pytest selection
/// @param division which tests of a Playwright selection run here, when several machines share them
public record StageRunners(Function<List<String>, Runner> pytest, Optional<Division> division)
    implements Function<Stage, Runner> {
  public StageRunners(Function<List<String>, Runner> pytest) {
    this(pytest, Optional.empty());
  }

  @Override
  public Runner apply(Stage stage) {
    return switch (stage.work()) {
      case Work.Command(String line, String junit) when junit.isEmpty() -> CommandRunner.of(line);
      case Work.Command(String line, String junit) -> CommandRunner.of(line).reporting(junit);
      case Work.Playwright(List<String> args) -> new PlaywrightRunner(args, division);
      case Work.Pytest(List<String> args) -> pytest.apply(args);
    };
  }

  /// The work of a stage, as configured.
  ///
  /// @throws UserError if it does not have exactly one kind
  static Work read(Entry entry) {
    List<Work> given = new ArrayList<>();
    if (!entry.get(StageKeys.COMMAND).isBlank()) {
      given.add(new Work.Command(entry.get(StageKeys.COMMAND), entry.get(StageKeys.JUNIT)));
    }
    entry.get(StageKeys.PLAYWRIGHT).map(Work.Playwright::new).ifPresent(given::add);
    entry.get(StageKeys.PYTEST).map(Work.Pytest::new).ifPresent(given::add);
    if (given.size() != 1) {
      throw new UserError(
          entry.origin().text()
              + ": stage `"
              + entry.name()
              + "` "
              + (given.isEmpty() ? "has no work" : "has more than one kind of work"),
          "a stage has exactly one of `command`, `playwright` and `pytest`",
          "",
          ExitCode.CONFIG);
    }
    return given.getFirst();
  }

  /// Runners in which pytest runs in one process, as without Plimsoll.
  ///
  /// @param python the program
  /// @param report JUnit XML file that pytest writes
  public static StageRunners withPlainPytest(String python, String report) {
    return new StageRunners(args -> {
      String selection = String.join(" ", args.stream().map(ShellWord::quoted).toList());
      String line =
          "%s -m pytest --junitxml=%s %s"
              .formatted(ShellWord.quoted(python), ShellWord.quoted(report), selection);
      return CommandRunner.of(line).reporting(report);
    });
  }
}
