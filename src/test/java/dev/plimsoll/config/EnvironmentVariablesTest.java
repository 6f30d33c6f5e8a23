package dev.plimsoll.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EnvironmentVariablesTest {
  @Test
  void knownOwnAndForeignVariablesAreQuiet() {
    var names = List.of("PATH", "PLIMSOLL", "PLIMSOLL_JAVA", "PLIMSOLL_JAVA_OPTS", "_PLIMSOLL_RUN");
    assertThat(EnvironmentVariables.warning(names)).isEmpty();
  }

  @Test
  void whatTheCodeReadsHasAnEffect() throws IOException {
    var literal = Pattern.compile("\"(PLIMSOLL_[A-Z][A-Z_]*[A-Z])\"");
    var names = new TreeSet<String>();
    try (var files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(name -> name.toString().endsWith(".java")).toList()) {
        literal.matcher(Files.readString(file)).results().forEach(name -> names.add(name.group(1)));
      }
    }
    assertThat(names).contains("PLIMSOLL_BOARD_PASSWORD");
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
