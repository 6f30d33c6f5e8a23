package dev.plimsoll.run;

import dev.plimsoll.engine.pytest.HostRequest;
import dev.plimsoll.engine.pytest.PytestHost;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The pytest sessions of a run, one after another. The first starts at once: it takes longer than
/// all else that a run needs, which is put together meanwhile.
final class Sessions implements AutoCloseable {
  private final Guard guard;
  private final Deque<HostRequest> waiting;
  private @Nullable PytestHost begun;

  /// @param guard is told of each as it starts
  Sessions(List<HostRequest> requests, Guard guard) {
    this.guard = guard;
    this.waiting = new ArrayDeque<>(requests);
    this.begun = start();
  }

  private PytestHost start() {
    PytestHost host = PytestHost.start(waiting.remove());
    guard.host(host.pid());
    return host;
  }

  /// The next session, which has started; the caller closes it.
  PytestHost next() {
    PytestHost host = begun;
    begun = null;
    return host == null ? start() : host;
  }

  /// End the session that nobody took.
  @Override
  public void close() {
    PytestHost host = begun;
    if (host != null) {
      host.close();
    }
  }
}
