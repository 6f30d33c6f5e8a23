package dev.plimsoll.run;

import dev.plimsoll.engine.pytest.HostMessage;

/// Judges the death of a worker.
interface Deaths {
  /// A worker died.
  ///
  /// @return what ended it and how certain that is, in words, with the evidence
  String judge(HostMessage.Gone gone, Worker worker);
}
