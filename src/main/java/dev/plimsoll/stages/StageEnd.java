package dev.plimsoll.stages;

/// How a stage ended.
public sealed interface StageEnd {
  record Succeeded() implements StageEnd {}

  /// It failed; stages that need it do not run.
  ///
  /// @param why in a few words
  record Failed(String why) implements StageEnd {}

  /// It did not run.
  ///
  /// @param why in a few words
  record NotRun(String why) implements StageEnd {}

  default boolean succeeded() {
    return this instanceof Succeeded;
  }
}
