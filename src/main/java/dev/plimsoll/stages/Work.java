package dev.plimsoll.stages;

import java.util.List;

/// The work of a stage. `run.chain.StageRunners` reads it from the configuration and makes its
/// runner.
public sealed interface Work {
  /// The name of its engine, as in the JSON summary of a run.
  String engine();

  /// For users.
  String text();

  /// Why Plimsoll cannot vary its number of workers; empty if it can.
  default String fixedWorkers() {
    return "";
  }

  /// A command line for the shell, with `{workers}` where the number of workers goes.
  ///
  /// @param junit JUnit XML file that it writes, empty when its exit code tells all
  record Command(String line, String junit) implements Work {
    /// What stands for the number of workers.
    public static final String WORKERS = "{workers}";

    /// Whether it takes a number of workers.
    public boolean isParallel() {
      return line.contains(WORKERS);
    }

    @Override
    public String engine() {
      return "command";
    }

    @Override
    public String fixedWorkers() {
      return isParallel() ? "" : "its command does not contain `" + WORKERS + "`";
    }

    @Override
    public String text() {
      return line;
    }
  }

  /// A selection of a Playwright suite.
  ///
  /// @param args what follows `playwright test`
  record Playwright(List<String> args) implements Work {
    public Playwright {
      args = List.copyOf(args);
    }

    /// Whether the arguments say how many workers there are.
    public boolean setsWorkers() {
      return args.stream()
          .anyMatch(
              arg -> arg.equals("-j") || arg.equals("--workers") || arg.startsWith("--workers="));
    }

    @Override
    public String engine() {
      return "playwright";
    }

    @Override
    public String fixedWorkers() {
      return setsWorkers() ? "its arguments set the number of workers" : "";
    }

    @Override
    public String text() {
      return ("playwright test " + String.join(" ", args)).strip();
    }
  }

  /// A selection of a pytest suite.
  ///
  /// @param args what follows `pytest`
  record Pytest(List<String> args) implements Work {
    public Pytest {
      args = List.copyOf(args);
    }

    @Override
    public String engine() {
      return "pytest";
    }

    @Override
    public String text() {
      return ("pytest " + String.join(" ", args)).strip();
    }
  }
}
