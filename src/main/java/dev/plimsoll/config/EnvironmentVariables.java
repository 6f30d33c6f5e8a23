package dev.plimsoll.config;

import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.Section;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The environment variables that users set for Plimsoll; every one of them is listed here.
///
/// Names that begin with `_PLIMSOLL_` are internal: Plimsoll sets them for the processes of a run.
public final class EnvironmentVariables {
  static final String PREFIX = "PLIMSOLL_";

  /// Names the profile.
  static final String PROFILE = "PLIMSOLL_PROFILE";

  /// Plimsoll sets it for the tests of a run that several machines share: which of them this is.
  public static final String NODE = "PLIMSOLL_NODE";

  /// The variables that the script `plimsoll` reads before Java starts.
  private static final Set<String> LAUNCHER =
      Set.of("PLIMSOLL_JAVA", "PLIMSOLL_HEAP", "PLIMSOLL_JAVA_OPTS");

  /// The variables of the package `store`.
  private static final Set<String> BOARD =
      Set.of("PLIMSOLL_BOARD_PASSWORD", "PLIMSOLL_BOARD_PASSWORD_FILE", "PLIMSOLL_BOARD_CA");

  private EnvironmentVariables() {}

  /// A warning about variables that begin with `PLIMSOLL_` and that nothing reads; empty if there
  /// are none.
  ///
  /// @param names of all variables of the environment
  public static Optional<String> warning(Collection<String> names) {
    List<String> unknown =
        names.stream().filter(name -> name.startsWith(PREFIX) && !isRead(name)).sorted().toList();
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

  private static boolean isRead(String name) {
    return fixed().anyMatch(name::equals)
        || ConfigSchema.STANDARD.sections().stream().anyMatch(section -> isOf(section, name));
  }

  /// Which tables a section has is up to the project.
  private static boolean isOf(Section section, String name) {
    String table = EnvironmentSettings.name(section.name() + ".");
    return name.startsWith(table)
        && section.keys().stream()
            .map(key -> EnvironmentSettings.name("." + key.name()).substring(PREFIX.length()))
            .anyMatch(end -> name.endsWith(end) && name.length() > table.length() + end.length());
  }

  /// The variables whose names no project decides.
  private static Stream<String> fixed() {
    return Stream.of(
            LAUNCHER.stream(),
            BOARD.stream(),
            Stream.of(PROFILE, NODE),
            ConfigSchema.STANDARD.keys().stream().map(key -> EnvironmentSettings.name(key.name())))
        .flatMap(names -> names);
  }

  private static String suggestion(String name) {
    List<String> ends = fixed().map(EnvironmentVariables::end).toList();
    return Nearest.to(end(name), ends)
        .map(near -> "; did you mean `" + PREFIX + near + "`?")
        .orElse("");
  }

  /// Compares names without the common prefix, which makes all of them similar.
  private static String end(String name) {
    return name.substring(PREFIX.length());
  }
}
