package dev.plimsoll.ui;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.MemorySnapshot;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.report.TestingRuns;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Events of a made-up run, at seconds after its start.
final class TestingEvents {
  private TestingEvents() {}

  static Instant at(double seconds) {
    return TestingRuns.START.plusMillis((long) (seconds * 1000));
  }

  static RunEvent started() {
    return started("fork");
  }

  static RunEvent started(String engine) {
    return new RunEvent.Started(
        at(0), "r1", engine, "phased", TestingRuns.MACHINE, Bytes.gib(6), "limits by cgroup v2");
  }

  static RunEvent collected(double seconds, int count, double expected) {
    Map<String, Integer> groups = new LinkedHashMap<>();
    groups.put("heavy", 0);
    groups.put("light", count);
    return new RunEvent.Collected(at(seconds), count, 3, groups, expected, false);
  }

  static RunEvent worker(double seconds, String name) {
    return new RunEvent.WorkerStarted(at(seconds), name, 100);
  }

  static RunEvent test(double seconds, String id, String worker) {
    return new RunEvent.TestStarted(at(seconds), id, "light", worker);
  }

  static RunEvent finished(double seconds, String id, Outcome outcome) {
    return new RunEvent.TestFinished(
        at(seconds), TestingRuns.result(id, outcome, 0.5, Bytes.mib(20)));
  }

  static RunEvent sampled(double seconds, long mib) {
    var snapshot =
        new MemorySnapshot(
            at(seconds), Bytes.mib(mib), PeakSource.PSS, Bytes.gib(6), Bytes.gib(8), Bytes.ZERO);
    return new RunEvent.Sampled(at(seconds), snapshot, Map.of("gw1", Bytes.mib(210)));
  }

  static RunEvent end(double seconds) {
    return new RunEvent.Finished(at(seconds), TestingRuns.mixed());
  }
}
