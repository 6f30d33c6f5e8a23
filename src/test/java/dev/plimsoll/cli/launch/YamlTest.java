package dev.plimsoll.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "",
        "yes",
        "12",
        "a: b",
        "it's \"quoted\" \\ \t\n",
        "déjà",
        "test_😀[x]",
        "\u0085"
      })
  void aReaderGetsTheText(String text) {
    Object read = new org.yaml.snakeyaml.Yaml().load(Yaml.text(List.of(Map.of("key", text))));
    assertThat(read).isEqualTo(Map.of("key", text));
  }

  @Test
  void aCharacterOutsideOfTheBasicPlaneIsOneEscape() {
    assertThat(Yaml.text(List.of(Map.of("key", "😀")))).isEqualTo("key: \"\\U0001f600\"\n");
  }
}
