package dev.plimsoll.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.config.TomlCheck;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TomlEditTest {
  private static final List<String> PATH = List.of("groups", "light", "workers");

  private static String set(String text) {
    return TomlEdit.set(text, PATH, 6L);
  }

  @Test
  void aValueChangesInPlace() {
    assertThat(set("[groups.light]\nworkers = 2 # why\n"))
        .isEqualTo("[groups.light]\nworkers = 6 # why\n");
    assertThat(set("[groups.light]\r\nworkers='auto'")).isEqualTo("[groups.light]\r\nworkers=6");
    assertThat(set("groups.light.workers = 2\n")).isEqualTo("groups.light.workers = 6\n");
    assertThat(set("[groups]\nlight = { workers = 2 }\n"))
        .isEqualTo("[groups]\nlight = { workers = 6 }\n");
    assertThat(set("[groups]\n'light'.\"workers\" = 2\n"))
        .isEqualTo("[groups]\n'light'.\"workers\" = 6\n");
  }

  @Test
  void aNewKeyStandsBesideItsNeighbours() {
    assertThat(set("[groups.light]\n  words = [\n 'a', # [x]\n]\n\n[b]\n"))
        .isEqualTo("[groups.light]\n  words = [\n 'a', # [x]\n]\n  workers = 6\n\n[b]\n");
    assertThat(set("[groups.light]\n  memory = '1g'"))
        .isEqualTo("[groups.light]\n  memory = '1g'\n  workers = 6\n");
    assertThat(set("[groups.light] # c\r\n\r\n# of b\r\n[b]\r\n"))
        .isEqualTo("[groups.light] # c\r\nworkers = 6\r\n\r\n# of b\r\n[b]\r\n");
    assertThat(set("[groups]\nlight = {}\n")).isEqualTo("[groups]\nlight = { workers = 6 }\n");
    assertThat(set("[groups]\nlight = { words = ['}'] }\n"))
        .isEqualTo("[groups]\nlight = { words = ['}'], workers = 6 }\n");
    assertThat(set("[groups]\nlight.words = []\norder = ['light']\n"))
        .isEqualTo("[groups]\nlight.words = []\nlight.workers = 6\norder = ['light']\n");
    assertThat(set("groups.light.memory-by-path.'x' = '1g'\n[a]\n"))
        .isEqualTo("groups.light.memory-by-path.'x' = '1g'\ngroups.light.workers = 6\n[a]\n");
  }

  @Test
  void aNewTable() {
    assertThat(set("")).isEqualTo("[groups.light]\nworkers = 6\n");
    assertThat(set("# c")).isEqualTo("# c\n\n[groups.light]\nworkers = 6\n");
    assertThat(set("[groups.heavy]\nworkers = 1\n\n[stages.a]\n"))
        .isEqualTo("[groups.heavy]\nworkers = 1\n\n[stages.a]\n\n[groups.light]\nworkers = 6\n");
    assertThat(set("[groups]\n[groups.heavy]\nworkers = 1\n\n[stages.a]\n"))
        .isEqualTo(
            "[groups]\n[groups.heavy]\nworkers = 1\n\n[groups.light]\nworkers = 6\n\n[stages.a]\n");
    assertThat(TomlEdit.set("[a]\n", List.of("groups", "a.b", "workers"), 1L))
        .isEqualTo("[a]\n\n[groups.\"a.b\"]\nworkers = 1\n");
    assertThat(
            TomlEdit.set(
                "[tool.plimsoll]\nworkers = 2\n[tool.x]\n",
                List.of("tool", "plimsoll", "groups", "light", "workers"),
                6L))
        .isEqualTo(
            "[tool.plimsoll]\nworkers = 2\n\n[tool.plimsoll.groups.light]\nworkers = 6\n[tool.x]\n");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aParserSeesNoOtherChange(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 200; i++) {
      String before = TestingToml.text(random);
      String after = set(before);
      assertThat(TomlCheck.differOnlyAt(before, after, List.of(PATH)))
          .as("%s%n----%n%s", before, after)
          .isTrue();
      assertThat(set(after)).isEqualTo(after);
      assertThat(after.lines().filter(line -> !before.contains(line)).count())
          .as("%s%n----%n%s", before, after)
          .isLessThanOrEqualTo(2);
    }
  }

  @Test
  void aValueWhereATableBelongs() {
    for (String text : List.of("groups = 1", "[[groups]]", "[[groups.light]]")) {
      assertThatThrownBy(() -> set(text + "\n")).as(text).isInstanceOf(Unreadable.class);
    }
  }

  @Test
  void noToml() {
    for (String text : List.of("[a", "a = ", "a", "= 1", "a = \"x", "a = [1", "a = {b = 1", "[]")) {
      assertThatThrownBy(() -> set(text + "\n")).as(text).isInstanceOf(Unreadable.class);
    }
  }
}
