package dev.plimsoll.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.plimsoll.learn.FileProfile.Hold;
import dev.plimsoll.learn.Suggestion.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for suggestions on any suite.
class SuggestionsPropertiesTest {
  private static final List<Hold> HOLDS = List.copyOf(EnumSet.allOf(Hold.class));
  private static final int[] RUNS = {1, 4, 1, 4, 2};

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aSuiteWhoseFilesAreWhereTheyBelongIsLeftAlone(long seed) {
    int files = 1 + (int) (seed % 40);

    assertThat(of(TestingSuite.usual(seed, files).profiles(RUNS))).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyFileThatStandsWrongIsFoundAndNothingElse(long seed) {
    var suite = TestingSuite.usual(seed, 6 + (int) (seed % 30));
    suite.add("tests/test_large.py", "light", Hold.NAME, 0.3, 900, 0);
    suite.add("tests/test_slow.py", "light", Hold.NAME, 40, 3, 0);
    suite.add("tests/test_payload.py", "long", Hold.NAME, 0.02, 1, 0);
    suite.add("tests/test_state.py", "light", Hold.NAME, 0.3, 3, 4);

    assertThat(of(suite.profiles(RUNS)))
        .extracting(Suggestion::path, Suggestion::to, Suggestion::kind)
        .containsExactlyInAnyOrder(
            tuple("tests/test_large.py", "heavy", Kind.MEMORY),
            tuple("tests/test_slow.py", "long", Kind.TIME),
            tuple("tests/test_payload.py", "light", Kind.SMALL),
            tuple("tests/test_state.py", "long", Kind.PARALLEL));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void afterAllWasAppliedNothingIsLeft(long seed) {
    var before = wild(seed);
    var suggestions = of(before);

    assertThat(of(applied(before, suggestions))).filteredOn(Suggestion::isMove).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theOrderOfFilesChangesNothing(long seed) {
    var files = new ArrayList<>(wild(seed));
    var before = of(files);
    Collections.shuffle(files, new Random(seed));

    assertThat(of(files)).isEqualTo(before);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatWasDecidedByHandIsNeverSentToALaterGroup(long seed) {
    var byHand = new ArrayList<String>();
    for (FileProfile file : wild(seed)) {
      if (file.hold() != Hold.NAME) {
        byHand.add(file.path());
      }
    }
    assertThat(of(wild(seed)))
        .filteredOn(suggestion -> byHand.contains(suggestion.path()))
        .noneMatch(
            suggestion -> suggestion.kind() == Kind.SMALL || suggestion.to().equals("light"));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noTestIsSentWhereItFails(long seed) {
    var files = new LinkedHashMap<String, FileProfile>();
    wild(seed).forEach(file -> files.put(file.path(), file));
    for (Suggestion suggestion : of(List.copyOf(files.values()))) {
      int workers =
          TestingSuite.GROUPS.stream()
              .filter(group -> group.name().equals(suggestion.to()))
              .mapToInt(Group::workers)
              .findFirst()
              .orElse(0);
      assertThat(Objects.requireNonNull(files.get(suggestion.path())).parallel())
          .allMatch(failure -> failure.level() > workers);
    }
  }

  private static List<Suggestion> of(List<FileProfile> files) {
    return Suggestions.of(TestingSuite.GROUPS, files);
  }

  private static List<FileProfile> applied(List<FileProfile> files, List<Suggestion> suggestions) {
    var moved = new LinkedHashMap<String, FileProfile>();
    files.forEach(file -> moved.put(file.path(), file));
    suggestions.stream()
        .filter(Suggestion::isMove)
        .forEach(s -> moved.computeIfPresent(s.path(), (_, file) -> file.in(s.to())));
    return List.copyOf(moved.values());
  }

  /// Files of all sizes in all groups, held by anything, some failing from some level on.
  private static List<FileProfile> wild(long seed) {
    var random = new SplittableRandom(seed);
    var suite = new TestingSuite(seed);
    int files = 1 + random.nextInt(60);
    for (int i = 0; i < files; i++) {
      suite.add(
          "tests/test_" + i + ".py",
          TestingSuite.GROUPS.get(random.nextInt(3)).name(),
          HOLDS.get(random.nextInt(3)),
          Math.exp(random.nextDouble(-5, 5)),
          Math.exp(random.nextDouble(-2, 8)),
          random.nextInt(5) == 0 ? 2 + random.nextInt(4) : 0);
    }
    return suite.profiles(RUNS);
  }
}
