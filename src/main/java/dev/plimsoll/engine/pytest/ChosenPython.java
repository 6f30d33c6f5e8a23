package dev.plimsoll.engine.pytest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The Python that runs pytest. It has not been started yet: whether it is usable shows when it is.
///
/// @param executable absolute; not resolved, since a virtual environment is known by its link
/// @param reason why this one, such as `.venv of the project`
/// @param tried what was looked at, in order, this one last
/// @param program its arguments that come before pytest's: options of Python, then `-m pytest` or
///   the script that starts it
public record ChosenPython(
    Path executable, String reason, List<String> tried, List<String> program) {
  /// How pytest is started where nothing else was asked for.
  static final List<String> MODULE = List.of("-m", "pytest");

  public ChosenPython {
    tried = List.copyOf(tried);
    program = List.copyOf(program);
  }

  /// One that starts pytest by `-m pytest`.
  public ChosenPython(Path executable, String reason, List<String> tried) {
    this(executable, reason, tried, MODULE);
  }

  /// The same, started with options of Python and by a script.
  ///
  /// @param flags options of Python
  /// @param script path of the script, empty for `-m pytest`
  public ChosenPython startedBy(List<String> flags, String script) {
    var all = new ArrayList<>(flags);
    all.addAll(script.isEmpty() ? MODULE : List.of(script));
    return new ChosenPython(executable, reason, tried, all);
  }

  /// Which one it is and why; empty for the one that was just named, and for plain `python3` where
  /// nothing else was asked for.
  public String words() {
    boolean obvious = reason.equals(PythonFinder.PLAIN) || reason.equals("--python");
    return tried.size() == 1 && obvious ? "" : "python: " + String.join("; ", tried);
  }
}
