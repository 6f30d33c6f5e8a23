package dev.plimsoll.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.learn.FileProfile.Hold;
import dev.plimsoll.learn.Suggestion.Kind;
import dev.plimsoll.model.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
  @Test
  void theFiguresAreInTheReason() {
    var files = light();
    files.add(file("tests/test_big.py", "light", Hold.NAME, 0.1, 572));

    var suggestion = Suggestions.of(TestingSuite.GROUPS, files).getFirst();

    assertThat(suggestion.to()).isEqualTo("heavy");
    assertThat(suggestion.reason())
        .isEqualTo(
            "`tests/test_big.py::test` takes 572 MiB (median of 3 runs); the other 5 files of light"
                + " take 10.0 MiB at the median");
  }

  @Test
  void aFileInTooSmallAGroupOrWithTooFewRunsIsLeftAlone() {
    var big = file("tests/test_big.py", "light", Hold.NAME, 100, 9000);
    assertThat(Suggestions.of(TestingSuite.GROUPS, with(light().subList(0, 3), big))).isEmpty();

    var twice =
        FileProfile.of(
            "tests/test_big.py",
            "light",
            Hold.NAME,
            recorded(2, "tests/test_big.py", 100, 9000),
            List.of());
    assertThat(Suggestions.of(TestingSuite.GROUPS, with(light(), twice))).isEmpty();
  }

  @Test
  void oneBadRunIsNoReason() {
    var seen = recorded(4, "tests/test_a.py", 0.1, 10);
    seen.add(TestingSuite.recorded("tests/test_a.py::test", 9, 2, Outcome.PASSED, 500, 9000));
    var file = FileProfile.of("tests/test_a.py", "light", Hold.NAME, seen, List.of());

    assertThat(Suggestions.of(TestingSuite.GROUPS, with(light(), file))).isEmpty();
  }

  @Test
  void aParallelFailureGoesToTheNearestGroupWithFewerWorkers() {
    assertThat(toOf("light", Hold.NAME, 4)).isEqualTo("long");
    assertThat(toOf("light", Hold.NAME, 2)).isEqualTo("heavy");
    assertThat(toOf("long", Hold.NAME, 4)).isEqualTo("stays");
    assertThat(toOf("long", Hold.HAND, 2)).isEqualTo("heavy");
  }

  @Test
  void withoutACarefulGroupAMarkIsAllThatHelps() {
    var groups = List.of(new Group("slow", 4), new Group("light", 6));
    var suggestion =
        Suggestions.of(groups, with(light(), failing("light", Hold.NAME, 3))).getFirst();

    assertThat(suggestion.isMove()).isFalse();
    assertThat(suggestion.kind()).isEqualTo(Kind.PARALLEL);
  }

  @Test
  void aFindingOfACalibrationCountsUntilTheTestWasMended() {
    var found = new ParallelOnly("tests/test_a.py::test", 3, 1, 1, 3, Instant.EPOCH);
    var before = FileProfile.of("tests/test_a.py", "light", Hold.NAME, List.of(), List.of(found));
    assertThat(Suggestions.of(TestingSuite.GROUPS, with(light(), before)))
        .extracting(Suggestion::to)
        .containsExactly("long");

    var seen = new ArrayList<RecordedTest>();
    for (int run = 0; run < 5; run++) {
      seen.add(TestingSuite.recorded("tests/test_a.py::test", run, 4, Outcome.PASSED, 0.1, 10));
    }
    var after = FileProfile.of("tests/test_a.py", "light", Hold.NAME, seen, List.of(found));
    assertThat(Suggestions.of(TestingSuite.GROUPS, with(light(), after))).isEmpty();
  }

  @Test
  void aGroupThatIsUnknownIsPassedOver() {
    var stranger = file("tests/test_a.py", "gone", Hold.NAME, 100, 9000);

    assertThat(Suggestions.of(TestingSuite.GROUPS, with(light(), stranger))).isEmpty();
  }

  private static String toOf(String group, Hold hold, int level) {
    return Suggestions.of(TestingSuite.GROUPS, with(light(), failing(group, hold, level))).stream()
        .map(Suggestion::to)
        .findFirst()
        .orElse("stays");
  }

  private static FileProfile failing(String group, Hold hold, int level) {
    var found = new ParallelOnly("tests/test_state.py::test", level, 2, 3, 3, Instant.EPOCH);
    return FileProfile.of("tests/test_state.py", group, hold, List.of(), List.of(found));
  }

  private static List<FileProfile> light() {
    var files = new ArrayList<FileProfile>();
    for (int i = 0; i < 5; i++) {
      files.add(file("tests/test_l" + i + ".py", "light", Hold.NAME, 0.1 + 0.01 * i, 8 + i));
    }
    return files;
  }

  private static List<FileProfile> with(List<FileProfile> files, FileProfile more) {
    var all = new ArrayList<>(files);
    all.add(more);
    return all;
  }

  private static FileProfile file(
      String path, String group, Hold hold, double seconds, double mib) {
    return FileProfile.of(path, group, hold, recorded(3, path, seconds, mib), List.of());
  }

  private static List<RecordedTest> recorded(int runs, String path, double seconds, double mib) {
    var recorded = new ArrayList<RecordedTest>();
    for (int run = 0; run < runs; run++) {
      recorded.add(TestingSuite.recorded(path + "::test", run, 2, Outcome.PASSED, seconds, mib));
    }
    return recorded;
  }
}
