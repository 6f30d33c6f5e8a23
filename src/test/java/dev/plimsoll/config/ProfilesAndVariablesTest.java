package dev.plimsoll.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.GroupKeys;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.Origin;
import dev.plimsoll.config.schema.StageKeys;
import dev.plimsoll.config.schema.Workers;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfilesAndVariablesTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(
        folder.resolve("plimsoll.toml"),
        """
        workers = 6
        timeout = "1m"

        [groups]
        order = ["heavy", "browser", "light"]

        [groups.heavy]
        workers = 1
        words = ["load"]

        [stages.api]
        command = "true"

        [profile.ci]
        workers = 2

        [profile.ci.groups.heavy]
        timeout = "10m"

        [profile.ci.groups.browser]
        workers = 3
        """);
  }

  private Config load(String profile, Map<String, String> variables, Overrides overrides) {
    return new ConfigLoader(ConfigSchema.STANDARD, variables, profile).load(folder, overrides);
  }

  @Test
  void aProfileOverridesKeyByKey() {
    Config config = load("ci", Map.of(), Overrides.NONE);
    assertThat(config.get(Keys.WORKERS)).isEqualTo(new Workers.Count(2));
    assertThat(config.get(Keys.TIMEOUT)).contains(Duration.ofMinutes(1));
    Entry heavy = config.group("heavy").orElseThrow();
    assertThat(heavy.get(GroupKeys.WORKERS)).isEqualTo(new Workers.Count(1));
    assertThat(heavy.get(GroupKeys.WORDS)).containsExactly("load");
    assertThat(heavy.get(GroupKeys.TIMEOUT)).contains(Duration.ofMinutes(10));
    assertThat(config.group("browser").orElseThrow().get(GroupKeys.WORKERS))
        .isEqualTo(new Workers.Count(3));
  }

  @Test
  void withoutOneItsTablesCountForNothing() {
    Config config = load("", Map.of(), Overrides.NONE);
    assertThat(config.get(Keys.WORKERS)).isEqualTo(new Workers.Count(6));
    assertThat(config.group("browser").orElseThrow().get(GroupKeys.WORKERS))
        .isEqualTo(new Workers.Auto());
  }

  @Test
  void theVariableNamesTheProfileAndTheOptionOverridesIt() {
    Map<String, String> variables = Map.of("PLIMSOLL_PROFILE", "ci");
    assertThat(load("", variables, Overrides.NONE).get(Keys.WORKERS))
        .isEqualTo(new Workers.Count(2));
    var error = catchThrowableOfType(UserError.class, () -> load("cii", variables, Overrides.NONE));
    assertThat(error.exitCode()).isEqualTo(ExitCode.CONFIG);
    assertThat(error.hint()).contains("`ci`");
  }

  @Test
  void mistakesInAProfileAreFoundEvenWhenItIsNotUsed() throws IOException {
    Files.writeString(folder.resolve("plimsoll.toml"), "[profile.ci]\nworker = 2\n");
    var error = catchThrowableOfType(UserError.class, () -> load("", Map.of(), Overrides.NONE));
    assertThat(error.what()).contains("line 2", "`worker`");
  }

  @Test
  void variablesOverrideTheFileAndOptionsOverrideThem() {
    var variables =
        Map.of(
            "PLIMSOLL_WORKERS", "4",
            "PLIMSOLL_PYTEST_ARGS", "-x,--tb=short",
            "PLIMSOLL_TIMEOUT", "",
            "PLIMSOLL_GROUPS_HEAVY_WORKERS", "2",
            "PLIMSOLL_GROUPS_LIGHT_WORKERS", "5",
            "PLIMSOLL_STAGES_API_TIMEOUT", "3m");
    Config config = load("ci", variables, Overrides.NONE);
    assertThat(config.get(Keys.WORKERS)).isEqualTo(new Workers.Count(4));
    assertThat(config.origin(Keys.WORKERS)).isEqualTo(new Origin.Variable("PLIMSOLL_WORKERS"));
    assertThat(config.get(Keys.PYTEST_ARGS)).isEqualTo(List.of("-x", "--tb=short"));
    assertThat(config.get(Keys.TIMEOUT)).contains(Duration.ofMinutes(1));
    assertThat(config.group("heavy").orElseThrow().get(GroupKeys.WORKERS))
        .isEqualTo(new Workers.Count(2));
    assertThat(config.group("light").orElseThrow().get(GroupKeys.WORKERS))
        .isEqualTo(new Workers.Count(5));
    assertThat(config.entries(StageKeys.SECTION).getFirst().get(StageKeys.TIMEOUT))
        .contains(Duration.ofMinutes(3));
    Overrides option = Overrides.NONE.with(Keys.WORKERS, "--workers", "8");
    assertThat(load("ci", variables, option).get(Keys.WORKERS)).isEqualTo(new Workers.Count(8));
  }

  @Test
  void aWrongValueNamesTheVariable() {
    var error =
        catchThrowableOfType(
            UserError.class, () -> load("", Map.of("PLIMSOLL_MODE", "phasd"), Overrides.NONE));
    assertThat(error.exitCode()).isEqualTo(ExitCode.CONFIG);
    assertThat(error.what()).contains("`PLIMSOLL_MODE`", "`phasd`");
    assertThat(error.hint()).contains("`phased`");
  }

  @Test
  void variablesOfKeysAreKnown() {
    var names =
        List.of("PLIMSOLL_WORKERS", "PLIMSOLL_PROFILE", "PLIMSOLL_GROUPS_MY_OWN_MEASURED_ON");
    assertThat(EnvironmentVariables.warning(names)).isEmpty();
    assertThat(EnvironmentVariables.warning(List.of("PLIMSOLL_WORKER")).orElseThrow())
        .contains("`PLIMSOLL_WORKERS`");
    assertThat(EnvironmentVariables.warning(List.of("PLIMSOLL_GROUPS_HEAVY_NOTHING"))).isNotEmpty();
  }
}
