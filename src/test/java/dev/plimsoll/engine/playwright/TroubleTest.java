package dev.plimsoll.engine.playwright;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TroubleTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Error: browserType.launch: Executable doesn't exist at /no/chromium",
        // With `executablePath` in the configuration.
        "Error: browserType.launch: Failed to launch chromium because executable doesn't exist at"
            + " /no/chromium",
      })
  void aMissingBrowserIsKnownByWhatPlaywrightSays(String text) {
    assertThat(Trouble.in(text)).contains(new Trouble.NoBrowser("/no/chromium"));
  }
}
