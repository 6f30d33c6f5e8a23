package dev.plimsoll.schedule;

import dev.plimsoll.model.Bytes;

/// The word of the other runs on the machine on what this one may take.
public interface Reservations {
  /// Nobody else is there.
  Reservations ALONE =
      new Reservations() {
        @Override
        public boolean claim(Bytes pending, Bytes headroom, boolean idle) {
          return true;
        }

        @Override
        public void publish(Bytes pending, boolean busy) {
          // Nobody listens.
        }
      };

  /// Ask whether the running tests may still allocate `pending` in all; when so, it is taken and
  /// other runs see it at once.
  ///
  /// @param headroom what this run could allocate by its last look at memory
  /// @param idle nothing of this run runs: it is let in even where it does not fit, unless a test
  ///   of another run runs
  boolean claim(Bytes pending, Bytes headroom, boolean idle);

  /// Say what the running tests may still allocate: less than was claimed, as they use it or end.
  ///
  /// @param busy whether a test of this run runs
  void publish(Bytes pending, boolean busy);
}
