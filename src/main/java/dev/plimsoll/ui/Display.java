package dev.plimsoll.ui;

import dev.plimsoll.model.RunEvent;
import java.time.Instant;
import java.util.function.Consumer;

/// Shows a run while it goes on and its summary at the end. Gets every event in order, from one
/// thread.
public interface Display extends Consumer<RunEvent>, AutoCloseable {
  /// Time has passed without an event.
  void tick(Instant now);

  /// The run is over, whether or not it finished.
  @Override
  void close();
}
