package dev.plimsoll.run;

import dev.plimsoll.engine.pytest.Host;
import dev.plimsoll.engine.pytest.HostRequest;

/// Where the pytest sessions of a run come from.
interface HostSessions {
  /// A session that has started; the caller closes it.
  Host open(HostRequest request);
}
