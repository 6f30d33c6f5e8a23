package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.calibrate.choice.ChoicePolicy;
import java.time.Duration;
import java.util.List;

/// What a calibration may do.
///
/// @param levels numbers of workers to try, fewest first
/// @param runs consecutive runs that prove a level stable
/// @param memory what a run may take, unknown for no limit
/// @param force whether levels are tried that memory prediction says cannot fit
/// @param time how long all runs together may take, zero for no limit
public record RampPlan(
    List<Integer> levels,
    int runs,
    Amount memory,
    boolean force,
    Duration time,
    ChoicePolicy policy) {
  /// The plan's steps, with one worker first as the baseline.
  public static final List<Integer> LEVELS = List.of(1, 2, 3, 4, 6, 8, 12, 16);

  public RampPlan {
    levels = levels.stream().distinct().sorted().toList();
    if (levels.isEmpty() || levels.getFirst() < 1 || runs < 1 || time.isNegative()) {
      throw new IllegalArgumentException("levels, runs or time out of range");
    }
  }
}
