package dev.plimsoll.stages;

/// How a stage ended.
public sealed interface Ending {
  record Succeeded() implements Ending {}

  /// It ran, and what needs it must not.
  ///
  /// @param why in a few words
  record Failed(String why) implements Ending {}

  /// It did not run.
  ///
  /// @param why in a few words
  record NotRun(String why) implements Ending {}

  default boolean succeeded() {
    return this instanceof Succeeded;
  }
}
