package dev.plimsoll.report;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.ParallelFailure;
import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Part;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RamAfter;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A report as a tree of maps, lists, texts and numbers: the JSON report, and the data of the page.
///
/// Times are seconds, memory is in MiB; what is not known is null.
public final class ReportTree {
  private ReportTree() {}

  /// A run with its memory over time, which may be empty.
  public record Run(RunSummary summary, List<MemoryCurve.Point> memory) {
    public Run {
      memory = List.copyOf(memory);
    }
  }

  /// The report of these calibrations and runs.
  ///
  /// @param project name of the project
  /// @param version version of Plimsoll
  public static Map<String, @Nullable Object> of(
      String project, String version, List<Calibration> calibrations, List<Run> runs) {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("schema", 1);
    tree.put("title", "Plimsoll report: " + project);
    tree.put("subtitle", subtitle(calibrations, runs));
    tree.put("footer", "Written by Plimsoll " + version + ".");
    tree.put("suites", calibrations.stream().map(ReportTree::suite).toList());
    tree.put("runs", runs.stream().map(ReportTree::run).toList());
    return tree;
  }

  private static String subtitle(List<Calibration> calibrations, List<Run> runs) {
    var machines = new ArrayList<String>();
    calibrations.forEach(c -> machines.add(MachineText.of(c.machine())));
    runs.forEach(run -> machines.add(MachineText.of(run.summary().machine())));
    return String.join("; ", machines.stream().distinct().toList());
  }

  private static Map<String, @Nullable Object> suite(Calibration calibration) {
    var choice = calibration.choice();
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("name", calibration.suite());
    tree.put("engine", calibration.engine());
    tree.put("command", calibration.command());
    tree.put("chosen", choice.found() ? choice.workers() : null);
    tree.put("reason", choice.reason());
    tree.put("end", calibration.end());
    tree.put("notes", choice.notes());
    tree.put("budget", mib(calibration.budget()));
    tree.put("measured", MachineText.measured(calibration));
    tree.put("levels", LevelRow.of(calibration).stream().map(ReportTree::level).toList());
    var failures = new ArrayList<Map<String, Object>>();
    for (ParallelFailure failure : ParallelFailure.of(calibration.state())) {
      var entry = new LinkedHashMap<String, Object>();
      entry.put("test", failure.test());
      entry.put("finding", failure.finding());
      entry.put("remedy", failure.remedy(calibration.engine()));
      entry.put("beside", failure.beside());
      failures.add(entry);
    }
    tree.put("failures", failures);
    return tree;
  }

  private static Map<String, @Nullable Object> level(LevelRow row) {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("workers", row.workers());
    tree.put("runs", row.runs());
    tree.put("outcome", row.outcome());
    tree.put("stable", row.stable());
    tree.put("chosen", row.chosen());
    tree.put("times", row.times().stream().map(ReportTree::seconds).toList());
    tree.put("median", seconds(row.median()));
    tree.put("spread", row.spread());
    tree.put("peak", mib(row.peak()));
    tree.put("after", after(row.after()));
    tree.put("swap", row.swap().known() ? row.swap().bytes().toMib() : null);
    tree.put("verdict", row.verdict());
    return tree;
  }

  private static @Nullable Map<String, Object> after(RamAfter after) {
    if (after.equals(RamAfter.UNKNOWN)) {
      return null;
    }
    var tree = new LinkedHashMap<String, Object>();
    tree.put("used", after.used().toMib());
    tree.put("free", after.free().toMib());
    tree.put("buff", after.buffCache().toMib());
    tree.put("available", after.available().toMib());
    return tree;
  }

  private static Map<String, @Nullable Object> run(Run run) {
    RunSummary summary = run.summary();
    var counts = new LinkedHashMap<String, Object>();
    summary.counts().forEach((outcome, count) -> counts.put(outcome.word(), count));
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("id", summary.id());
    tree.put("command", "plimsoll " + summary.command());
    tree.put("start", summary.start().toString());
    tree.put("seconds", seconds(summary.duration()));
    tree.put("counts", counts);
    tree.put("workers", summary.workers());
    boolean sensed = summary.source() != PeakSource.NONE;
    tree.put("peak", sensed ? mib(summary.peak()) : null);
    tree.put("source", summary.source().word());
    tree.put("budget", mib(summary.budget()));
    tree.put("evidence", summary.evidence());
    tree.put("stages", summary.parts().stream().map(ReportTree::part).toList());
    tree.put("kept", summary.kept());
    tree.put("memory", run.memory().stream().map(ReportTree::point).toList());
    tree.put("tests", summary.results().stream().map(t -> test(t, summary.start())).toList());
    return tree;
  }

  private static Map<String, @Nullable Object> part(Part part) {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("name", part.name());
    tree.put("ending", part.ending());
    tree.put("workers", part.workers());
    tree.put("seconds", seconds(part.duration()));
    tree.put("peak", part.source() == PeakSource.NONE ? null : mib(part.peak()));
    return tree;
  }

  private static List<Double> point(MemoryCurve.Point point) {
    return List.of(seconds(point.at()), mib(point.used()), mib(point.budget()));
  }

  private static Map<String, @Nullable Object> test(TestResult test, Instant start) {
    boolean ran = !test.start().equals(Instant.EPOCH);
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("id", test.id());
    tree.put("outcome", test.outcome().word());
    tree.put("group", test.group());
    tree.put("worker", ran ? test.worker() : "");
    tree.put("start", ran ? seconds(Duration.between(start, test.start())) : 0.0);
    tree.put("seconds", seconds(test.duration()));
    tree.put("peak", test.source() == PeakSource.NONE ? null : mib(test.peak()));
    tree.put("cause", test.outcome().isRed() ? FailureText.cause(test) : "");
    tree.put("notes", test.notes());
    return tree;
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  private static @Nullable Double mib(Amount amount) {
    return amount.known() ? mib(amount.bytes()) : null;
  }

  /// To a tenth of a MiB.
  private static double mib(Bytes bytes) {
    return Math.round(bytes.value() / 104857.6) / 10.0;
  }
}
