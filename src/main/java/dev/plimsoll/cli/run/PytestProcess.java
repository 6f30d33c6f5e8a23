package dev.plimsoll.cli.run;

import dev.plimsoll.cli.Options;
import dev.plimsoll.engine.pytest.ChosenPython;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The hidden options of `plimsoll run` with which `pytest --plimsoll` passes on how it was
/// started, so that the run is what that process would have been.
final class PytestProcess {
  private static final String OUTPUT_VARIABLE = "_PLIMSOLL_OUTPUT";

  private final OptionSpec flags =
      Options.texts("FLAG", "An option of Python.", "--python-flag").toBuilder()
          .hidden(true)
          .build();
  private boolean output;
  private String script = "";

  void addTo(CommandSpec command) {
    command
        .addOption(flags)
        .addOption(hidden(Options.flag(on -> output = on, "Print as pytest.", "--pytest-output")))
        .addOption(
            hidden(
                Options.text(
                    path -> script = path, "PATH", "The script pytest.", "--pytest-script")));
  }

  private static OptionSpec hidden(OptionSpec option) {
    return option.toBuilder().hidden(true).build();
  }

  /// Whether standard output belongs to pytest.
  boolean printsAsPytest() {
    return output;
  }

  /// This Python, started in the same way.
  ChosenPython start(ChosenPython python) {
    return python.startedBy(Options.texts(flags), script);
  }

  /// Variables for the plugin.
  Map<String, String> environment() {
    return output ? Map.of(OUTPUT_VARIABLE, "pytest") : Map.of();
  }
}
