package dev.plimsoll.run;

import dev.plimsoll.engine.pytest.ChosenPython;
import dev.plimsoll.engine.pytest.EarlyPython;
import dev.plimsoll.engine.pytest.Host;
import dev.plimsoll.engine.pytest.HostRequest;
import dev.plimsoll.engine.pytest.PytestHost;
import dev.plimsoll.engine.pytest.PythonProbe;
import dev.plimsoll.run.dispatch.HostSessions;
import dev.plimsoll.run.guard.Guard;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The pytest sessions of a run, one after another. The first starts at once: it takes longer than
/// all else that a run needs, which is put together meanwhile.
final class PytestSessions implements HostSessions, AutoCloseable {
  private final Guard guard;
  private @Nullable Host begun;

  /// @param first what is opened first
  /// @param python an interpreter that waits for its order
  /// @param guard contains each as it starts
  PytestSessions(HostRequest first, Optional<EarlyPython> python, Guard guard) {
    this.guard = guard;
    this.begun = start(first, python);
  }

  private Host start(HostRequest request, Optional<EarlyPython> python) {
    Host host = PytestHost.start(request, python);
    guard.host(host.pid());
    return host;
  }

  @Override
  public Host open(HostRequest request) {
    Host host = begun;
    begun = null;
    return host == null ? start(request, Optional.empty()) : host;
  }

  @Override
  public void check(ChosenPython python, Path folder) {
    PythonProbe.check(python, folder);
  }

  /// End the session that nobody took.
  @Override
  public void close() {
    Host host = begun;
    if (host != null) {
      host.close();
    }
  }
}
