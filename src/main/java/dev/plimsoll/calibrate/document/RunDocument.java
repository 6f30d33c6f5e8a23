package dev.plimsoll.calibrate.document;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Conditions;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RamAfter;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Read back what `plimsoll run --json` prints.
public final class RunDocument {
  private RunDocument() {}

  /// The summary of a run.
  ///
  /// @throws dev.plimsoll.model.UserError when the document is none; names the place
  public static RunSummary read(@Nullable Object document) {
    Node run = new Node("", document);
    var workers = new LinkedHashMap<String, Integer>();
    run.get("workers").members().forEach((group, count) -> workers.put(group, count.whole(0)));
    var machines = machines(run);
    var results = new ArrayList<TestResult>();
    run.get("tests").elements().forEach(test -> results.add(test(test, machines)));
    Node memory = run.get("memory");
    return new RunSummary(
        run.get("run").text(),
        run.get("command").text(),
        run.get("engine").text(),
        run.get("mode").text(),
        workers,
        machine(run.get("machine")),
        instant(run.get("start")),
        seconds(run.get("seconds")),
        results,
        bytes(memory.get("peakBytes")),
        PeakSource.ofWord(memory.get("source").text()),
        bytes(memory.get("machinePeakBytes")),
        bytes(memory.get("budgetBytes")),
        bytes(memory.get("swapBeforeBytes")),
        after(memory.get("after")),
        texts(run.get("evidence")),
        run.get("interrupted").text(),
        run.get("exitCode").whole(0));
  }

  /// The machines that ran tests, by key; none in a document of an older version.
  private static Map<String, Machine> machines(Node run) {
    var machines = new HashMap<String, Machine>();
    if (run.get("machines").present()) {
      run.get("machines").elements().stream()
          .map(RunDocument::machine)
          .forEach(machine -> machines.put(machine.key(), machine));
    }
    return machines;
  }

  private static Machine machine(Node machine) {
    return new Machine(
        machine.get("name").text(),
        machine.get("cores").whole(1),
        bytes(machine.get("memoryBytes")),
        machine.get("kind").text(),
        machine.get("cpu").present() ? machine.get("cpu").text() : "");
  }

  private static RamAfter after(Node after) {
    return new RamAfter(
        bytes(after.get("usedBytes")),
        bytes(after.get("freeBytes")),
        bytes(after.get("buffCacheBytes")),
        bytes(after.get("availableBytes")),
        bytes(after.get("swapUsedBytes")));
  }

  private static TestResult test(Node test, Map<String, Machine> machines) {
    return new TestResult(
            test.get("id").text(),
            test.get("path").text(),
            test.get("group").text(),
            outcome(test.get("outcome")),
            test.get("worker").text(),
            instant(test.get("start")),
            seconds(test.get("seconds")),
            bytes(test.get("peakBytes")),
            PeakSource.ofWord(test.get("source").text()),
            test.get("attempts").whole(0),
            optionalText(test.get("text")),
            optionalText(test.get("reason")),
            test.get("notes").present() ? texts(test.get("notes")) : List.of())
        .under(
            new Conditions(
                optionalText(test.get("unit")),
                machines.getOrDefault(optionalText(test.get("machine")), Machine.UNKNOWN),
                optionalSeconds(test.get("waitedSeconds")),
                optionalSeconds(test.get("cpuSeconds"))));
  }

  private static Duration optionalSeconds(Node node) {
    return node.present() ? seconds(node) : Duration.ZERO;
  }

  private static String optionalText(Node node) {
    return node.present() ? node.text() : "";
  }

  private static Outcome outcome(Node node) {
    try {
      return Outcome.ofWord(node.text());
    } catch (IllegalArgumentException e) {
      throw node.wrong("an outcome");
    }
  }

  private static Instant instant(Node node) {
    try {
      return Instant.parse(node.text());
    } catch (DateTimeException e) {
      throw node.wrong("a moment");
    }
  }

  private static Duration seconds(Node node) {
    return Duration.ofNanos(Math.round(node.amount() * 1e9));
  }

  private static Bytes bytes(Node node) {
    return Bytes.of((long) node.number());
  }

  private static List<String> texts(Node node) {
    return node.elements().stream().map(Node::text).toList();
  }
}
