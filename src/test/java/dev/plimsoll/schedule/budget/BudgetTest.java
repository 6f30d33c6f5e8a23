package dev.plimsoll.schedule.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Ceiling;
import dev.plimsoll.model.MemorySample;
import dev.plimsoll.model.OtherRuns;
import dev.plimsoll.model.Shortage;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
  private static final BudgetRule AUTO = new BudgetRule.Auto();

  private static MemorySample machine(Bytes total, Bytes available, Ceiling... ceilings) {
    return new MemorySample(
        total,
        available,
        Bytes.ZERO,
        available,
        Bytes.gib(4),
        Bytes.ZERO,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalLong.empty(),
        List.of(ceilings));
  }

  private static Budget auto(MemorySample sample) {
    return Budget.of(AUTO, Reserve.USUAL, sample, Bytes.ZERO, Bytes.ZERO);
  }

  @Test
  void autoLeavesATenthOfALargeMachine() {
    Budget budget = auto(machine(Bytes.gib(16), Bytes.gib(12)));
    assertThat(budget.size()).isEqualTo(Bytes.gib(12).minus(Bytes.gib(16).times(0.1)));
    assertThat(budget.bound().words()).isEqualTo("available memory less a reserve of 1.6 GiB");
  }

  @Test
  void autoLeavesHalfAGigabyteOfASmallMachineAndNothingOfATinyOne() {
    assertThat(auto(machine(Bytes.gib(4), Bytes.gib(3))).size()).isEqualTo(Bytes.mib(2560));
    assertThat(auto(machine(Bytes.mib(600), Bytes.mib(400))).size()).isEqualTo(Bytes.ZERO);
  }

  @Test
  void whatIsShortIsWhatBoundsTheBudget() {
    var job = new Ceiling("/ci/job", Bytes.gib(4), Bytes.gib(3), Bytes.gib(1));
    MemorySample machine = machine(Bytes.gib(16), Bytes.gib(3));
    var asked = new BudgetRule.Fixed(Bytes.gib(1));
    assertThat(shortage(asked, machine, OtherRuns.NONE))
        .isEqualTo(new Shortage.RunBudget(Bytes.gib(2), Bytes.gib(1)));
    assertThat(shortage(new BudgetRule.Share(0.25), machine, OtherRuns.NONE))
        .isEqualTo(new Shortage.RunBudget(Bytes.gib(2), Bytes.gib(4)));
    MemorySample full = machine(Bytes.gib(16), Bytes.gib(1));
    Bytes reserve = Bytes.gib(16).times(0.1);
    assertThat(shortage(AUTO, full, OtherRuns.NONE))
        .isEqualTo(new Shortage.MachineReserve(Bytes.gib(1), reserve));
    assertThat(shortage(AUTO, full, new OtherRuns(Bytes.mib(100), Bytes.mib(100))))
        .as("without them too little would be left all the same")
        .isEqualTo(new Shortage.MachineReserve(Bytes.gib(1), reserve));
    var holding = new OtherRuns(Bytes.gib(5), Bytes.ZERO);
    assertThat(shortage(AUTO, full, holding))
        .isEqualTo(new Shortage.OtherRuns(Bytes.gib(1), reserve, holding));
    var allocating = new OtherRuns(Bytes.ZERO, Bytes.gib(5));
    assertThat(shortage(AUTO, machine, allocating))
        .isEqualTo(new Shortage.OtherRuns(Bytes.gib(3), reserve, allocating));
    assertThat(shortage(AUTO, machine(Bytes.gib(16), Bytes.gib(12), job), OtherRuns.NONE))
        .isEqualTo(new Shortage.CgroupLimit("/ci/job", Bytes.gib(2), Bytes.gib(4)));
  }

  private static Shortage shortage(BudgetRule rule, MemorySample sample, OtherRuns others) {
    Bytes held = Bytes.gib(2);
    return Budget.of(rule, Reserve.USUAL, sample, held, Bytes.ZERO)
        .shortage(Reserve.USUAL, sample, held, others);
  }

  @Test
  void swapCountsAsNothing() {
    assertThat(auto(machine(Bytes.gib(2), Bytes.gib(1))).size()).isEqualTo(Bytes.mib(512));
  }

  /// Below a small limit a share of it would be gone before a worker can be killed.
  @Test
  void aSmallLimitKeepsWhatAFastTestTakesUntilItIsKilled() {
    assertThat(Reserve.USUAL.below(Bytes.gib(4))).isEqualTo(Bytes.gib(4).times(0.05));
    assertThat(Reserve.USUAL.below(Bytes.gib(2))).isEqualTo(Bytes.mib(120));
    assertThat(Reserve.USUAL.below(Bytes.mib(400))).isEqualTo(Bytes.mib(400).times(0.05 * 3));
    assertThat(Reserve.USUAL.half().below(Bytes.gib(2))).isEqualTo(Bytes.mib(60));
    assertThat(new Reserve(Bytes.mib(50), 0).below(Bytes.gib(2))).isEqualTo(Bytes.mib(50));
  }

  @Test
  void theNarrowestCeilingBoundsAndInactiveFilesCountAsFree() {
    var inner = new Ceiling("/ci/job", Bytes.gib(4), Bytes.gib(3), Bytes.gib(2));
    var outer = new Ceiling("/ci", Bytes.gib(64), Bytes.gib(50), Bytes.ZERO);
    Budget budget = auto(machine(Bytes.gib(256), Bytes.gib(200), inner, outer));
    assertThat(budget.size()).isEqualTo(Bytes.gib(3).minus(Bytes.gib(4).times(0.05)));
    assertThat(budget.bound().words()).contains("limit of 4.0 GiB of control group `/ci/job`");
  }

  @Test
  void whatTheUserAsksForIsCutByACeilingOnly() {
    var ceiling = new Ceiling("/", Bytes.gib(6), Bytes.gib(1), Bytes.ZERO);
    var free = machine(Bytes.gib(16), Bytes.gib(4));
    var limited = machine(Bytes.gib(16), Bytes.gib(16), ceiling);
    var fixed = new BudgetRule.Fixed(Bytes.gib(8));
    var share = new BudgetRule.Share(0.6);
    assertThat(budget(fixed, free, Bytes.ZERO)).isEqualTo(Bytes.gib(8));
    assertThat(budget(fixed, limited, Bytes.ZERO)).isLessThan(Bytes.gib(5));
    assertThat(budget(share, free, Bytes.ZERO)).isEqualTo(Bytes.gib(16).times(0.6));
    assertThat(budget(share, limited, Bytes.ZERO)).isLessThan(Bytes.gib(5));
  }

  @Test
  void aSecondRunGetsWhatTheFirstLeaves() {
    var sample = machine(Bytes.gib(16), Bytes.gib(12));
    Bytes alone = budget(AUTO, sample, Bytes.ZERO);
    assertThat(budget(AUTO, sample, Bytes.gib(3))).isEqualTo(alone.minus(Bytes.gib(3)));
    assertThat(budget(new BudgetRule.Fixed(Bytes.gib(8)), sample, Bytes.gib(3)))
        .isEqualTo(alone.minus(Bytes.gib(3)));
    assertThat(budget(new BudgetRule.Fixed(Bytes.gib(2)), sample, Bytes.gib(3)))
        .isEqualTo(Bytes.gib(2));
  }

  private static Bytes budget(BudgetRule rule, MemorySample sample, Bytes others) {
    return Budget.of(rule, Reserve.USUAL, sample, Bytes.ZERO, others).size();
  }

  /// The same machine before a run and in its middle gives the same budget: what the run took left
  /// "available" and came to "held".
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void holdingMemoryDoesNotChangeTheBudgetAndNoCeilingIsPassed(long seed) {
    var random = new SplittableRandom(seed);
    Bytes total = Bytes.mib(random.nextLong(1_000, 100_000));
    Bytes available = total.times(random.nextDouble(0.3, 1));
    Bytes limit = Bytes.mib(random.nextLong(200, 50_000));
    Bytes usage = limit.times(random.nextDouble(0, 1));
    Bytes held = available.min(limit.minus(usage)).times(random.nextDouble(0, 1));
    var before = machine(total, available, new Ceiling("/a", limit, usage, Bytes.ZERO));
    var during =
        machine(
            total, available.minus(held), new Ceiling("/a", limit, usage.plus(held), Bytes.ZERO));
    Bytes first = Budget.of(AUTO, Reserve.USUAL, before, Bytes.ZERO, Bytes.ZERO).size();
    Bytes later = Budget.of(AUTO, Reserve.USUAL, during, held, Bytes.ZERO).size();
    assertThat(later).isEqualTo(first);
    assertThat(first.plus(usage)).isLessThanOrEqualTo(limit.max(usage));
    assertThat(first).isLessThanOrEqualTo(available);
  }
}
