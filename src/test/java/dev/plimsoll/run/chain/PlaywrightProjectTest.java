package dev.plimsoll.run.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.plimsoll.config.ConfigLoader;
import dev.plimsoll.config.Overrides;
import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.engine.playwright.BrowserExample;
import dev.plimsoll.stages.ChainText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaywrightProjectTest {
  @TempDir private Path folder;

  @Test
  void theExampleHasAllOfThePlansChain() throws IOException {
    var found = PlaywrightProject.find(BrowserExample.WEB).getFirst();
    assertThat(found.folder()).isEmpty();
    assertThat(found.ownServer()).as("it knows PLAYWRIGHT_REUSE_SERVER").isFalse();
    assertThat(found.scripts()).containsKeys("dev", "start", "preflight");
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

  @Test
  void suitesInSubfoldersAreFoundButNotThoseThatGitIgnores() throws Exception {
    for (String place : List.of("node_modules/x", "old", "a", "apps/web", "other")) {
      write(place + "/playwright.config.ts", "export default { webServer: {} };\n");
    }
    write("apps/web/e2e/a.spec.ts", "");
    write("package.json", "{\"scripts\": {\"test:e2e:shop\": \"playwright test -c apps/web\"}}");
    write("a/package.json", "{\"scripts\": {\"test:e2e:all\": \"playwright test\"}}");
    write("other/plimsoll.toml", "");
    write(".gitignore", "old/\n");
    assertThat(new ProcessBuilder("git", "init", "-q", folder.toString()).start().waitFor())
        .isZero();
    assertThat(PlaywrightProject.find(folder))
        .extracting(ChainText.Found::config, ChainText.Found::folder)
        .as("each runs in the nearest folder that has test scripts; `other` is another project")
        .containsExactly(
            tuple("a/playwright.config.ts", "a"), tuple("apps/web/playwright.config.ts", ""));
    assertThat(PlaywrightProject.find(folder).getFirst().ownServer()).isTrue();
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
