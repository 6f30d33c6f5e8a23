package dev.plimsoll.config;

import dev.plimsoll.config.schema.Key;
import dev.plimsoll.config.schema.Origin;
import dev.plimsoll.config.schema.Setting;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.util.LinkedHashMap;
import java.util.Map;

/// The settings from command-line options. They override the file.
public record Overrides(Map<String, Setting<?>> settings) {
  public static final Overrides NONE = new Overrides(Map.of());

  public Overrides {
    settings = Map.copyOf(settings);
  }

  /// Set a key from an option's argument.
  ///
  /// @param flag the option as typed, such as `--workers`
  /// @throws UserError if the text is not a valid value of the key
  public <T> Overrides with(Key<T> key, String flag, String text) {
    T value = key.type().readText(text).orElseThrow(() -> unusable(key, flag, text));
    var all = new LinkedHashMap<>(settings);
    all.put(key.name(), new Setting<>(key.name(), key, value, new Origin.Flag(flag)));
    return new Overrides(all);
  }

  private static UserError unusable(Key<?> key, String flag, String text) {
    return new UserError(
        "invalid value `" + text + "` for `" + flag + "`",
        "must be " + key.type().forms(),
        Nearest.to(text, key.type().words()).map(word -> "did you mean `" + word + "`?").orElse(""),
        ExitCode.USAGE);
  }
}
