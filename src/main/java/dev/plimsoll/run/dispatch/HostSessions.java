package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.ChosenPython;
import dev.plimsoll.engine.pytest.Host;
import dev.plimsoll.engine.pytest.HostRequest;
import dev.plimsoll.model.UserError;
import java.nio.file.Path;

/// Where the pytest sessions of a run come from.
public interface HostSessions {
  /// A session that has started; the caller closes it.
  Host open(HostRequest request);

  /// Find out why a session did not begin.
  ///
  /// @throws UserError when the interpreter is the reason
  void check(ChosenPython python, Path folder);
}
