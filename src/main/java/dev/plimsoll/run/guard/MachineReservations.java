package dev.plimsoll.run.guard;

import dev.plimsoll.memory.SharedBudget;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.OtherRuns;
import dev.plimsoll.schedule.Reservations;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The reservations of the runs on this machine, in their common file. Where it cannot be read or
/// written this run counts as the only one.
final class MachineReservations implements Reservations, AutoCloseable {
  private final @Nullable SharedBudget shared;
  private OtherRuns others = OtherRuns.NONE;
  private Bytes before = Bytes.ZERO;

  MachineReservations(Optional<SharedBudget> shared) {
    this.shared = shared.orElse(null);
  }

  /// What other runs held and were about to allocate at the last look.
  OtherRuns others() {
    return others;
  }

  /// Say what this run holds.
  void holds(Bytes held) {
    if (shared != null) {
      shared.holds(held);
    }
  }

  /// Look what other runs hold and are about to allocate.
  void renew() {
    if (shared != null) {
      try {
        others = shared.others();
      } catch (IOException unreadable) {
        others = OtherRuns.NONE;
      }
    }
  }

  @Override
  public boolean claim(Bytes pending, Bytes headroom, boolean idle) {
    try {
      return shared == null || shared.claim(pending, headroom, others.pending(), idle);
    } catch (IOException unreadable) {
      return true;
    }
  }

  /// What has been allocated stays in this run's line for one look longer, until every other run
  /// has had a look that shows it as used.
  @Override
  public void publish(Bytes pending, boolean busy) {
    if (shared != null) {
      try {
        shared.publish(pending.max(before), busy);
        before = pending;
      } catch (IOException unwritable) {
        others = OtherRuns.NONE;
      }
    }
  }

  @Override
  public void close() {
    if (shared != null) {
      try {
        shared.close();
      } catch (IOException unwritable) {
        // The line counts as gone once this process has ended.
        others = OtherRuns.NONE;
      }
    }
  }
}
