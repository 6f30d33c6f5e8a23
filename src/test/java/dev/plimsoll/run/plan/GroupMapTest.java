package dev.plimsoll.run.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.inventory.Classifier;
import dev.plimsoll.inventory.GroupList;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.inventory.GroupRules;
import dev.plimsoll.inventory.PlacementReasons;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroupMapTest {
  private static final Path PROJECT = Path.of("/project");

  private static GroupMap map(String heavy, String light, String moved) {
    var lists =
        new GroupLists(
            List.of(GroupList.parse("heavy", heavy), GroupList.parse("light", light)),
            PlacementReasons.parse("file\tgroup\treason\n" + moved));
    var rules =
        new Classifier(
            List.of(
                new GroupRules("heavy", List.of(), List.of(), List.of("performance")),
                new GroupRules("light", List.of(), List.of(), List.of())));
    return new GroupMap(PROJECT, lists, rules, List.of("heavy", "light"), Set.of(), Map.of());
  }

  @Test
  void aListThatDoesNotKnowAMarkerIsTold() {
    var marks = Set.of("performance");
    String file = PROJECT.resolve("test_a.py").toString();
    assertThat(map("", "test_a.py", "").stray(file, marks))
        .contains("test_a.py (in light, it has the marker `performance`: heavy)");
    assertThat(map("", "test_a.py", "").stray(file, Set.of())).isEmpty();
    assertThat(map("test_a.py", "", "").stray(file, marks)).isEmpty();
    assertThat(map("", "", "").stray(file, marks)).isEmpty();
    assertThat(map("", "test_a.py", "test_a.py\tlight\tsmall").stray(file, marks)).isEmpty();
  }

  @Test
  void aNameThatIsNotUtf8IsAText() {
    GroupMap map = map("", "", "");
    assertThat(map.inProject(PROJECT + "/a/test_\udcff.py")).isEqualTo("a/test_\udcff.py");
    assertThat(map.inProject("/projects/test_a.py")).isEqualTo("/projects/test_a.py");
    assertThat(map.group(PROJECT + "/test_\udcff.py", Set.of("performance"))).isZero();
  }
}
