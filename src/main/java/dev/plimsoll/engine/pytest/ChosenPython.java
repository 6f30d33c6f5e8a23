package dev.plimsoll.engine.pytest;

import java.nio.file.Path;
import java.util.List;

/// The Python that runs pytest. It has not been started yet: whether it is usable shows when it is.
///
/// @param executable absolute; not resolved, since a virtual environment is known by its link
/// @param reason why this one, such as `.venv of the project`
/// @param tried what was looked at, in order, this one last
public record ChosenPython(Path executable, String reason, List<String> tried) {
  public ChosenPython {
    tried = List.copyOf(tried);
  }

  /// Which one it is and why; empty for the one that was just named, and for plain `python3` where
  /// nothing else was asked for.
  public String words() {
    boolean obvious = reason.equals(PythonFinder.PLAIN) || reason.equals("--python");
    return tried.size() == 1 && obvious ? "" : "python: " + String.join("; ", tried);
  }
}
