package dev.plimsoll.report.json;

import dev.plimsoll.model.Attempt;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.Part;
import dev.plimsoll.model.RamAfter;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.report.TerminalText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A run as a tree of maps, lists, texts and numbers, ready for a JSON writer.
///
/// `docs/reference/run-json.md` documents every key. Keys are only ever added under one {@link
/// #SCHEMA} number; bytes and seconds are in the names.
public final class RunJson {
  public static final int SCHEMA = 1;

  private RunJson() {}

  public static Map<String, Object> tree(RunSummary run) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("schema", SCHEMA);
    tree.put("run", run.id());
    tree.put("command", run.command());
    tree.put("engine", run.engine());
    tree.put("mode", run.mode());
    tree.put("start", run.start().toString());
    tree.put("seconds", seconds(run.duration()));
    tree.put("exitCode", run.exitCode());
    tree.put("interrupted", run.interrupted());
    tree.put("workers", run.workers());
    tree.put("counts", counts(run.counts()));
    tree.put("flaky", flaky(run));
    tree.put("machine", machine(run.machine()));
    tree.put("machines", machines(run));
    tree.put("memory", memory(run));
    tree.put("evidence", run.evidence());
    tree.put("stages", run.parts().stream().map(RunJson::part).toList());
    tree.put("kept", run.kept());
    tree.put("tests", run.results().stream().map(result -> test(result, run)).toList());
    return tree;
  }

  static long flaky(RunSummary run) {
    return run.results().stream().filter(TestResult::isFlaky).count();
  }

  static Map<String, Object> counts(Map<Outcome, Integer> counts) {
    var tree = new LinkedHashMap<String, Object>();
    counts.forEach((outcome, count) -> tree.put(outcome.word(), count));
    return tree;
  }

  /// A machine as the document has it.
  public static Map<String, Object> machine(Machine machine) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("name", machine.name());
    tree.put("cores", machine.cores());
    tree.put("memoryBytes", machine.memory().value());
    tree.put("kind", machine.kind());
    tree.put("cpu", machine.cpu());
    tree.put("key", machine.key());
    return tree;
  }

  private static Map<String, Object> memory(RunSummary run) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("peakBytes", run.peak().value());
    tree.put("source", run.source().word());
    tree.put("budgetBytes", run.budget().value());
    tree.put("machinePeakBytes", run.machinePeak().value());
    tree.put("swapBeforeBytes", run.swapBefore().value());
    tree.put("after", after(run.after()));
    return tree;
  }

  private static Map<String, Object> part(Part part) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("name", part.name());
    tree.put("ending", part.ending());
    tree.put("workers", part.workers());
    tree.put("seconds", seconds(part.duration()));
    tree.put("peakBytes", part.peak().value());
    tree.put("source", part.source().word());
    return tree;
  }

  private static Map<String, Object> after(RamAfter after) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("usedBytes", after.used().value());
    tree.put("freeBytes", after.free().value());
    tree.put("buffCacheBytes", after.buffCache().value());
    tree.put("availableBytes", after.available().value());
    tree.put("swapUsedBytes", after.swapUsed().value());
    return tree;
  }

  /// Those that ran a test, each once.
  private static List<Map<String, Object>> machines(RunSummary run) {
    return run.results().stream()
        .filter(TestResult::ran)
        .map(result -> result.machineIn(run.machine()))
        .distinct()
        .map(RunJson::machine)
        .toList();
  }

  private static Map<String, Object> test(TestResult result, RunSummary run) {
    return test(result, result.ran() ? result.machineIn(run.machine()).key() : "");
  }

  /// @param machine key of the machine that ran it, empty when it did not run
  static Map<String, Object> test(TestResult result, String machine) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("id", result.id());
    tree.put("path", result.path());
    tree.put("group", result.group());
    tree.put("outcome", result.outcome().word());
    tree.put("unit", result.conditions().unit());
    tree.put("worker", result.worker());
    tree.put("machine", machine);
    tree.put("start", result.start().toString());
    tree.put("seconds", seconds(result.duration()));
    tree.put("waitedSeconds", seconds(result.conditions().waited()));
    tree.put("cpuSeconds", seconds(result.conditions().cpu()));
    tree.put("peakBytes", result.peak().value());
    tree.put("source", result.source().word());
    tree.put("attempts", result.attempts());
    tree.put("flaky", result.isFlaky());
    tree.put("earlier", result.earlier().stream().map(RunJson::attempt).toList());
    tree.put("reason", result.reason());
    tree.put("notes", List.copyOf(result.notes()));
    tree.put("text", TerminalText.colourless(result.text()));
    return tree;
  }

  private static Map<String, Object> attempt(Attempt attempt) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("outcome", attempt.outcome().word());
    tree.put("worker", attempt.worker());
    tree.put("start", attempt.start().toString());
    tree.put("seconds", seconds(attempt.duration()));
    tree.put("reason", attempt.reason());
    tree.put("text", TerminalText.colourless(attempt.text()));
    return tree;
  }

  static double seconds(Duration time) {
    return Math.round(time.toNanos() / 1e3) / 1e6;
  }
}
