package dev.plimsoll.history;

import java.time.Instant;
import java.util.List;

/// A test whose outcome changed between runs, or attempts in a run, of the same code.
///
/// @param failed how many of its attempts failed
/// @param passed how many passed
/// @param last start of the newest run in which it failed
/// @param failures the runs in which it failed, the newest first
/// @param beside tests that ran at the same time, those that are most typical of its failures first
public record FlakyTest(
    String id,
    int failed,
    int passed,
    Instant last,
    List<String> failures,
    List<Neighbour> beside) {
  public FlakyTest {
    failures = List.copyOf(failures);
    beside = List.copyOf(beside);
  }

  /// A test that ran at the same time in another worker.
  ///
  /// @param failed beside how many of the failures
  /// @param passed beside how many of the passes
  public record Neighbour(String id, int failed, int passed) {}
}
