package dev.plimsoll.engine.pytest;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the user's Python where they expect it, without starting one: `--python`, then the virtual
/// environment that `plimsoll` and pytest are installed in, `$VIRTUAL_ENV`, `.venv` or `venv` of
/// the project, its uv or Poetry environment, another Python that both are installed in, then
/// `python3`.
///
/// An environment that is there is taken even when it lacks pytest: to run tests with another
/// Python than the project's would be worse than an error.
public final class PythonFinder {
  /// Why the Python is taken that any shell would take.
  static final String PLAIN = "python3 on the PATH";

  private static final String OWN = "the environment of this plimsoll";

  private static final List<String> FOLDERS = List.of(".venv", "venv");

  private final Map<String, String> environment;
  private final Installation own;

  /// Look with these environment variables.
  ///
  /// @param own where Plimsoll is installed
  public PythonFinder(Map<String, String> environment, Installation own) {
    this.environment = Map.copyOf(environment);
    this.own = own;
  }

  /// Take the Python that the user asked for.
  ///
  /// @param wanted a path of an executable or of a virtual environment, or a name on the `PATH`
  /// @param origin where it was asked for, such as `--python`
  /// @param base folder that a relative path starts from
  /// @throws UserError ({@link ExitCode#PYTHON}) when there is none
  public ChosenPython named(String wanted, String origin, Path base) {
    Optional<Path> found;
    if (wanted.contains("/")) {
      Path path = base.resolve(home(wanted)).toAbsolutePath().normalize();
      found = Files.isDirectory(path) ? inEnvironment(path) : executable(path);
    } else {
      found = onPath(wanted).or(() -> inEnvironment(base.resolve(wanted).toAbsolutePath()));
    }
    Path executable = found.orElseThrow(() -> missing(wanted, origin, base));
    return new ChosenPython(executable, origin, List.of(origin + ": " + executable));
  }

  /// Look for the project's Python.
  ///
  /// @param current folder to start from
  /// @param root the project's folder, where the way up ends
  /// @throws UserError ({@link ExitCode#PYTHON}) when there is none
  public ChosenPython find(Path current, Path root) {
    var search = new Search();
    if (own.isVirtual()) {
      search.own();
    }
    search.environment("$VIRTUAL_ENV", environment.getOrDefault("VIRTUAL_ENV", ""), root);
    String uv = environment.getOrDefault("UV_PROJECT_ENVIRONMENT", "");
    search.environment("$UV_PROJECT_ENVIRONMENT", uv, root);
    for (Path folder : upward(current.toAbsolutePath().normalize(), root)) {
      FOLDERS.forEach(name -> search.environment(name + " of the project", name, folder));
      search.poetry(folder);
    }
    search.environment("$CONDA_PREFIX", environment.getOrDefault("CONDA_PREFIX", ""), root);
    search.own();
    search.onPath("python3");
    search.onPath("python");
    return search.result();
  }

  private static List<Path> upward(Path current, Path root) {
    var folders = new ArrayList<Path>();
    for (Path folder = current; folder != null; folder = folder.getParent()) {
      folders.add(folder);
      if (folder.equals(root)) {
        return folders;
      }
    }
    return List.of(root);
  }

  /// A search that keeps what it looked at and ends with the first find.
  private final class Search {
    private final List<String> tried = new ArrayList<>();
    private Optional<ChosenPython> chosen = Optional.empty();

    void environment(String reason, String path, Path base) {
      if (chosen.isEmpty() && !path.isEmpty()) {
        Path folder = base.resolve(path).normalize();
        if (Files.isDirectory(folder)) {
          look(reason, folder + "/bin/python", inEnvironment(folder));
        } else if (reason.startsWith("$")) {
          look(reason, folder.toString(), Optional.empty());
        }
      }
    }

    void own() {
      if (chosen.isEmpty() && own.hasPytest()) {
        inEnvironment(own.folder())
            .ifPresent(found -> look(OWN, found.toString(), Optional.of(found)));
      }
    }

    void poetry(Path folder) {
      if (chosen.isEmpty()) {
        new PoetryEnvironments(PythonFinder.this.environment)
            .of(folder)
            .ifPresent(found -> look("Poetry's environment", found + "", inEnvironment(found)));
      }
    }

    void onPath(String name) {
      if (chosen.isEmpty()) {
        look(name + " on the PATH", name, PythonFinder.this.onPath(name));
      }
    }

    private void look(String reason, String place, Optional<Path> found) {
      tried.add(reason + ": " + found.map(Path::toString).orElse(place + ", which is not there"));
      chosen = found.map(executable -> new ChosenPython(executable, reason, tried));
    }

    ChosenPython result() {
      return chosen.orElseThrow(() ->
          new UserError(
              "found no Python",
              "looked at:\n" + String.join("\n", tried),
              "select one with `--python PATH`, or install Python 3.9 or newer with pytest",
              ExitCode.PYTHON));
    }
  }

  private static Optional<Path> inEnvironment(Path folder) {
    return executable(folder.resolve("bin/python"))
        .or(() -> executable(folder.resolve("bin/python3")));
  }

  private static Optional<Path> executable(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path)
        ? Optional.of(path.toAbsolutePath())
        : Optional.empty();
  }

  private Optional<Path> onPath(String name) {
    for (String folder :
        environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin").split(":", -1)) {
      Optional<Path> found = executable(Path.of(folder.isEmpty() ? "." : folder).resolve(name));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private String home(String path) {
    return path.startsWith("~/") ? environment.getOrDefault("HOME", "~") + path.substring(1) : path;
  }

  private static UserError missing(String wanted, String origin, Path base) {
    boolean path = wanted.contains("/");
    return new UserError(
        "no Python at `" + wanted + "`",
        origin
            + " selects it, but "
            + (path
                ? base.resolve(wanted).normalize()
                    + " is neither an executable nor a virtual environment"
                : "no directory on the PATH contains an executable with that name, and "
                    + base
                    + " is not a virtual environment"),
        "select a Python 3.9 or newer with pytest, or leave the option out to use the project's",
        ExitCode.PYTHON);
  }
}
