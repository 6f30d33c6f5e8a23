package dev.plimsoll.config;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The environment variables that users set for Plimsoll; every one of them is listed here.
///
/// Names that begin with `_PLIMSOLL_` are internal: Plimsoll sets them for the processes of a run.
public final class EnvironmentVariables {
  private static final String PREFIX = "PLIMSOLL_";

  /// The variables that the script `plimsoll` reads before Java starts.
  private static final Set<String> LAUNCHER =
      Set.of("PLIMSOLL_JAVA", "PLIMSOLL_HEAP", "PLIMSOLL_JAVA_OPTS");

  private EnvironmentVariables() {}

  /// A warning about variables that begin with `PLIMSOLL_` and that nothing reads; empty if there
  /// are none.
  ///
  /// @param names of all variables of the environment
  public static Optional<String> warning(Collection<String> names) {
    List<String> unknown =
        names.stream()
            .filter(name -> name.startsWith(PREFIX) && !LAUNCHER.contains(name))
            .sorted()
            .toList();
    return switch (unknown.size()) {
      case 0 -> Optional.empty();
      case 1 ->
          Optional.of(
              "the environment variable `%s` has no effect%s"
                  .formatted(unknown.getFirst(), suggestion(unknown.getFirst())));
      default ->
          Optional.of(
              "these environment variables have no effect: `%s`"
                  .formatted(String.join("`, `", unknown)));
    };
  }

  private static String suggestion(String name) {
    List<String> ends = LAUNCHER.stream().map(EnvironmentVariables::end).toList();
    return Nearest.to(end(name), ends)
        .map(near -> "; did you mean `" + PREFIX + near + "`?")
        .orElse("");
  }

  /// Compares names without the common prefix, which makes all of them similar.
  private static String end(String name) {
    return name.substring(PREFIX.length());
  }
}
