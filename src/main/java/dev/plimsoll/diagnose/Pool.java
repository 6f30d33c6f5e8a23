package dev.plimsoll.diagnose;

import java.util.List;

/// Tests among which the culprits may be.
///
/// @param tests in the order in which they run
/// @param origin where it comes from, in words
public record Pool(Way way, List<String> tests, String origin) {
  public Pool {
    tests = List.copyOf(tests);
  }
}
