package dev.plimsoll.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StagePlanTest {
  private static final List<Stage> CHAIN =
      List.of(stage("functional", "latency"), stage("latency", "preflight"), stage("preflight"));

  @Test
  void eachStageComesAfterThoseItNeeds() {
    assertThat(StagePlan.of(CHAIN).names()).containsExactly("preflight", "latency", "functional");
  }

  @Test
  void stagesWithoutNeedsStayAsWritten() {
    assertThat(StagePlan.of(List.of(stage("b"), stage("a"), stage("c"))).names())
        .containsExactly("b", "a", "c");
  }

  @Test
  void onlyTakesItsNeedsAsDone() {
    StagePlan plan = StagePlan.of(CHAIN).only("latency");
    assertThat(plan.names()).containsExactly("latency");
    assertThat(plan.assumed()).containsExactly("preflight");
    assertThat(Progress.start(plan).next()).map(Stage::name).contains("latency");
  }

  @Test
  void fromTakesWhatNeedsIt() {
    List<Stage> stages = new ArrayList<>(CHAIN);
    stages.add(stage("pytest"));
    StagePlan plan = StagePlan.of(stages).from("latency");
    assertThat(plan.names()).containsExactly("latency", "functional");
    assertThat(plan.assumed()).containsExactly("preflight");
  }

  @Test
  void needsThatDoNotExistAndCirclesAreProblems() {
    assertThat(StagePlan.problems(List.of(stage("a", "b"))))
        .containsExactly("stage `a` needs `b`, which does not exist");
    assertThat(StagePlan.problems(List.of(stage("a", "b"), stage("b", "a"), stage("c"))))
        .containsExactly("stages need each other in a cycle: a, b");
    assertThatThrownBy(() -> StagePlan.of(List.of(stage("a", "a"))))
        .hasMessageContaining("cycle: a");
  }

  @Test
  void aFailureKeepsBackAllThatNeedIt() {
    Progress progress =
        Progress.start(StagePlan.of(CHAIN)).after("preflight", new StageEnd.Failed("exit code 1"));
    assertThat(progress.next()).isEmpty();
    assertThat(progress.endings())
        .containsEntry("latency", new StageEnd.NotRun("`preflight` failed"))
        .containsEntry("functional", new StageEnd.NotRun("`latency` did not run"));
  }

  @Test
  void whatDoesNotNeedAFailedStageRuns() {
    Progress progress =
        Progress.start(StagePlan.of(List.of(stage("a"), stage("b", "a"), stage("c"))))
            .after("a", new StageEnd.Failed("tests failed"));
    assertThat(progress.next()).map(Stage::name).contains("c");
  }

  @Test
  void abandoningGivesTheRestTheirEnding() {
    Progress progress =
        Progress.start(StagePlan.of(CHAIN))
            .after("preflight", new StageEnd.Succeeded())
            .abandon("interrupted");
    assertThat(progress.next()).isEmpty();
    assertThat(progress.endings().get("functional")).isEqualTo(new StageEnd.NotRun("interrupted"));
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  /// Random chains with random failures: every stage ends exactly once, and none runs before or
  /// without what it needs.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyStageEndsOnceAndOnlyAfterItsNeeds(long seed) {
    var random = new SplittableRandom(seed);
    List<Stage> stages = acyclic(random);
    Progress progress = Progress.start(StagePlan.of(stages));
    Set<String> succeeded = new HashSet<>();
    Set<String> ran = new HashSet<>();
    while (progress.next().isPresent()) {
      Stage stage = progress.next().get();
      assertThat(succeeded).containsAll(stage.needs());
      assertThat(ran.add(stage.name())).isTrue();
      boolean passes = random.nextInt(4) > 0;
      if (passes) {
        succeeded.add(stage.name());
      }
      progress =
          progress.after(
              stage.name(), passes ? new StageEnd.Succeeded() : new StageEnd.Failed("no"));
    }
    assertThat(progress.endings()).hasSameSizeAs(stages);
    for (Stage stage : stages) {
      assertThat(ran.contains(stage.name())).isEqualTo(succeeded.containsAll(stage.needs()));
    }
  }

  private static List<Stage> acyclic(SplittableRandom random) {
    List<Stage> stages = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(8); i++) {
      List<String> needs = new ArrayList<>();
      for (int j = 0; j < i; j++) {
        if (random.nextInt(3) == 0) {
          needs.add("s" + j);
        }
      }
      stages.add(random.nextInt(stages.size() + 1), stage("s" + i, needs.toArray(String[]::new)));
    }
    return stages;
  }

  static Stage stage(String name, String... needs) {
    return new Stage(
        name,
        new Work.Command("true", ""),
        "",
        List.of(needs),
        Map.of(),
        Duration.ZERO,
        Duration.ZERO,
        false,
        Stage.Exclusivity.ANY);
  }
}
