package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.choice.Choice;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Prove the levels of all groups together.
///
/// Once the ramp of every group has ended, the whole suite runs at the chosen levels until it has
/// passed the required number of times in a row; only then the choice holds. A run that fails
/// counts against the levels of the groups whose tests failed: their ramps go on, which step back,
/// and the passes are counted anew. Where there is one group, its own runs are those of the suite.
///
/// @param groups what is known of each group, in the order in which they run
/// @param passed passes in a row of the whole suite at the present choice
public record SuiteProof(Map<String, RampState> groups, int passed) {
  public SuiteProof {
    if (groups.isEmpty()) {
      throw new IllegalArgumentException("no groups");
    }
    groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
  }

  /// Go on from a calibration that had ended: what passed counts as long as all would be chosen
  /// again, for the same code.
  ///
  /// @param ended the groups as they were stored
  public static SuiteProof resume(
      Map<String, RampState> groups, Map<String, Calibration> ended, String code) {
    int passed = Integer.MAX_VALUE;
    for (var group : groups.entrySet()) {
      Optional<Integer> choice = Ramp.choice(group.getValue()).map(Choice::workers);
      int before =
          Optional.ofNullable(ended.get(group.getKey()))
              .filter(old -> old.finished() && !code.isEmpty() && old.code().equals(code))
              .filter(old -> choice.filter(now -> now == old.choice().workers()).isPresent())
              .map(Calibration::together)
              .orElse(0);
      passed = Math.min(passed, before);
    }
    return new SuiteProof(groups, passed);
  }

  /// The next thing to do.
  public sealed interface Next {
    /// Let the ramp of this group go on.
    record Measure(String group) implements Next {}

    /// Run the whole suite at these levels for the `run`-th time in a row.
    record Together(Map<String, Integer> workers, int run) implements Next {}

    /// The choice holds, or a group has none.
    record Done(Map<String, Choice> choices, boolean proven) implements Next {}
  }

  public Next next() {
    var choices = new LinkedHashMap<String, Choice>();
    for (var group : groups.entrySet()) {
      Optional<Choice> choice = Ramp.choice(group.getValue());
      if (choice.isEmpty()) {
        return new Next.Measure(group.getKey());
      }
      choices.put(group.getKey(), choice.get());
    }
    if (passed >= required() || !choices.values().stream().allMatch(Choice::found)) {
      return new Next.Done(choices, passed >= required());
    }
    var workers = new LinkedHashMap<String, Integer>();
    choices.forEach((group, choice) -> workers.put(group, choice.workers()));
    return new Next.Together(workers, passed + 1);
  }

  private int required() {
    return groups.size() == 1 ? 0 : groups.values().iterator().next().plan().runs();
  }

  /// Tests of a group that failed in a run of the suite and do not fail with one worker.
  public List<String> newFailures(String group, PastRun run) {
    RampState state = groups.get(group);
    return state == null ? List.of() : state.baseline().parallelOnly(run.failed());
  }

  /// After the ramp of a group went on.
  public SuiteProof with(String group, RampState state) {
    var more = new LinkedHashMap<>(groups);
    more.put(group, state);
    return new SuiteProof(more, passed);
  }

  /// After a run of the whole suite.
  ///
  /// @param runs the share of each group in it
  public SuiteProof after(Map<String, PastRun> runs) {
    var more = new LinkedHashMap<String, RampState>();
    groups.forEach((group, state) -> {
      PastRun run = runs.get(group);
      more.put(group, run == null ? state : state.with(run));
    });
    boolean failed =
        more.entrySet().stream()
            .anyMatch(group -> failed(group.getValue(), runs.get(group.getKey())));
    return new SuiteProof(more, failed ? 0 : passed + 1);
  }

  private static boolean failed(RampState state, @Nullable PastRun run) {
    return run != null && !state.baseline().judge(run).outcomes().clean();
  }
}
