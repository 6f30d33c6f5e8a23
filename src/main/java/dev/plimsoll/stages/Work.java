package dev.plimsoll.stages;

import java.util.List;

/// The work of a stage.
public sealed interface Work {
  /// For users.
  String text();

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
    public String text() {
      return ("pytest " + String.join(" ", args)).strip();
    }
  }
}
