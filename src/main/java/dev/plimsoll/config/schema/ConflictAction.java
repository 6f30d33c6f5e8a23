package dev.plimsoll.config.schema;

/// What the preflight check does about a process that competes for memory.
public enum ConflictAction {
  REPORT,
  FAIL,
  STOP
}
