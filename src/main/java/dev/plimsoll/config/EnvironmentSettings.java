package dev.plimsoll.config;

import dev.plimsoll.config.schema.Key;
import dev.plimsoll.config.schema.Origin;
import dev.plimsoll.config.schema.Setting;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The settings in environment variables. They override the file; command-line options override
/// them.
///
/// The variable of a key is its name in capitals after `PLIMSOLL_`, with `_` for `.` and `-`: that
/// of `groups.heavy.workers` is `PLIMSOLL_GROUPS_HEAVY_WORKERS`. A list is separated by commas. An
/// empty variable is not set.
record EnvironmentSettings(Map<String, String> variables) {
  EnvironmentSettings {
    variables = Map.copyOf(variables);
  }

  /// The variable of a key.
  static String name(String key) {
    return EnvironmentVariables.PREFIX
        + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /// The settings of these keys, by key name.
  ///
  /// @param table dotted name of their table with a dot at its end, or an empty string
  Map<String, Setting<?>> of(Collection<Key<?>> keys, String table) {
    var settings = new LinkedHashMap<String, Setting<?>>();
    for (Key<?> key : keys) {
      String variable = name(table + key.name());
      String text = variables.getOrDefault(variable, "");
      if (!text.isEmpty()) {
        settings.put(key.name(), setting(key, table, variable, text));
      }
    }
    return settings;
  }

  private static <T> Setting<T> setting(Key<T> key, String table, String variable, String text) {
    T value =
        key.type()
            .readText(text)
            .orElseThrow(() ->
                new UserError(
                    "invalid value `" + text + "` in the environment variable `" + variable + "`",
                    "must be " + key.type().forms(),
                    Nearest.to(text, key.type().words())
                        .map(word -> "did you mean `" + word + "`?")
                        .orElse(""),
                    ExitCode.CONFIG));
    return new Setting<>(table + key.name(), key, value, new Origin.Variable(variable));
  }
}
