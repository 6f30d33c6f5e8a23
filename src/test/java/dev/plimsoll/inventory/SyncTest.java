package dev.plimsoll.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyncTest {
  private static final Classifier CLASSIFIER =
      new Classifier(
          List.of(
              new GroupRules("long", List.of(), List.of("load"), List.of()),
              new GroupRules("light", List.of(), List.of(), List.of())));

  private static GroupLists lists(String longText, String lightText) {
    return new GroupLists(
        List.of(GroupList.parse("long", longText), GroupList.parse("light", lightText)),
        PlacementReasons.none());
  }

  private static Sync sync(String... paths) {
    return new Sync(
        CLASSIFIER, Stream.of(paths).map(path -> new TestFile(path, Set.of())).toList(), Set.of());
  }

  private static String text(Sync.Result result, int list) {
    return result.lists().lists().get(list).render();
  }

  @Test
  void newFilesAreSortedIn() {
    Sync.Result result = sync("b", "a", "c", "x_load").update(lists("", "b\n"));
    assertThat(text(result, 0)).isEqualTo("x_load\n");
    assertThat(text(result, 1)).isEqualTo("a\nb\nc\n");
    assertThat(result.changes()).hasSize(3).allMatch(Change.Added.class::isInstance);
  }

  @Test
  void aDecisionByHandSurvivesAndIsTold() {
    Sync.Result result = sync("a", "x_load").update(lists("a\n", "x_load\n"));
    assertThat(text(result, 0)).isEqualTo("a\n");
    assertThat(text(result, 1)).isEqualTo("x_load\n");
    assertThat(result.changes()).hasSize(2).allMatch(Change.Kept.class::isInstance);
  }

  @Test
  void resetDropsDecisionsAndReasons() {
    GroupLists moved = lists("", "a\n").move("a", "long", "flaky");
    Sync.Result result = sync("a").reset(moved);
    assertThat(text(result, 1)).isEqualTo("a\n");
    assertThat(result.lists().reasons().render()).isEmpty();
    assertThat(result.changes())
        .containsExactly(
            new Change.Reset("a", "long", new Placement("light", new Placement.Rule.Rest())));
  }

  @Test
  void aMoveToWhereAFileIsKeepsItsReason() {
    GroupLists moved = lists("", "a\n").move("a", "long", "flaky").move("a", "long", "");
    assertThat(moved.reasons().render()).contains("a\tlong\tflaky\n");
    assertThat(moved.move("a", "long", "slow").reasons().render()).contains("slow");
    assertThat(moved.move("a", "light", "").reasons().render()).doesNotContain("flaky");
  }

  @Test
  void resetSettlesAFileInTwoLists() {
    Sync.Result result = sync("a").reset(lists("# top\na\n", "a  # mine\n"));
    assertThat(text(result, 0)).isEqualTo("# top\n");
    assertThat(text(result, 1)).isEqualTo("a  # mine\n");
  }

  @Test
  void goneFilesAreRemovedAndReported() {
    Sync.Result result = sync("b").update(lists("gone_load\n", "b\ngone\n"));
    assertThat(text(result, 1)).isEqualTo("b\n");
    assertThat(result.changes())
        .containsExactly(
            new Change.Removed("gone", "light"), new Change.Removed("gone_load", "long"));
  }

  @Test
  void filesThatPytestDoesNotCollectByItselfStay() {
    Sync sync = new Sync(CLASSIFIER, List.of(), Set.of("bench"));
    Sync.Result result = sync.update(lists("bench\n", ""));
    assertThat(text(result, 0)).isEqualTo("bench\n");
    assertThat(result.changes()).containsExactly(new Change.Uncollected("bench", "long"));
  }

  @Test
  void moveKeepsTheReasonThroughSyncsUntilTheFileIsGone() {
    GroupLists moved = lists("", "a\nb\n").move("a", "long", "two\twords\nhere");
    assertThat(moved.groupOf("a")).contains("long");
    Sync.Result kept = sync("a", "b").update(moved);
    assertThat(kept.lists().reasons().render())
        .isEqualTo("file\tgroup\treason\na\tlong\ttwo words here\n");
    assertThat(PlacementReasons.parse(kept.lists().reasons().render())).isEqualTo(moved.reasons());
    assertThat(sync("b").update(moved).lists().reasons().render()).isEmpty();
  }

  @Test
  void aFileInTwoListsIsAClash() {
    assertThat(lists("a\n", "a\n").clashes())
        .containsExactly(new GroupLists.Clash("a", "long", "light"));
    assertThat(lists("a\n", "a\n").move("a", "light", "").clashes()).isEmpty();
    assertThat(lists("a\na\n", "").clashes()).as("twice in one list").isEmpty();
  }

  @Test
  void namesThatCannotStandInAList() {
    for (String name : List.of("a\nb", "#a", " a", "a #b", "./a", "\udcff.py", "")) {
      assertThat(GroupList.canHold(name)).as(name).isFalse();
      Sync.Result result = sync(name).update(lists("", ""));
      assertThat(text(result, 1)).isEmpty();
      assertThat(result.changes()).singleElement().isInstanceOf(Change.Unlistable.class);
    }
    for (String name : List.of("a b.py", "ä.py", "😀.py", "a#b.py", "a\tb.py")) {
      assertThat(GroupList.canHold(name)).as(name).isTrue();
    }
  }

  @Test
  void theHeadStaysAtTheTop() {
    GroupList list = GroupList.parse("long", "# why\n\nb\n# about a\n\na   \n./c\nb # note\n");
    assertThat(list.render()).isEqualTo("# why\n\n# about a\na\nb # note\nc\n");
    assertThat(GroupList.parse("long", list.render()).render()).isEqualTo(list.render());
  }

  @Test
  void lineEndsAreKept() {
    assertThat(GroupList.parse("long", "# x\r\nb\r\na\r\n").render())
        .isEqualTo("# x\r\na\r\nb\r\n");
    assertThat(GroupList.parse("long", "\ufeffb\na").render()).isEqualTo("a\nb\n");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everyFileEndsInExactlyOneListAndSyncIsIdempotent(long seed) {
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      String[] files = pick(random).toArray(String[]::new);
      Set<String> first = pick(random);
      Set<String> second = pick(random);
      second.removeAll(first);
      GroupLists before = lists(String.join("\n", first), String.join("\n", second));
      GroupLists after = sync(files).update(before).lists();
      var all = new ArrayList<String>();
      after.lists().forEach(list -> all.addAll(list.paths()));
      assertThat(all).containsExactlyInAnyOrder(files);
      for (String file : files) {
        before.groupOf(file).ifPresent(was -> assertThat(after.groupOf(file)).contains(was));
      }
      assertThat(sync(files).update(after).lists().lists()).isEqualTo(after.lists());
    }
  }

  private static Set<String> pick(SplittableRandom random) {
    var paths = new HashSet<String>();
    for (int i = random.nextInt(8); i > 0; i--) {
      paths.add(random.nextBoolean() ? "t" + random.nextInt(9) : "load" + random.nextInt(9));
    }
    return paths;
  }

  @Test
  void aPathHasOneSpelling() {
    String text = "tests\\a.py\ntests//b.py\n./tests/../tests/c.py # slow\n../d.py\n";
    assertThat(GroupList.parse("long", text).paths())
        .containsExactly("../d.py", "tests/a.py", "tests/b.py", "tests/c.py");
    assertThat(lists("tests//b.py\n", "tests/b.py\n").clashes())
        .containsExactly(new GroupLists.Clash("tests/b.py", "long", "light"));
    assertThat(GroupList.canHold("tests/a\\b.py")).isFalse();
  }

  @Test
  void reasonsKeepTheirLineEnds() {
    String text = "file\tgroup\treason\r\na\tlong\tflaky\r\n";
    assertThat(PlacementReasons.parse(text).render()).isEqualTo(text);
  }

  @Test
  void theReasonsOfAGroupThatIsNotKnownStay() {
    var reasons = PlacementReasons.parse("file\tgroup\treason\na\tslow\tflaky\nb\tlong\tbig\n");
    var before =
        new GroupLists(
            List.of(GroupList.empty("long"), GroupList.parse("light", "a\nb\n")), reasons);
    assertThat(sync("a", "b").update(before).lists().reasons().byPath()).containsOnlyKeys("a");
  }
}
