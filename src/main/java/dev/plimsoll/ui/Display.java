package dev.plimsoll.ui;

import dev.plimsoll.model.RunEvent;
import java.time.Instant;
import java.util.function.Consumer;

/// Shows a run while it is running and its summary at the end. Gets every event in order, from one
/// thread.
public interface Display extends Consumer<RunEvent>, AutoCloseable {
  /// Called regularly, to update times.
  void tick(Instant now);

  /// The run is over, even if it did not finish.
  @Override
  void close();
}
