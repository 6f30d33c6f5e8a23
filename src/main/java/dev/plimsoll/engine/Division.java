package dev.plimsoll.engine;

import dev.plimsoll.shard.Manifest;
import java.util.Map;
import java.util.Set;

/// The part of a suite that one of several machines runs. A runner asks for it once, when it knows
/// all tests.
@FunctionalInterface
public interface Division {
  /// Which tests run here.
  ///
  /// @param all the tests of all machines
  /// @param versions of what loaded them; they must be the same on all machines
  /// @return ids
  Set<String> mine(Manifest all, Map<String, String> versions);
}
