package dev.plimsoll.calibrate.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.calibrate.choice.Rejected.Kind;
import dev.plimsoll.calibrate.document.TableReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChoicePolicyTest {
  @Test
  void timesOfPartsAddUp() {
    var choice =
        choose(
            row(1, "seconds", 10, "part", "a"),
            row(1, "seconds", 10, "part", "b"),
            row(2, "seconds", 6, "part", "a"),
            row(2, "seconds", 13, "part", "b"));

    assertThat(choice.workers()).isEqualTo(2);
    assertThat(reason(choice, 1)).isEqualTo("1 worker was slower");
    assertThat(choice.rejected().getFirst().detail()).isEqualTo("20 s against 19 s with 2 workers");
  }

  @Test
  void aLevelThatLeavesOutAPartIsNotCompared() {
    var choice =
        choose(
            row(1, "seconds", 10, "part", "a"),
            row(1, "seconds", 10, "part", "b"),
            row(2, "seconds", 6, "part", "a"));

    assertThat(choice.workers()).isEqualTo(1);
    assertThat(choice.rejected().getFirst().kind()).isEqualTo(Kind.INCOMPLETE);
    assertThat(choice.rejected().getFirst().detail()).isEqualTo("missing: b");
  }

  @Test
  void theMedianOfSeveralRunsCounts() {
    var choice =
        choose(
            row(
                1,
                "runs",
                List.of(Map.of("seconds", 20), Map.of("seconds", 21), Map.of("seconds", 2))),
            row(2, "seconds", 12),
            row(2, "seconds", 60),
            row(2, "seconds", 11));

    assertThat(choice.workers()).isEqualTo(2);
    assertThat(choice.rejected().getFirst().detail()).isEqualTo("20 s against 12 s with 2 workers");
    assertThat(choice.notes()).isEmpty();
  }

  @Test
  void noisyRunsCountOnlyWhereThereIsNoQuietOne() {
    var choice =
        choose(
            row(1, "seconds", 20),
            row(2, "seconds", 40, "noisy", true),
            row(2, "seconds", 45, "noisy", true),
            row(2, "seconds", 12),
            row(4, "seconds", 30, "noisy", true));

    assertThat(choice.workers()).isEqualTo(2);
    assertThat(choice.rejected().getLast().detail()).isEqualTo("30 s against 12 s with 2 workers");
  }

  @Test
  void oneFailedRunMakesALevelUnstable() {
    var choice =
        choose(
            row(2, "seconds", List.of(10, 10, 10), "passed", 9),
            row(4, "seconds", List.of(5, 5), "passed", 9),
            row(4, "seconds", 5, "passed", 8, "failed", 1, "failed_tests", List.of("test_a")));

    assertThat(choice.workers()).isEqualTo(2);
    assertThat(choice.reason()).isEqualTo("only safe level: 4 workers failed (test_a)");
    assertThat(choice.rejected().getFirst().detail()).isEqualTo("test_a in 1 of 3 runs");
  }

  @Test
  void everyKindOfTroubleMakesALevelUnstable() {
    for (var trouble :
        List.of(
            Map.entry("oom", (Object) true),
            Map.entry("sigkill", (Object) 2),
            Map.entry("crashed", (Object) List.of("gw1")),
            Map.entry("timeout", (Object) "after 60 s"),
            Map.entry("errors", (Object) 1),
            Map.entry("failed", (Object) 1),
            Map.entry("failed_tests", (Object) List.of("test_a")))) {
      var choice =
          choose(row(1, "seconds", 9), row(2, "seconds", 5, trouble.getKey(), trouble.getValue()));
      assertThat(choice.workers()).as(trouble.getKey()).isEqualTo(1);
    }
  }

  @Test
  void aPassThatBecomesASkipIsNotStable() {
    var choice =
        choose(
            row(1, "seconds", 20, "passed", 84, "skipped", 8),
            row(2, "seconds", 10, "passed", 83, "skipped", 9));

    assertThat(choice.workers()).isEqualTo(1);
    assertThat(reason(choice, 2)).isEqualTo("2 workers skipped 1 test that passes with 1");
  }

  @Test
  void testsThatGoMissingAreNotStable() {
    var choice =
        choose(
            row(1, "seconds", 20, "passed", 84, "skipped", 8),
            row(2, "seconds", 10, "passed", 80, "skipped", 8));

    assertThat(choice.workers()).isEqualTo(1);
    assertThat(reason(choice, 2)).isEqualTo("2 workers lost 4 tests");
  }

  @Test
  void outcomesThatDifferFromRunToRunAreNotStable() {
    var choice =
        choose(
            row(1, "seconds", 20, "passed", 84, "skipped", 8),
            row(2, "seconds", 10, "passed", 84, "skipped", 8),
            row(2, "seconds", 10, "passed", 85, "skipped", 7));

    assertThat(choice.workers()).isEqualTo(1);
  }

  @Test
  void aSuiteInWhichNothingPassedProvesNothing() {
    assertThat(choose(row(1, "seconds", 1, "passed", 0, "skipped", 3)).found()).isFalse();
    assertThat(
            choose(
                    row(1, "seconds", 1, "passed", 0, "skipped", 3, "part", "a"),
                    row(1, "seconds", 1, "passed", 5, "part", "b"))
                .workers())
        .isEqualTo(1);
  }

  @Test
  void aFasterLevelWhoseSwapGrewIsDropped() {
    var choice =
        choose(
            row(1, "seconds", 40, "swap", 500),
            row(2, "seconds", 20, "swap", 510),
            row(4, "seconds", 10, "swap", 767));

    assertThat(choice.workers()).isEqualTo(2);
    assertThat(choice.reason())
        .isEqualTo(
            "fastest stable level: 4 workers were faster but swap grew from 510 MiB to 767 MiB");
  }

  @Test
  void swapThatGrowsALittleAtEachLevelIsNoticed() {
    var choice =
        choose(
            row(1, "seconds", 40, "swap", 0),
            row(2, "seconds", 20, "swap", 150),
            row(4, "seconds", 10, "swap", 300));

    assertThat(choice.workers()).isEqualTo(2);
    assertThat(reason(choice, 4)).endsWith("swap grew from 0 B to 300 MiB since 1 worker");
  }

  @Test
  void swapBeforeAndAfterOfALevelGoFirst() {
    var choice =
        choose(
            row(1, "seconds", 40, "swap", 0),
            row(2, "seconds", 20, "swap_before", 900, "swap", 910),
            row(4, "seconds", 10, "swap", Map.of("before", 910, "after", 1200)));

    assertThat(choice.workers()).isEqualTo(2);
    assertThat(reason(choice, 4)).endsWith("swap grew from 910 MiB to 1.2 GiB");
  }

  @Test
  void anUnknownSwapIsNoObjection() {
    var choice =
        choose(
            row(1, "seconds", 40, "swap", 0),
            row(2, "seconds", 20),
            row(4, "seconds", 10, "swap", 900));

    assertThat(choice.workers()).isEqualTo(2);
  }

  @Test
  void aPeakMustLeaveTheReserve() {
    var ram = Map.of("used", 4000, "free", 4000, "buff", 8000, "available", 12000);
    var choice =
        choose(
            row(1, "seconds", 40, "peak", 4000, "ram", ram),
            row(2, "seconds", 20, "peak", 8000, "ram", ram),
            row(4, "seconds", 10, "peak", 10500, "ram", ram));

    assertThat(choice.workers()).isEqualTo(2);
    assertThat(reason(choice, 4))
        .isEqualTo(
            "4 workers were faster but left only 1.5 GiB at the peak, less than the reserve of 1.6 GiB");
    assertThat(choose(row(1, "seconds", 2), row(2, "seconds", 1, "min_available", 511)).workers())
        .isEqualTo(1);
    assertThat(choose(row(1, "seconds", 2), row(2, "seconds", 1, "min_available", 512)).workers())
        .isEqualTo(2);
    assertThat(
            choose(row(1, "seconds", 2), row(2, "seconds", 1, "machine_peak", 9100, "total", 10000))
                .workers())
        .isEqualTo(1);
  }

  @Test
  void oneWorkerCannotBeLowered() {
    var choice =
        choose(
            row(1, "seconds", 40, "min_available", 100),
            row(2, "seconds", 20, "min_available", 50));

    assertThat(choice.workers()).isEqualTo(1);
    assertThat(choice.reason())
        .startsWith("the least that can be run, though 1 worker left only 100 MiB");
    assertThat(choose(row(2, "seconds", 20, "min_available", 50)).found()).isFalse();
    assertThat(choose(row(2, "seconds", 20, "min_available", 50)).reason())
        .isEqualTo("no level uses memory acceptably; measure fewer than 2 workers");
    assertThat(choose(row(1, "seconds", 40, "swap", Map.of("before", 10, "after", 600))).reason())
        .isEqualTo(
            "the least that can be run, though 1 worker made swap grow from 10.0 MiB to 600 MiB");
  }

  @Test
  void theLowestLevelWithinTheToleranceIsChosen() {
    var rows =
        List.of(
            row(1, "seconds", 200),
            row(2, "seconds", 103),
            row(4, "seconds", 101),
            row(8, "seconds", 100));

    assertThat(choose(rows).workers()).isEqualTo(2);
    assertThat(choose(rows).reason())
        .isEqualTo(
            "lowest level within 3 % of the fastest: 4 workers were only 1.9 % faster; 8 workers were only"
                + " 2.9 % faster");
    assertThat(choose(row(1, "seconds", 103.2), row(2, "seconds", 100)).workers()).isEqualTo(2);
  }

  @Test
  void aLevelAboveAFailedOneIsNeverChosen() {
    var choice =
        choose(
            row(1, "seconds", 100),
            row(2, "seconds", 60),
            row(3, "seconds", 50),
            row(4, "seconds", 45),
            row(5, "seconds", 40, "oom", true, "failed_tests", List.of("test_big")),
            row(8, "seconds", 30));

    assertThat(choice.workers()).isEqualTo(4);
    assertThat(choice.reason())
        .isEqualTo(
            "fastest stable level: 5 workers failed (test_big, OOM kill); 8 workers are above 5, which"
                + " failed");
  }

  @Test
  void theLowestLevelWithinTheSpreadIsChosen() {
    var choice =
        choose(
            row(4, "seconds", List.of(53.5, 54, 53)),
            row(6, "seconds", List.of(38.2, 40.3, 36.1)),
            row(8, "seconds", List.of(35.5, 36.9, 34.1)));

    assertThat(choice.workers()).isEqualTo(6);
    assertThat(choice.reason())
        .isEqualTo(
            "lowest level within the spread (10 %) of the fastest: 8 workers were only 7.1 % faster");
  }

  @Test
  void aLevelMeasuredOnceIsMarkedBesideOneThatWasProven() {
    var choice =
        choose(
            row(1, "seconds", 40),
            row(2, "seconds", List.of(20, 20, 20)),
            row(4, "seconds", 21),
            row(6, "seconds", 22));

    assertThat(choice.reason())
        .isEqualTo("fastest stable level: 4 and 6 workers were not faster (measured once)");
    assertThat(reason(choice, 1)).isEqualTo("1 worker was slower (measured once)");
  }

  @Test
  void whatFailsInEveryRunWithOneWorkerCountsAgainstNoLevel() {
    var known = List.of("test_docker", "test_module");
    var choice =
        choose(
            row(1, "seconds", 40, "failed_tests", known),
            row(2, "seconds", 20, "failed_tests", known),
            row(
                4,
                "seconds",
                10,
                "failed_tests",
                List.of("test_docker", "test_module", "test_state")));

    assertThat(choice.workers()).isEqualTo(2);
    assertThat(reason(choice, 4)).isEqualTo("4 workers failed (test_state)");
    assertThat(choice.notes())
        .contains(
            "2 tests fail with 1 worker too and count against no level: test_docker, test_module");
  }

  @Test
  void withoutRowsThereIsNoChoice() {
    assertThat(ChoicePolicy.DEFAULT.choose(List.of()).reason()).isEqualTo("nothing was measured");
  }

  @Test
  void aFailedRowNeedsNoTime() {
    assertThat(choose(row(1, "seconds", 4), row(2, "crashed", true)).workers()).isEqualTo(1);
  }

  @Test
  void countsThatAreMissingAreNotCompared() {
    var choice =
        choose(
            row(1, "seconds", 20, "passed", 84, "skipped", 8),
            row(2, "seconds", 10, "passed", 84),
            row(4, "seconds", 5));

    assertThat(choice.workers()).isEqualTo(4);
    assertThat(
            choose(row(1, "seconds", 20, "passed", 84), row(2, "seconds", 10, "passed", 83))
                .reason())
        .isEqualTo("only safe level: 2 workers passed 1 test fewer than 1");
  }

  @Test
  void aHigherLevelWhereMorePassesSaysNothingAboutALowerOne() {
    var choice =
        choose(
            row(1, "seconds", 10, "passed", 83, "skipped", 9),
            row(2, "seconds", 12, "passed", 84, "skipped", 8));

    assertThat(choice.workers()).isEqualTo(1);
    assertThat(reason(choice, 2)).isEqualTo("2 workers were not faster");
  }

  @Test
  void aSuiteMeasuredAsAWholeIsNotAddedToItsParts() {
    var choice =
        choose(
            row(1, "seconds", 10),
            row(2, "seconds", 8),
            row(2, "seconds", 5, "part", "a"),
            row(2, "seconds", 4, "part", "b"));

    assertThat(choice.workers()).isEqualTo(2);
    assertThat(choice.rejected().getFirst().detail()).isEqualTo("10 s against 8 s with 2 workers");
  }

  @Test
  void swapThatOtherLevelsFilledBetweenTwoRunsIsNotHeldAgainstALevel() {
    var choice =
        choose(
            row(1, "seconds", 20, "swap", Map.of("before", 0, "after", 0)),
            row(2, "seconds", 10, "swap", Map.of("before", 0, "after", 10)),
            row(4, "seconds", 5, "swap", Map.of("before", 10, "after", 900)),
            row(2, "seconds", 10, "swap", Map.of("before", 900, "after", 900)));

    assertThat(choice.workers()).isEqualTo(2);
    assertThat(reason(choice, 4))
        .isEqualTo("4 workers were faster but swap grew from 10.0 MiB to 900 MiB");
  }

  @Test
  void whatIsAvailableAfterTheRunIsTheMostThatWasLeftAtThePeak() {
    var choice =
        choose(row(1, "seconds", 20, "ram", ram(8000)), row(2, "seconds", 10, "ram", ram(1500)));

    assertThat(choice.workers()).isEqualTo(1);
    assertThat(reason(choice, 2)).contains("left only 1.5 GiB");
  }

  private static Map<String, Integer> ram(int available) {
    return Map.of("used", 4000, "free", 4000, "buff", 8000, "available", available);
  }

  private static String reason(Choice choice, int workers) {
    return choice.rejected().stream()
        .filter(rejected -> rejected.workers() == workers)
        .map(Rejected::reason)
        .findFirst()
        .orElseThrow();
  }

  private static Choice choose(Map<?, ?>... rows) {
    return choose(List.of(rows));
  }

  private static Choice choose(List<? extends Map<?, ?>> rows) {
    var table = TableReader.read(Map.of("suites", Map.of("suite", new ArrayList<>(rows))));
    return ChoicePolicy.DEFAULT.choose(table.suites().getOrDefault("suite", List.of()));
  }

  private static Map<String, Object> row(int workers, Object... members) {
    var row = new LinkedHashMap<String, Object>();
    row.put("workers", workers);
    for (int i = 0; i < members.length; i += 2) {
      row.put((String) members[i], members[i + 1]);
    }
    return row;
  }
}
