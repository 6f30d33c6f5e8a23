package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.HostMessage;

/// What reaches the dispatcher's queue.
sealed interface Signal {
  record Message(HostMessage message) implements Signal {}

  /// The board answered.
  record Answer(Runnable what) implements Signal {}

  /// The user asked to stop; the second time means now.
  record Interrupt() implements Signal {}
}
