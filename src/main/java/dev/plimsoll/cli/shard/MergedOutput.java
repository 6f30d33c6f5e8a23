package dev.plimsoll.cli.shard;

import dev.plimsoll.cli.EventSinks;
import dev.plimsoll.cli.OutputFlags;
import dev.plimsoll.cli.report.JunitReport;
import dev.plimsoll.config.Config;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.run.chain.StageReader;
import dev.plimsoll.shard.MergedRun;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The reports of a run that several machines made.
///
/// @param flags what is reported, and where
record MergedOutput(OutputFlags flags) {
  /// Write them, and what `pytest --lf` reads.
  ///
  /// @param warning receives what cannot be recorded
  /// @return the exit code
  int write(Config config, MergedRun merged, Consumer<String> warning) {
    RunSummary run = merged.summary();
    List<String> stages = StageReader.names(config);
    if (run.results().stream().noneMatch(result -> stages.contains(result.group()))) {
      LastFailed.write(config.root(), run);
    }
    var report = new JunitReport(flags.junit(), warning);
    EventSinks sinks =
        new EventSinks(config, flags.display(), report, run.command(), warning)
            .html(config, flags.html());
    try (report;
        sinks) {
      Instant end = run.start().plus(run.duration());
      sinks.accept(
          new RunEvent.Started(
              run.start(), run.id(), run.engine(), run.mode(), run.machine(), run.budget(), ""));
      sinks.accept(
          new RunEvent.Collected(
              run.start(), run.results().size(), 0, groups(run.results()), -1, false));
      note(sinks, end, merged.notes(), RunEvent.Level.INFO);
      note(sinks, end, merged.warnings(), RunEvent.Level.WARNING);
      run.results().stream()
          .filter(result -> result.outcome() != Outcome.NOT_RUN)
          .forEach(result -> sinks.accept(new RunEvent.TestFinished(end, result)));
      note(sinks, end, merged.missing(), RunEvent.Level.WARNING);
      sinks.accept(new RunEvent.Finished(end, run));
    }
    return sinks.exitCode(run.exitCode());
  }

  private static void note(EventSinks sinks, Instant at, List<String> texts, RunEvent.Level level) {
    texts.forEach(text -> sinks.accept(new RunEvent.Note(at, level, text)));
  }

  private static Map<String, Integer> groups(List<TestResult> results) {
    var groups = new LinkedHashMap<String, Integer>();
    results.forEach(result -> groups.merge(result.group(), 1, Integer::sum));
    return groups;
  }
}
