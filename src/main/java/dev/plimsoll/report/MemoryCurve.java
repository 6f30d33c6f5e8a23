package dev.plimsoll.report;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.MemorySnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The memory of a run over time in a bounded number of points.
///
/// When there are too many, neighbours are merged, and of each pair the higher use is kept: a peak
/// is never lost. Not for several threads.
public final class MemoryCurve {
  private static final int MOST = 600;

  private final List<Point> points = new ArrayList<>();
  private Instant start = Instant.EPOCH;

  /// Samples in one point; a power of two.
  private int each = 1;

  private int pending;

  /// A point: the highest use within a span of time, and the budget at that moment.
  ///
  /// @param at since the first sample
  /// @param workers what each worker held at that moment, by name
  public record Point(Duration at, Bytes used, Bytes budget, Map<String, Bytes> workers) {
    public Point {
      workers = Map.copyOf(workers);
    }
  }

  public void add(MemorySnapshot sample, Map<String, Bytes> workers) {
    if (points.isEmpty()) {
      start = sample.at();
    }
    var point =
        new Point(Duration.between(start, sample.at()), sample.used(), sample.budget(), workers);
    if (pending > 0) {
      points.add(higher(points.removeLast(), point));
    } else {
      points.add(point);
    }
    pending = (pending + 1) % each;
    if (points.size() == MOST && pending == 0) {
      halve();
    }
  }

  public List<Point> points() {
    return List.copyOf(points);
  }

  private void halve() {
    for (int i = 0; i < MOST / 2; i++) {
      points.set(i, higher(points.get(2 * i), points.get(2 * i + 1)));
    }
    points.subList(MOST / 2, points.size()).clear();
    each *= 2;
  }

  private static Point higher(Point a, Point b) {
    return b.used().compareTo(a.used()) > 0 ? b : a;
  }
}
