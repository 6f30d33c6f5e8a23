package dev.plimsoll.engine;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.PeakSource;

/// What the surroundings of a runner saw of its tests, and the runner cannot know.
public interface MemoryObserver {
  /// Sees nothing.
  MemoryObserver NONE = new MemoryObserver() {};

  /// The most that a test's worker and all below it held while the test ran.
  default Held held(String test) {
    return Held.UNKNOWN;
  }

  /// A test's worker, or a browser of it, died under the test: why?
  ///
  /// @param worker name of the worker
  /// @param death what the runner saw
  default Finding examine(String worker, String test, Death death) {
    return Finding.NOTHING;
  }

  /// A memory figure and how it was taken.
  record Held(Bytes size, PeakSource source) {
    public static final Held UNKNOWN = new Held(Bytes.ZERO, PeakSource.NONE);
  }

  /// Why something died.
  ///
  /// @param text the verdict with its evidence; empty when nothing can be said
  /// @param again whether the test deserves another try, alone: memory was, or may have been, the
  ///   reason
  record Finding(String text, boolean again) {
    public static final Finding NOTHING = new Finding("", false);
  }

  /// What a runner saw die.
  sealed interface Death {
    /// A process that drew one page, or the whole browser.
    record Browser(String what) implements Death {}

    /// The worker's own process.
    ///
    /// @param signal the signal that killed it, 0 if it exited
    /// @param status its exit code, -1 when unknown
    record Worker(int signal, int status) implements Death {}
  }
}
