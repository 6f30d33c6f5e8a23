package dev.plimsoll.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.Origin;
import dev.plimsoll.config.schema.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTemplateTest {
  @TempDir private Path root;

  private static String template() {
    return ConfigTemplate.text(ConfigSchema.STANDARD, List.of("heavy", "long", "light"));
  }

  private Config load(String text) throws IOException {
    Files.writeString(root.resolve("plimsoll.toml"), text);
    return new ConfigLoader(ConfigSchema.STANDARD).load(root, Overrides.NONE);
  }

  @Test
  void aloneItChangesNothing() throws IOException {
    Config config = load(template());
    assertThat(config.values().all()).allMatch(Setting::isDefault);
    assertThat(config.groups()).allMatch(group -> group.origin() instanceof Origin.Default);
  }

  @Test
  void withoutTheMarksItIsTheDefaults() throws IOException {
    Config written = load(template().replaceAll("(?m)^# ([a-z\\[])", "$1"));
    Config defaults = load("");
    assertThat(written.values().all()).noneMatch(Setting::isDefault);
    assertThat(written.values().all())
        .extracting(Setting::toml)
        .isEqualTo(defaults.values().all().stream().map(Setting::toml).toList());
    for (int i = 0; i < 3; i++) {
      assertThat(written.groups().get(i).values().all())
          .extracting(Setting::toml)
          .isEqualTo(defaults.groups().get(i).values().all().stream().map(Setting::toml).toList());
    }
  }
}
