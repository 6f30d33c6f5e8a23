package dev.plimsoll.run;

import dev.plimsoll.engine.pytest.HostMessage;

/// Says how a worker ended and claims nothing that was not seen.
public final class SignalDeaths implements Deaths {
  @Override
  public String judge(HostMessage.Gone gone, Victim victim) {
    return switch (victim.kill()) {
      case PREEMPTED -> "stopped by Plimsoll to free memory; it had allocated " + victim.growth();
      case TIMEOUT -> "stopped by Plimsoll: it exceeded its time limit of " + victim.limit();
      case NONE ->
          gone.signal() > 0
              ? "killed by signal " + gone.signal()
              : "its process ended by itself with exit status " + gone.status();
    };
  }
}
