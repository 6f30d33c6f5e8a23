package dev.plimsoll.run.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.config.ConfigLoader;
import dev.plimsoll.config.Overrides;
import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSpecTest {
  private static final String SERVER =
      """
      [server]
      command = "npm run dev -- --hostname {host} --port {port}"
      url = "/healthz"
      """;

  @TempDir private Path folder;

  @Test
  void theDefaultsOfThePlan() throws IOException {
    ServerSpec spec = spec(SERVER, Map.of());
    assertThat(spec.command()).isEqualTo("npm run dev -- --hostname 127.0.0.1 --port 3000");
    assertThat(spec.url()).hasToString("http://127.0.0.1:3000/healthz");
    assertThat(spec.forTests())
        .containsEntry("PLAYWRIGHT_MODE", "development")
        .containsEntry("BASE_URL", "http://127.0.0.1:3000")
        .containsEntry("PLAYWRIGHT_REUSE_SERVER", "1");
    assertThat(spec.reuse()).isFalse();
  }

  @Test
  void theEnvironmentWins() throws IOException {
    ServerSpec spec =
        spec(
            SERVER + "port = 3100\n",
            Map.of(
                "PLAYWRIGHT_HOST", "localhost",
                "PLAYWRIGHT_PORT", "4000",
                "BASE_URL", "http://app.test:8080/shop/",
                "PLAYWRIGHT_REUSE_SERVER", "true"));
    assertThat(spec.command()).contains("--hostname localhost --port 4000");
    assertThat(spec.base()).hasToString("http://app.test:8080/shop/");
    assertThat(spec.reuse()).isTrue();
  }

  @Test
  void productionHasItsOwnCommand() throws IOException {
    Map<String, String> production = Map.of("PLAYWRIGHT_MODE", "production");
    assertThat(spec(SERVER + "production-command = 'npm start'\n", production).command())
        .isEqualTo("npm start");
    assertThatThrownBy(() -> spec(SERVER, production)).hasMessageContaining("PLAYWRIGHT_MODE");
  }

  @Test
  void withoutAServerTheSuiteLooksAfterItsOwn() throws IOException {
    assertThat(spec("", Map.of()).isUsed()).isFalse();
    assertThat(spec("", Map.of("PLAYWRIGHT_REUSE_SERVER", "1")).isUsed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "PLAYWRIGHT_PORT,http",
    "PLAYWRIGHT_PORT,70000",
    "PLAYWRIGHT_MODE,fast",
    "BASE_URL,a b"
  })
  void wrongValuesAreErrorsThatNameTheVariable(String name, String value) {
    assertThatThrownBy(() -> spec(SERVER, Map.of(name, value)))
        .isInstanceOfSatisfying(
            UserError.class,
            error -> {
              assertThat(error.what()).contains(name, value);
              assertThat(error.exitCode()).isEqualTo(ExitCode.CONFIG);
            });
  }

  private ServerSpec spec(String toml, Map<String, String> environment) throws IOException {
    Files.writeString(folder.resolve("plimsoll.toml"), toml);
    return ServerSpec.of(
        new ConfigLoader(ConfigSchema.STANDARD).load(folder, Overrides.NONE), environment);
  }
}
