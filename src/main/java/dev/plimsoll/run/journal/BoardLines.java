package dev.plimsoll.run.journal;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.calibrate.document.RunDocument;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.report.json.RunJson;
import dev.plimsoll.shard.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the board keeps as text: the tests of the run, the results, and the runs of its machines.
/// It has the form of a shard's record.
public final class BoardLines {
  /// A result's text may be longer than what a store should keep of it.
  static final int LONGEST_TEXT = 1 << 20;

  private BoardLines() {}

  /// The tests, in an order that does not depend on the collection.
  public static List<String> manifest(Manifest manifest) {
    return ShardLines.tests(Manifest.of(manifest.sorted())).stream().map(BoardLines::json).toList();
  }

  /// Read the tests.
  ///
  /// @throws RuntimeException when the lines are none of ours
  public static Manifest readManifest(List<String> lines) {
    return Manifest.of(
        lines.stream().flatMap(line -> ShardLines.readTests(read(line)).stream()).toList());
  }

  /// A result with the name of the machine in that of its worker.
  public static String result(TestResult result, String name, Machine machine) {
    var line = new LinkedHashMap<String, Object>();
    TestResult there = result.worker().isEmpty() ? result : result.by(name + "/" + result.worker());
    line.put("result", ResultLine.of(there.withText(cut(there.text()))));
    line.put("machine", RunJson.machine(machine));
    return json(line);
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT
        ? text
        : text.substring(0, LONGEST_TEXT) + "\n(the board keeps no more of this text)\n";
  }

  /// Read a result.
  ///
  /// @throws RuntimeException when the line is none of ours
  public static TestResult readResult(String text) {
    Fields line = read(text);
    TestResult result = ResultLine.read(line.object("result").map());
    return result.under(result.conditions().on(line.object("machine").machine()));
  }

  /// A machine's run without its tests, and what could not be collected there.
  public static String summary(RunSummary run, List<TestResult> uncollected) {
    var line = new LinkedHashMap<String, Object>(ShardLines.summary(run));
    line.put("uncollected", uncollected.stream().map(ResultLine::of).toList());
    return json(line);
  }

  /// Read a machine's run.
  ///
  /// @throws RuntimeException when the line is none of ours
  public static RunSummary readSummary(String text) {
    return RunDocument.read(read(text).map().get("run"));
  }

  /// Read what could not be collected there.
  ///
  /// @throws RuntimeException when the line is none of ours
  public static List<TestResult> readUncollected(String text) {
    return read(text).map().get("uncollected") instanceof List<?> list
        ? list.stream().map(fields -> ResultLine.read((Map<?, ?>) fields)).toList()
        : List.of();
  }

  private static String json(Map<String, Object> line) {
    try {
      return JSON.std.asString(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Fields read(String text) {
    if (text.length() > BoundedLines.LONGEST_LINE) {
      throw new IllegalArgumentException("a line is too long");
    }
    try {
      return new Fields(JSON.std.mapFrom(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
