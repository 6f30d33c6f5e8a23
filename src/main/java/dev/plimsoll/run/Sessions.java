package dev.plimsoll.run;

import dev.plimsoll.engine.pytest.HostRequest;
import dev.plimsoll.engine.pytest.PytestHost;
import org.jspecify.annotations.Nullable;

/// The pytest sessions of a run, one after another. The first starts at once: it takes longer than
/// all else that a run needs, which is put together meanwhile.
final class Sessions implements AutoCloseable {
  private final Guard guard;
  private @Nullable PytestHost begun;

  /// @param first what is opened first
  /// @param guard is told of each as it starts
  Sessions(HostRequest first, Guard guard) {
    this.guard = guard;
    this.begun = start(first);
  }

  private PytestHost start(HostRequest request) {
    PytestHost host = PytestHost.start(request);
    guard.host(host.pid());
    return host;
  }

  /// A session, which has started; the caller closes it.
  PytestHost open(HostRequest request) {
    PytestHost host = begun;
    begun = null;
    return host == null ? start(request) : host;
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
