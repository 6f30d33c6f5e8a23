package dev.plimsoll.run;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.model.Bytes;
import java.time.Duration;

/// Judges the death of a worker.
public interface Deaths {
  /// A worker died.
  ///
  /// @return what ended it and how certain that is, in words, with the evidence
  String judge(HostMessage.Gone gone, Victim victim);

  /// What the run knew of the worker.
  ///
  /// @param kill why we killed it, if we did
  /// @param growth what its test had allocated when last seen
  /// @param limit the time limit that was exceeded, if one was
  record Victim(String worker, Kill kill, Bytes growth, Duration limit) {}

  /// Why a worker was killed by us.
  enum Kill {
    NONE,
    PREEMPTED,
    TIMEOUT
  }
}
