package dev.plimsoll.stages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChainTextTest {
  @Test
  void thePlansChainWhereTheProjectHasAllOfIt() {
    var found =
        new ChainText.Found(
            "playwright.config.ts",
            Set.of("dev", "start", "preflight"),
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
        ChainText.toml(new ChainText.Found("playwright.config.js", Set.of(), List.of("a.spec.js")));
    assertThat(text)
        .doesNotContain("[server]", "latency")
        .contains("npx playwright --version", "playwright = []\nneeds = [\"preflight\"]");
  }
}
