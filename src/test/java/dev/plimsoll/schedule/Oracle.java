package dev.plimsoll.schedule;

import dev.plimsoll.schedule.TestingMachine.Truth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/// Knows every duration and peak and pays for nothing but the tests: no start of a worker, no
/// message, no margin. It begins whatever fits, in several orders of preference and in many random
/// ones, and takes the best.
final class Oracle {
  private static final int RANDOM_ORDERS = 40;

  private final int workers;
  private final long memory;

  Oracle(int workers, long memory) {
    this.workers = workers;
    this.memory = memory;
  }

  private record Job(long micros, long peak) {
    double area(long memory, int workers) {
      return micros * Math.max(peak / (double) memory, 1.0 / workers);
    }
  }

  private record Running(long end, long peak) {}

  /// The shortest time it found, in microseconds.
  long best(List<Truth> truths, long seed) {
    var jobs = new ArrayList<>(jobs(truths));
    var orders =
        List.of(
            Comparator.comparingLong(Job::micros).reversed(),
            Comparator.comparingLong(Job::peak).reversed(),
            Comparator.comparingDouble((Job job) -> job.area(memory, workers)).reversed());
    long best = Long.MAX_VALUE;
    for (Comparator<Job> order : orders) {
      jobs.sort(order);
      best = Math.min(best, finish(jobs));
    }
    var random = new Random(seed);
    for (int i = 0; i < RANDOM_ORDERS; i++) {
      Collections.shuffle(jobs, random);
      best = Math.min(best, finish(jobs));
    }
    return best;
  }

  /// Tests of one unit stay together.
  private static List<Job> jobs(List<Truth> truths) {
    var units = new LinkedHashMap<String, Job>();
    for (int i = 0; i < truths.size(); i++) {
      Truth truth = truths.get(i);
      units.merge(
          truth.unit().isEmpty() ? "" + i : truth.unit(),
          new Job(truth.micros(), truth.peak()),
          (a, b) -> new Job(a.micros() + b.micros(), Math.max(a.peak(), b.peak())));
    }
    return List.copyOf(units.values());
  }

  private long finish(List<Job> order) {
    var waiting = new ArrayList<>(order);
    var running = new PriorityQueue<>(Comparator.comparingLong(Running::end));
    long now = 0;
    long free = memory;
    while (!waiting.isEmpty()) {
      var left = waiting.iterator();
      while (left.hasNext() && running.size() < workers) {
        Job job = left.next();
        if (job.peak() <= free) {
          free -= job.peak();
          running.add(new Running(now + job.micros(), job.peak()));
          left.remove();
        }
      }
      if (!waiting.isEmpty()) {
        Running ended = running.remove();
        now = ended.end();
        free += ended.peak();
      }
    }
    return running.stream().mapToLong(Running::end).max().orElse(now);
  }
}
