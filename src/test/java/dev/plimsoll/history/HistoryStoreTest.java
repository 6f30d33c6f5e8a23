package dev.plimsoll.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.plimsoll.estimate.Sample;
import dev.plimsoll.estimate.TestCost;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Conditions;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.UserError;
import dev.plimsoll.report.RunPartsTest;
import dev.plimsoll.report.TestingRuns;
import dev.plimsoll.shard.CostsDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryStoreTest {
  private static final Machine MACHINE = TestingRuns.MACHINE;

  @TempDir private Path folder;
  private final List<String> warnings = new ArrayList<>();

  private HistoryStore store() {
    return TestingHistory.store(folder, warnings::add);
  }

  @Test
  void aRunIsReadBackAsItWas() {
    RunSummary run = TestingRuns.mixed();
    try (var store = store()) {
      TestingHistory.record(store, run, warnings::add);
      RunSummary read = store.run("r1").orElseThrow();
      assertThat(read).usingRecursiveComparison().ignoringFields("results").isEqualTo(run);
      assertThat(read.results()).containsExactlyInAnyOrderElementsOf(run.results());
      assertThat(read.results().getLast().outcome()).isEqualTo(Outcome.NOT_RUN);
      assertThat(List.copyOf(read.workers().keySet())).containsExactly("heavy", "light");
    }
    assertThat(warnings).isEmpty();
    assertThat(folder.resolve(".plimsoll/.gitignore")).hasContent("*");
  }

  @Test
  void aChainIsReadBackWithItsStagesAlsoFromAnOlderHistory() throws Exception {
    try (var store = store()) {
      TestingHistory.record(store, RunPartsTest.chain(), warnings::add);
      assertThat(store.run("r1").orElseThrow().parts()).isEqualTo(RunPartsTest.chain().parts());
      assertThat(store.run("r1").orElseThrow().kept()).isEqualTo(RunPartsTest.chain().kept());
    }
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(".plimsoll/history.db"));
        var statement = connection.createStatement()) {
      statement.executeUpdate("alter table run drop column parts");
      statement.executeUpdate("alter table run drop column kept");
      statement.executeUpdate("alter table machine drop column cpu");
      statement.executeUpdate("alter table run drop column code");
      statement.executeUpdate("alter table run drop column trial");
      statement.executeUpdate("drop table attempt");
      statement.executeUpdate("alter table test drop column unit");
      statement.executeUpdate("alter table test drop column grp");
      statement.executeUpdate("alter table result drop column machine");
      statement.executeUpdate("alter table result drop column waited");
      statement.executeUpdate("alter table sample drop column waited");
      statement.executeUpdate("alter table sample drop column cpu");
      statement.executeUpdate("alter table result drop column cpu_time");
      statement.executeUpdate("pragma user_version = 1");
    }
    try (var store = store()) {
      TestingHistory.record(store, TestingRuns.mixed(), warnings::add);
      assertThat(store.run("r1").orElseThrow().parts()).isEmpty();
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void eachResultHasItsMachineAndItsSamplesAreThatMachines() {
    var other = new Machine("runner-7", 4, Bytes.gib(8), "container", "cpu");
    RunSummary run = TestingHistory.run("r1", 1, 4);
    var conditions =
        new Conditions(
            "tests/test_1.py", other, TestingHistory.seconds(0.25), TestingHistory.seconds(0.5));
    var results =
        run.results().stream().map(r -> r.id().endsWith("_1") ? r.under(conditions) : r).toList();
    try (var store = store()) {
      TestingHistory.record(store, TestingRuns.run(0, results), warnings::add);
      assertThat(store.run("r1").orElseThrow().results())
          .containsExactlyInAnyOrderElementsOf(results);
      assertThat(store.samples(other).get("tests/test_1.py::test_1")).hasSize(1);
      assertThat(store.samples(MACHINE)).hasSize(4);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatATestCostsIsTheLowerQuartileOfItsTimesWithoutTheWaits() {
    try (var store = store()) {
      for (int i = 0; i < 5; i++) {
        RunSummary run = TestingHistory.run("r" + i, i, 1); // 1 to 5 seconds
        var waited = TestingHistory.seconds(0.5);
        var results =
            run.results().stream()
                .map(r -> r.under(new Conditions("unit", MACHINE, waited, Duration.ZERO)))
                .toList();
        var waiting = TestingHistory.withId("r" + i, i, TestingRuns.run(0, results));
        TestingHistory.record(store, waiting, warnings::add);
      }
      List<TestCost> costs = store.costs();
      assertThat(costs)
          .extracting(TestCost::id, TestCost::unit, TestCost::group, TestCost::time)
          .containsExactly(
              tuple("tests/test_0.py::test_0", "unit", "light", TestingHistory.seconds(1.5)));
      assertThat(costs.getFirst().peak()).isGreaterThan(Bytes.mib(9));
      assertThat(CostsDocument.read(CostsDocument.tree(costs), "file")).isEqualTo(costs);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void runsOfOtherCodeAndTrialsAreToldApart() throws Exception {
    Path source = Files.writeString(folder.resolve("test_a.py"), "def test_a(): pass\n");
    try (var store = store()) {
      TestingHistory.record(store, TestingHistory.run("person", 1, 2), warnings::add);
      TestingHistory.recordTrial(store, TestingHistory.run("trial", 2, 2), warnings::add);
      assertThat(store.runsOf(CodeState.of(folder)))
          .extracting(RunSummary::id)
          .containsExactly("trial", "person");
      assertThat(store.newestOwn()).map(RunSummary::id).contains("person");
      assertThat(store.ownRuns(9)).extracting(RunLine::id).containsExactly("person");
      assertThat(store.runs(9)).extracting(RunLine::id).containsExactly("trial", "person");

      Files.writeString(folder.resolve("README.md"), "no code\n");
      assertThat(store.runsOf(CodeState.of(folder))).hasSize(2);
      Files.writeString(source, "def test_a(): assert True\n");
      assertThat(store.runsOf(CodeState.of(folder))).isEmpty();
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void readingMakesNoFile() {
    try (var store = store()) {
      assertThat(store.runs(5)).isEmpty();
      assertThat(store.samples(MACHINE)).isEmpty();
      assertThat(store.run("x")).isEmpty();
      assertThat(store.tests(TestSorting.SLOWEST, 5)).isEmpty();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void samplesAreTheNewestTwentyOfThisMachine() {
    try (var store = store()) {
      for (int i = 0; i < 35; i++) {
        TestingHistory.record(store, TestingHistory.run("r" + i, i, 3), warnings::add);
      }
      var samples = store.samples(MACHINE);
      assertThat(samples).hasSize(3);
      List<Sample> first = samples.getOrDefault("tests/test_0.py::test_0", List.of());
      assertThat(first).hasSize(20);
      assertThat(store.past(MACHINE).get("tests/test_0.py::test_0")).hasSize(30);
      assertThat(first.getFirst())
          .isEqualTo(new Sample(TestingHistory.seconds(35), Bytes.mib(39), PeakSource.HWM_FRESH));
      assertThat(first).isSortedAccordingTo(Comparator.comparing(Sample::peak).reversed());
    }
  }

  @Test
  void samplesDoNotDependOnTheMachinesName() {
    try (var store = store()) {
      TestingHistory.record(store, TestingHistory.run("r1", 1, 3), warnings::add);
      var renamed = new Machine("runner-4711", MACHINE.cores(), MACHINE.memory(), MACHINE.kind());
      assertThat(store.samples(renamed)).isEqualTo(store.samples(MACHINE)).hasSize(3);
    }
  }

  @Test
  void aClassThatRanNothingHasTheSamplesOfAnother() {
    try (var store = store()) {
      TestingHistory.record(store, TestingHistory.run("r1", 1, 3), warnings::add);
      var larger = new Machine("other", 64, Bytes.gib(256), "bare", "a fast processor");
      assertThat(store.samples(larger)).isEqualTo(store.samples(MACHINE)).hasSize(3);
    }
  }

  @Test
  void skippedAndNotRunTestsLeaveNoSample() {
    try (var store = store()) {
      TestingHistory.record(store, TestingRuns.mixed(), warnings::add);
      assertThat(store.samples(MACHINE).keySet())
          .hasSize(7)
          .doesNotContain("tests/test_a.py::test_skip", "tests/test_z.py::test_last");
    }
  }

  @Test
  void listsTheSlowestAndTheLargest() {
    try (var store = store()) {
      TestingHistory.record(store, TestingRuns.mixed(), warnings::add);
      assertThat(store.tests(TestSorting.SLOWEST, 2))
          .extracting(TestLine::id)
          .containsExactly("tests/perf/test_big.py::test_oom", "tests/test_b.py::test_retried");
      TestLine largest = store.tests(TestSorting.LARGEST, 2).getLast();
      assertThat(largest)
          .isEqualTo(
              new TestLine(
                  "tests/test_b.py::test_retried",
                  1,
                  TestingHistory.seconds(3),
                  TestingHistory.seconds(3),
                  Bytes.mib(700),
                  PeakSource.KILLED,
                  Outcome.PASSED));
    }
  }

  @Test
  void oldRunsAreForgottenAndSamplesStay() {
    try (var store = store()) {
      for (int i = 0; i < 6; i++) {
        RunSummary run = TestingHistory.run("r" + i, i, 4);
        try (var recorder = new RunRecorder(store, "run", 2, false, warnings::add)) {
          recorder.accept(TestingHistory.started(run));
          recorder.accept(new RunEvent.Finished(run.start(), run));
        }
      }
      assertThat(store.runs(10)).extracting(RunLine::id).containsExactly("r5", "r4");
      assertThat(store.run("r1")).isEmpty();
      assertThat(store.samples(MACHINE).values()).hasSize(4).allMatch(list -> list.size() == 6);
    }
  }

  @Test
  void theEndCorrectsWhatPartsSaid() {
    RunSummary run = TestingHistory.run("r", 0, 3);
    var early = TestingRuns.result(run.results().getFirst().id(), Outcome.FAILED, 9, Bytes.mib(1));
    try (var store = store()) {
      try (var recorder = new RunRecorder(store, "run", 200, false, warnings::add)) {
        recorder.accept(TestingHistory.started(run));
        recorder.accept(TestingHistory.sampled(run.start().plusSeconds(1), 300));
        recorder.accept(new RunEvent.TestFinished(run.start().plusSeconds(6), early));
        recorder.accept(new RunEvent.Finished(run.start().plusSeconds(9), run));
      }
      assertThat(store.run("r").orElseThrow().results())
          .containsExactlyInAnyOrderElementsOf(run.results());
      assertThat(store.runs(1).getFirst().finished()).isTrue();
    }
  }

  @Test
  void damagedFileIsSetAsideAndTheRunRecorded() throws Exception {
    Path file = folder.resolve(".plimsoll/history.db");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "this is no database\n".repeat(500));
    try (var store = store()) {
      TestingHistory.record(store, TestingHistory.run("r", 0, 3), warnings::add);
      assertThat(store.runs(5)).hasSize(1);
    }
    assertThat(warnings).hasSize(1).first().asString().contains("history.db.corrupt-2026");
    try (var files = Files.list(file.getParent())) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .contains("history.db.corrupt-20261124-100000-000");
    }
  }

  @Test
  void damageInsideTheFileIsNoticedToo() throws Exception {
    Path file = folder.resolve(".plimsoll/history.db");
    try (var store = store()) {
      TestingHistory.record(store, TestingHistory.run("r", 0, 300), warnings::add);
    }
    byte[] bytes = Files.readAllBytes(file);
    java.util.Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
    Files.write(file, bytes);
    try (var store = store()) {
      TestingHistory.record(store, TestingHistory.run("r2", 0, 300), warnings::add);
      assertThat(store.runs(5)).extracting(RunLine::id).containsExactly("r2");
      assertThat(store.samples(MACHINE)).hasSize(300);
    }
    assertThat(warnings).hasSize(1);
  }

  @Test
  void fileOfANewerPlimsollIsNotTouched() throws Exception {
    Path file = folder.resolve(".plimsoll/history.db");
    try (var store = store()) {
      TestingHistory.record(store, TestingHistory.run("r", 0, 3), warnings::add);
    }
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.executeUpdate("pragma user_version = 99");
    }
    byte[] before = Files.readAllBytes(file);
    try (var store = store()) {
      TestingHistory.record(store, TestingHistory.run("r2", 0, 3), warnings::add);
      assertThatThrownBy(() -> store.runs(1))
          .isInstanceOf(UserError.class)
          .extracting(error -> ((UserError) error).why())
          .asString()
          .contains("newer Plimsoll");
    }
    assertThat(warnings)
        .containsExactly(
            "cannot record this run in the history: it was written by a newer Plimsoll");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void folderThatCannotBeMadeIsAWarning() throws Exception {
    Files.writeString(folder.resolve(".plimsoll"), "a file in the way");
    try (var store = store()) {
      TestingHistory.record(store, TestingHistory.run("r", 0, 3), warnings::add);
    }
    assertThat(warnings).hasSize(1).first().asString().startsWith("cannot record this run");
  }
}
