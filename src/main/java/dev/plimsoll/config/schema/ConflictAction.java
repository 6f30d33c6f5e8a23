package dev.plimsoll.config.schema;

/// What preflight does about a process that competes for memory.
public enum ConflictAction {
  REPORT,
  FAIL,
  STOP
}
