package dev.plimsoll.cli;

import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.memory.TreeMemory.Reading;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.run.chain.ChainResult;
import dev.plimsoll.run.chain.StageResult;
import dev.plimsoll.stages.Ending;
import dev.plimsoll.stages.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The text forms of stages and of a chain that has ended.
final class StagesText {
  private StagesText() {}

  /// A stage in one line: name, what it needs, what it does.
  static String line(Stage stage) {
    String needs = stage.needs().isEmpty() ? "" : " after " + String.join(", ", stage.needs());
    return String.format("%-14s%s%s", stage.name(), stage.work().text(), needs);
  }

  /// The summary of a chain.
  ///
  /// @param root files below it are shown relative to it
  static String summary(ChainResult chain, Path root) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"stage", "outcome", "workers", "time", "peak memory"});
    chain.stages().forEach(stage -> rows.add(row(stage)));
    var text = new StringBuilder(table(rows));
    if (chain.server().size().isPositive()) {
      text.append("server under test: peak ").append(memory(chain.server())).append('\n');
    }
    if (chain.machinePeak().isPositive()) {
      text.append("whole machine: peak ").append(chain.machinePeak()).append(" used\n");
    }
    appendKept(text, chain, root);
    return text.append("time: ").append(seconds(chain.duration())).append('\n').toString();
  }

  private static String[] row(StageResult stage) {
    String outcome =
        switch (stage.ending()) {
          case Ending.Succeeded _ -> "passed" + counts(stage);
          case Ending.Failed(String why) -> "failed: " + why + counts(stage);
          case Ending.NotRun(String why) -> "not run: " + why;
        };
    boolean ran = stage.result().isPresent();
    return new String[] {
      stage.stage().name(),
      outcome,
      ran ? Integer.toString(stage.workers()) : "",
      stage.result().map(RunnerResult::duration).map(StagesText::seconds).orElse(""),
      stage.peak().size().isPositive() ? memory(stage.peak()) : ""
    };
  }

  /// How the tests ended, for stages that tell of single tests.
  private static String counts(StageResult stage) {
    List<String> counts = new ArrayList<>();
    stage
        .result()
        .filter(result -> result.results().size() > 1)
        .ifPresent(result -> {
          for (Outcome outcome : Outcome.values()) {
            if (result.count(outcome) > 0) {
              counts.add(result.count(outcome) + " " + outcome.word());
            }
          }
        });
    return counts.isEmpty() ? "" : " (" + String.join(", ", counts) + ")";
  }

  private static void appendKept(StringBuilder text, ChainResult chain, Path root) {
    List<Path> kept =
        chain.stages().stream()
            .flatMap(stage -> stage.result().stream())
            .flatMap(result -> result.artefacts().stream())
            .toList();
    if (!kept.isEmpty()) {
      text.append("kept for failures:\n");
      kept.forEach(file -> text.append("  ").append(shown(file, root)).append('\n'));
    }
  }

  private static Path shown(Path file, Path root) {
    return file.startsWith(root) ? root.relativize(file) : file;
  }

  private static String memory(Reading peak) {
    return peak.size() + " (" + peak.source().word() + ")";
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }

  private static String table(List<String[]> rows) {
    int columns = rows.getFirst().length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    var text = new StringBuilder();
    for (String[] row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
