package dev.plimsoll.diagnose;

import java.util.List;

/// Suspected tests.
///
/// @param tests in the order in which they run
/// @param origin why they are suspected, in words
public record Pool(Way way, List<String> tests, String origin) {
  public Pool {
    tests = List.copyOf(tests);
  }
}
