package dev.plimsoll.calibrate;

import java.util.List;

/// A test that failed in a parallel run, and its company.
///
/// @param beside tests that ran at the same time, longest overlap first
public record Clash(String test, List<String> beside) {
  public Clash {
    beside = List.copyOf(beside);
  }
}
