package dev.plimsoll.run.chain;

import dev.plimsoll.engine.Runner;
import dev.plimsoll.engine.command.CommandRunner;
import dev.plimsoll.engine.playwright.PlaywrightRunner;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.stages.Work;
import java.util.List;
import java.util.function.Function;

/// Makes the runner of a stage by what the stage does.
///
/// @param pytest makes the runner of a pytest selection
public record StageRunners(Function<List<String>, Runner> pytest)
    implements Function<Stage, Runner> {
  @Override
  public Runner apply(Stage stage) {
    return switch (stage.work()) {
      case Work.Command(String line, String junit) when junit.isEmpty() -> CommandRunner.of(line);
      case Work.Command(String line, String junit) -> CommandRunner.of(line).reporting(junit);
      case Work.Playwright(List<String> args) -> new PlaywrightRunner(args);
      case Work.Pytest(List<String> args) -> pytest.apply(args);
    };
  }

  /// Runners in which pytest runs in one process, as without Plimsoll.
  ///
  /// @param python the program
  /// @param report JUnit XML file that pytest writes
  public static StageRunners withPlainPytest(String python, String report) {
    return new StageRunners(args -> {
      String selection = String.join(" ", args.stream().map(StageRunners::quoted).toList());
      String line =
          "%s -m pytest --junitxml=%s %s".formatted(quoted(python), quoted(report), selection);
      return CommandRunner.of(line).reporting(report);
    });
  }

  /// One word for the shell.
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
