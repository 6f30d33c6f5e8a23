package dev.plimsoll.config.schema;

/// Whether the terminal shows the progress of a run in its tab or in the task bar.
public enum ProgressUse {
  /// Where the terminal is known to do so.
  AUTO,
  ALWAYS,
  NEVER
}
