package dev.plimsoll.calibrate.choice;

import dev.plimsoll.model.Bytes;
import java.util.ArrayList;
import java.util.List;

/// Predict the peak of a level from the levels below it.
///
/// With one level measured everything is taken to grow with the workers. With more, a straight line
/// through them (least squares) tells what each further worker adds to the last one, plus a tenth
/// of that; the rest is shared.
public final class MemoryForecast {
  private static final double MARGIN = 1.1;

  private MemoryForecast() {}

  /// The predicted peak, unknown when no level has a peak.
  public static Amount of(List<Level> levels, int workers) {
    var known = new ArrayList<Level>();
    for (Level level : levels) {
      if (level.peak().known() && level.workers() < workers) {
        known.add(level);
      }
    }
    if (known.isEmpty()) {
      return Amount.UNKNOWN;
    }
    Level last = known.getLast();
    Bytes peak = last.peak().bytes();
    if (known.size() == 1) {
      return Amount.of(peak.times((double) workers / last.workers()));
    }
    double more = Math.max(0, slope(known)) * (workers - last.workers()) * MARGIN;
    return Amount.of(Bytes.of((long) (peak.value() + more)));
  }

  /// Bytes for each worker.
  private static double slope(List<Level> levels) {
    double meanX = levels.stream().mapToInt(Level::workers).average().orElse(0);
    double meanY = levels.stream().mapToLong(MemoryForecast::peak).average().orElse(0);
    double together = 0;
    double alone = 0;
    for (Level level : levels) {
      double x = level.workers() - meanX;
      together += x * (peak(level) - meanY);
      alone += x * x;
    }
    return together / alone;
  }

  private static long peak(Level level) {
    return level.peak().bytes().value();
  }
}
