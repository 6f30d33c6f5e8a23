package dev.plimsoll.history;

import java.util.LinkedHashSet;
import java.util.List;

/// The attempts of tests that one worker of a recorded run made, in order.
///
/// @param workers the workers of the run, in the order in which they started
/// @param attempts the tests of the wanted worker; a test that it ran twice is in it twice
public record WorkerSequence(List<String> workers, List<Ran> attempts) {
  public WorkerSequence {
    workers = List.copyOf(workers);
    attempts = List.copyOf(attempts);
  }

  /// An attempt of a test.
  ///
  /// @param path file of the test, relative to the project
  public record Ran(String id, String path) {}

  /// The tests in the order of their first attempts.
  public List<Ran> tests() {
    return List.copyOf(new LinkedHashSet<>(attempts));
  }
}
