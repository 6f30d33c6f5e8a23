package dev.plimsoll.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import dev.plimsoll.report.TestingRuns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MergeTest {
  private static final ShardPlan PLAN = ShardPlan.even(4);
  private static final Manifest MANIFEST = manifest(200);
  private static final Map<String, String> VERSIONS = Map.of("python", "3.12", "pytest", "9.1");

  private static Manifest manifest(int tests) {
    var entries = new ArrayList<Manifest.Entry>();
    for (int i = 0; i < tests; i++) {
      String unit = i % 5 == 0 ? "test_" + i / 50 + ".py::C" : "";
      entries.add(
          new Manifest.Entry(
              "test_" + i / 50 + ".py::t" + i,
              "test_" + i / 50 + ".py",
              "light",
              unit,
              Bytes.ZERO));
    }
    return Manifest.of(entries);
  }

  private static ShardRecord record(int index, int attempt, Outcome outcome) {
    var results = new LinkedHashMap<String, TestResult>();
    MANIFEST
        .shards(PLAN)
        .forEach((id, shard) -> {
          if (shard == index) {
            results.put(id, TestingRuns.result(id, outcome, 1, Bytes.mib(1)));
          }
        });
    RunSummary run = TestingRuns.run(outcome.isRed() ? 1 : 0, List.of());
    return new ShardRecord(
        "file" + index + "." + attempt,
        "r" + index + "." + attempt,
        Instant.ofEpochSecond(attempt),
        index,
        PLAN.size(),
        "digest",
        new Machine("machine" + index, 4, Bytes.gib(8), "vm"),
        VERSIONS,
        Optional.of(MANIFEST),
        results,
        Optional.of(run));
  }

  private static List<ShardRecord> all() {
    var records = new ArrayList<ShardRecord>();
    for (int i = 0; i < PLAN.size(); i++) {
      records.add(record(i, 1, Outcome.PASSED));
    }
    return records;
  }

  private static MergedRun merge(List<ShardRecord> records) {
    return Merge.of(records, PLAN, "digest", "merge");
  }

  @Test
  void everyTestHasTheOutcomeAndTheMachineOfItsShard() {
    MergedRun merged = merge(all());
    assertThat(merged.missing()).isEmpty();
    assertThat(merged.summary().exitCode()).isZero();
    assertThat(merged.summary().results()).hasSize(200);
    Map<String, Integer> shards = MANIFEST.shards(PLAN);
    assertThat(merged.summary().results())
        .allSatisfy(result -> {
          int shard = shards.getOrDefault(result.id(), -1);
          assertThat(result.conditions().machine().name()).isEqualTo("machine" + shard);
          assertThat(result.worker()).isEqualTo("shard" + (shard + 1) + "/gw1");
        });
  }

  /// Whatever is lost, each collected test has one outcome, and nothing lost is green.
  @Test
  void whateverIsLostIsNeverGreen() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new SplittableRandom(seed);
      var records = new ArrayList<ShardRecord>();
      int lost = 0;
      for (ShardRecord record : all()) {
        switch (random.nextInt(4)) {
          case 0 -> lost++;
          case 1 -> {
            var fewer = new LinkedHashMap<>(record.results());
            fewer.keySet().removeIf(_ -> random.nextInt(3) == 0);
            lost += record.results().size() - fewer.size();
            records.add(with(record, fewer, record.summary()));
          }
          case 2 -> {
            lost++;
            records.add(with(record, record.results(), Optional.empty()));
          }
          default -> records.add(record);
        }
      }
      if (records.isEmpty()) {
        assertThatThrownBy(() -> merge(records)).isInstanceOf(UserError.class);
        continue;
      }
      MergedRun merged = merge(records);
      assertThat(merged.summary().results())
          .extracting(TestResult::id)
          .containsExactlyInAnyOrderElementsOf(MANIFEST.tests().keySet());
      assertThat(merged.summary().exitCode()).as("seed %d", seed).isEqualTo(lost > 0 ? 14 : 0);
      assertThat(merged.missing().isEmpty()).isEqualTo(lost == 0);
    }
  }

  private static ShardRecord with(
      ShardRecord record, Map<String, TestResult> results, Optional<RunSummary> summary) {
    return new ShardRecord(
        record.file(),
        record.run(),
        record.start(),
        record.index(),
        record.of(),
        record.plan(),
        record.machine(),
        record.environment(),
        record.manifest(),
        results,
        summary);
  }

  @Test
  void theNewestAttemptCountsInWhateverOrderTheRecordsAre() {
    var records = new ArrayList<>(all());
    records.add(record(2, 3, Outcome.FAILED));
    records.add(1, record(2, 2, Outcome.PASSED));
    MergedRun merged = merge(records);
    assertThat(merged.summary().exitCode()).isEqualTo(1);
    assertThat(merged.runs()).contains("r2.3").doesNotContain("r2.1", "r2.2");
    assertThat(merged.notes()).hasSize(1).first().asString().contains("ran 3 times", "r2.3");
    assertThat(merge(all()).summary().id()).isEqualTo(merged.summary().id());
  }

  private static ShardRecord ofPlan(String plan, ShardRecord record) {
    return new ShardRecord(
        plan + "/" + record.file(),
        record.run(),
        record.start(),
        record.index(),
        record.of(),
        plan,
        record.machine(),
        record.environment(),
        record.manifest(),
        record.results(),
        record.summary());
  }

  @Test
  void olderRecordsOfAnotherPlanAreLeftOutAndNamed() {
    var records = new ArrayList<ShardRecord>();
    all().forEach(record -> records.add(ofPlan("old", record)));
    for (int i = 0; i < PLAN.size(); i++) {
      records.add(record(i, 2, Outcome.PASSED));
    }
    MergedRun merged = merge(records);
    assertThat(merged.summary().exitCode()).isZero();
    assertThat(merged.runs()).allMatch(run -> run.endsWith(".2"));
    assertThat(merged.warnings()).hasSize(1).first().asString().contains("old/file0.1");

    records.removeLast();
    MergedRun lost = merge(records);
    assertThat(lost.summary().exitCode()).as("the old record does not stand in").isEqualTo(14);
    assertThat(lost.missing()).isNotEmpty();
  }

  /// Its shard ran later with the other plan, perhaps with other code.
  @Test
  void aNewerRecordOfAnotherPlanIsAnErrorThatNamesIt() {
    var records = new ArrayList<>(all());
    records.add(ofPlan("new", record(0, 2, Outcome.FAILED)));
    assertThatThrownBy(() -> merge(records))
        .isInstanceOfSatisfying(
            UserError.class,
            error -> {
              assertThat(error.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
              assertThat(error.hint()).contains("new/file0.2", "--record").doesNotContain("file1");
            });
  }

  @Test
  void whatDiffersIsNamed() {
    assertThatThrownBy(() -> Merge.of(all(), PLAN, "another", "merge"))
        .hasMessageContaining("different plans");
    var records = new ArrayList<>(all());
    ShardRecord last = records.removeLast();
    records.add(
        new ShardRecord(
            "f",
            last.run(),
            last.start(),
            last.index(),
            last.of(),
            last.plan(),
            last.machine(),
            Map.of("python", "3.13", "pytest", "9.1"),
            Optional.of(manifest(201)),
            last.results(),
            last.summary()));
    assertThatThrownBy(() -> merge(records))
        .isInstanceOfSatisfying(
            UserError.class,
            error -> assertThat(error.why()).isEqualTo("python: 3.12 in shard 1, 3.13 in shard 4"));
    ShardRecord other = records.removeLast();
    records.add(
        new ShardRecord(
            "f",
            other.run(),
            other.start(),
            other.index(),
            other.of(),
            other.plan(),
            other.machine(),
            VERSIONS,
            other.manifest(),
            other.results(),
            other.summary()));
    assertThatThrownBy(() -> merge(records))
        .isInstanceOfSatisfying(
            UserError.class,
            error -> assertThat(error.why()).isEqualTo("only in the second: test_4.py::t200"));
  }
}
