package dev.plimsoll.cli.stages;

import dev.plimsoll.stages.Stage;

/// The text form of stages.
final class StagesText {
  private StagesText() {}

  /// A stage in one line: name, what it does, where, what it needs.
  static String line(Stage stage) {
    String needs = stage.needs().isEmpty() ? "" : " after " + String.join(", ", stage.needs());
    String in = stage.folder().isEmpty() ? "" : " in " + stage.folder();
    return String.format("%-14s%s%s%s", stage.name(), stage.work().text(), in, needs);
  }
}
