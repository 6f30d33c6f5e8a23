package dev.plimsoll.report.html;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.ParallelFailure;
import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.estimate.Sample;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Part;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RamAfter;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.report.FailureText;
import dev.plimsoll.report.LevelRow;
import dev.plimsoll.report.MachineText;
import dev.plimsoll.report.MemoryCurve;
import dev.plimsoll.report.MoreWorkers;
import dev.plimsoll.report.RunChanges;
import dev.plimsoll.report.RunText;
import dev.plimsoll.report.Style;
import dev.plimsoll.report.TerminalText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A report as a tree of maps, lists, texts and numbers: the JSON report, and the data of the page.
///
/// Times are seconds, memory is in MiB; what is not known is null.
public final class ReportTree {
  private ReportTree() {}

  /// Failures are shown with this many characters of their text, fewer when there are many: a page
  /// of 500 failures stays below 15 MB.
  private static final int TEXT = 20_000;

  private static final int TEXTS = 6_000_000;

  /// So many of the slowest and of the largest tests come with their history; all red ones do.
  private static final int WITH_HISTORY = 200;

  /// A run with what is kept beside its summary.
  ///
  /// @param memory memory over time, may be empty
  /// @param deaths attempts that ended with their worker
  /// @param changes what is otherwise than in the run before
  /// @param samples what each test took in earlier runs, by id, the newest first
  /// @param media kept pictures and videos as `data:` addresses, by the name of their file
  public record Run(
      RunSummary summary,
      List<MemoryCurve.Point> memory,
      List<KilledAttempt> deaths,
      RunChanges changes,
      Map<String, List<Sample>> samples,
      Map<String, String> media) {
    public Run {
      memory = List.copyOf(memory);
      deaths = List.copyOf(deaths);
      samples = Map.copyOf(samples);
      media = Map.copyOf(media);
    }
  }

  /// An attempt that ended with its worker.
  ///
  /// @param at since the run began
  /// @param why what happened, in one sentence
  public record KilledAttempt(
      String test, String worker, Duration at, Duration duration, int attempt, String why) {}

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
    tree.put("command", summary.commandLine());
    tree.put("start", summary.start().toString());
    tree.put("seconds", seconds(summary.duration()));
    tree.put("counts", counts);
    tree.put("workers", summary.workers());
    boolean sensed = summary.source() != PeakSource.NONE;
    tree.put("peak", sensed ? mib(summary.peak()) : null);
    tree.put("source", summary.source().word());
    tree.put("budget", mib(summary.budget()));
    tree.put("verdict", RunText.verdict(summary, Style.PLAIN));
    tree.put("exitCode", summary.exitCode());
    tree.put("more", MoreWorkers.sentence(summary, id -> id));
    tree.put("changes", changes(run.changes()));
    tree.put("deaths", run.deaths().stream().map(ReportTree::death).toList());
    tree.put("evidence", summary.evidence());
    tree.put("stages", summary.parts().stream().map(ReportTree::part).toList());
    tree.put("kept", summary.kept());
    tree.put("media", run.media());
    tree.put("memory", run.memory().stream().map(ReportTree::point).toList());
    tree.put("tests", tests(run));
    return tree;
  }

  private static Map<String, Object> changes(RunChanges changes) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("failing", changes.failing());
    tree.put("fixed", changes.fixed());
    tree.put("slower", changes.slower());
    tree.put("larger", changes.larger());
    return tree;
  }

  private static Map<String, Object> death(KilledAttempt death) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("test", death.test());
    tree.put("worker", death.worker());
    tree.put("start", seconds(death.at()));
    tree.put("seconds", seconds(death.duration()));
    tree.put("attempt", death.attempt());
    tree.put("why", death.why());
    return tree;
  }

  private static List<Map<String, @Nullable Object>> tests(Run run) {
    List<TestResult> results = run.summary().results();
    long red = results.stream().filter(result -> result.outcome().isRed()).count();
    int text = (int) Math.min(TEXT, TEXTS / Math.max(1, red));
    Set<String> shown = new HashSet<>();
    top(results, Comparator.comparing(TestResult::duration)).forEach(shown::add);
    top(results, Comparator.comparing(TestResult::peak)).forEach(shown::add);
    var tests = new ArrayList<Map<String, @Nullable Object>>(results.size());
    for (TestResult result : results) {
      var tree = test(result, run.summary().start(), text);
      List<Sample> samples = run.samples().getOrDefault(result.id(), List.of());
      if (!samples.isEmpty() && (result.outcome().isRed() || shown.contains(result.id()))) {
        tree.put("history", samples.stream().map(ReportTree::sample).toList());
      }
      tests.add(tree);
    }
    return tests;
  }

  private static Stream<String> top(List<TestResult> results, Comparator<TestResult> by) {
    return results.stream().sorted(by.reversed()).limit(WITH_HISTORY).map(TestResult::id);
  }

  /// Time and memory of an earlier run; null for memory that was not measured.
  private static List<@Nullable Double> sample(Sample sample) {
    var figures = new ArrayList<@Nullable Double>();
    figures.add(seconds(sample.duration()));
    figures.add(sample.source() == PeakSource.NONE ? null : mib(sample.peak()));
    return figures;
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

  private static List<Object> point(MemoryCurve.Point point) {
    var workers = new TreeMap<String, Double>();
    point.workers().forEach((worker, held) -> workers.put(worker, mib(held)));
    return List.of(seconds(point.at()), mib(point.used()), mib(point.budget()), workers);
  }

  private static Map<String, @Nullable Object> test(TestResult test, Instant start, int text) {
    boolean ran = !test.start().equals(Instant.EPOCH);
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("id", test.id());
    tree.put("outcome", test.outcome().word());
    tree.put("group", test.group());
    tree.put("worker", ran ? test.worker() : "");
    tree.put("start", ran ? seconds(Duration.between(start, test.start())) : 0.0);
    tree.put("seconds", seconds(test.duration()));
    tree.put("peak", isShown(test) ? mib(test.peak()) : null);
    tree.put("cause", test.outcome().isRed() ? FailureText.cause(test) : "");
    tree.put("notes", test.notes());
    tree.put("attempts", test.attempts());
    tree.put("bound", isBound(test.source()));
    tree.put("unmeasured", unmeasured(test));
    if (!test.text().isBlank()) {
      tree.put("text", TerminalText.block(last(test.text().stripTrailing(), text), true));
    }
    return tree;
  }

  /// The end of a long text, where a failure says why.
  private static String last(String text, int most) {
    return text.length() <= most
        ? text
        : "[the beginning is left out]\n" + text.substring(text.length() - most);
  }

  /// Whether a peak is only known to be at least this.
  private static boolean isBound(PeakSource source) {
    return switch (source) {
      case HWM_REUSED, KILLED, KILLED_ALONE -> true;
      case CGROUP, PSS, HWM_FRESH, RSS_SUM, NONE -> false;
    };
  }

  /// A peak of nearly nothing that is a lower bound says nothing.
  private static boolean isShown(TestResult test) {
    return isBound(test.source()) ? mib(test.peak()) > 0 : test.source() != PeakSource.NONE;
  }

  /// Why there is no peak to show; empty when there is one.
  private static String unmeasured(TestResult test) {
    if (test.source() == PeakSource.NONE) {
      return test.ran() ? "its memory was not measured" : "it did not run";
    }
    return isShown(test)
        ? ""
        : "it used memory that its worker had already, so its own is not known";
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
