package dev.plimsoll.run.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.config.ConfigLoader;
import dev.plimsoll.config.Overrides;
import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.engine.playwright.BrowserExample;
import dev.plimsoll.stages.ChainText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaywrightProjectTest {
  @TempDir private Path folder;

  @Test
  void theExampleHasAllOfThePlansChain() throws IOException {
    var found = PlaywrightProject.find(BrowserExample.WEB).orElseThrow();
    assertThat(found.scripts()).contains("dev", "start", "preflight");
    assertThat(found.specs()).contains("tests/latency.spec.ts", "tests/functional/look.spec.ts");
    Files.writeString(folder.resolve("plimsoll.toml"), ChainText.toml(found));
    var config = new ConfigLoader(ConfigSchema.STANDARD).load(folder, Overrides.NONE);
    assertThat(StageReader.read(config).names())
        .containsExactly("preflight", "latency", "functional");
  }

  @Test
  void aFolderWithoutPlaywrightHasNoChain() {
    assertThat(PlaywrightProject.find(folder)).isEmpty();
  }
}
