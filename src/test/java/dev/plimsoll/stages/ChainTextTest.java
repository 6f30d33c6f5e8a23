package dev.plimsoll.stages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChainTextTest {
  @Test
  void thePlansChainWhereTheProjectHasAllOfIt() {
    var found =
        new ChainText.Found(
            "",
            "playwright.config.ts",
            Map.of("dev", "vite", "start", "node .", "preflight", "true"),
            false,
            List.of("e2e/latency.spec.ts", "e2e/cart.spec.ts"));
    assertThat(ChainText.toml(found))
        .isEqualTo(
            """
            # The server under test; PLAYWRIGHT_MODE, _HOST, _PORT, BASE_URL and
            # PLAYWRIGHT_REUSE_SERVER in the environment win over what stands here.
            [server]
            command = "npm run dev -- --hostname {host} --port {port}"
            production-command = "npm run start -- --hostname {host} --port {port}"
            timeout = "60s"

            [stages.preflight]
            command = "npm run -s preflight"
            timeout = "1m"

            [stages.latency]
            playwright = ['e2e/latency.spec.ts']
            needs = ["preflight"]
            workers = 1
            timeout = "5m"

            [stages.functional]
            playwright = ['^(?!.*latency)']
            needs = ["latency"]
            workers = "auto"
            timeout = "30m"

            """);
  }

  @Test
  void whatAProjectDoesNotHaveIsLeftOut() {
    String text =
        ChainText.toml(
            new ChainText.Found("", "playwright.config.js", Map.of(), false, List.of("a.spec.js")));
    assertThat(text)
        .doesNotContain("[server]", "latency")
        .contains("npx playwright --version", "playwright = []\nneeds = [\"preflight\"]");
  }

  @Test
  void theTestScriptsOfAFolderBecomeItsStages() {
    var scripts = new LinkedHashMap<String, String>();
    scripts.put("dev", "node server.js");
    scripts.put("test:e2e", "playwright test");
    scripts.put("test:e2e:functional", "npx playwright test e2e --grep-invert '@slow|@big' -j 4");
    scripts.put("test:e2e:latency", "MODE=\"a b\" playwright test latency.spec.ts --workers=1");
    scripts.put("test:e2e:seed", "node seed.js && playwright test seeded");
    scripts.put("test:e2e:ui", "playwright test --ui");
    scripts.put("test:e2e:report", "playwright show-report");
    scripts.put("test:e2e:preflight", "node preflight.js");
    var found =
        new ChainText.Found("apps/web", "apps/web/playwright.config.ts", scripts, true, List.of());
    assertThat(ChainText.toml(found))
        .as("Playwright starts the server itself, so there is no [server]")
        .isEqualTo(
            """
            [stages.preflight]
            command = "npm run -s test:e2e:preflight"
            folder = "apps/web"
            timeout = "1m"

            [stages.latency]
            playwright = ['latency.spec.ts']
            folder = "apps/web"
            needs = ["preflight"]
            workers = 1
            env = { MODE = "a b" }
            timeout = "5m"

            [stages.functional]
            playwright = ['e2e', '--grep-invert', '@slow|@big']
            folder = "apps/web"
            needs = ["latency"]
            workers = 4
            timeout = "30m"

            [stages.seed]
            command = "npm run -s test:e2e:seed"
            folder = "apps/web"
            needs = ["latency"]
            timeout = "30m"

            """);
  }

  @Test
  void scriptsThatOnlyPrepareAreNoTests() {
    assertThat(ChainText.hasTests(Map.of("test:e2e:preflight", "true"))).isFalse();
    assertThat(ChainText.hasTests(Map.of("test:e2e:debug", "playwright test --debug"))).isFalse();
    assertThat(ChainText.hasTests(Map.of("e2e:shop", "playwright test shop"))).isTrue();
  }
}
