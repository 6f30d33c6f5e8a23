package dev.plimsoll.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentVariablesTest {
  @Test
  void knownOwnAndForeignVariablesAreQuiet() {
    var names = List.of("PATH", "PLIMSOLL", "PLIMSOLL_JAVA", "PLIMSOLL_JAVA_OPTS", "_PLIMSOLL_RUN");
    assertThat(EnvironmentVariables.warning(names)).isEmpty();
  }

  @Test
  void oneUnknownVariableHasASuggestionWhereOneIsNear() {
    assertThat(EnvironmentVariables.warning(List.of("PLIMSOLL_JAVA_OPT")).orElseThrow())
        .contains("`PLIMSOLL_JAVA_OPT`", "`PLIMSOLL_JAVA_OPTS`");
    assertThat(EnvironmentVariables.warning(List.of("PLIMSOLL_ENCHANTMENT")).orElseThrow())
        .contains("`PLIMSOLL_ENCHANTMENT`")
        .doesNotContain("did you mean");
  }

  @Test
  void severalUnknownVariablesShareOneWarning() {
    assertThat(EnvironmentVariables.warning(List.of("PLIMSOLL_Z", "PLIMSOLL_A")).orElseThrow())
        .contains("`PLIMSOLL_A`, `PLIMSOLL_Z`");
  }
}
