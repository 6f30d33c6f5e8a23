package dev.plimsoll.run.journal;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Conditions;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.TestResult;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A test's result as a line of the journal holds it.
final class ResultLine {
  private ResultLine() {}

  static Map<String, Object> of(TestResult result) {
    var line = new LinkedHashMap<String, Object>();
    line.put("id", result.id());
    line.put("path", result.path());
    line.put("group", result.group());
    line.put("outcome", result.outcome().word());
    line.put("worker", result.worker());
    line.put("start", result.start().toString());
    line.put("nanos", result.duration().toNanos());
    line.put("peak", result.peak().value());
    line.put("source", result.source().word());
    line.put("attempts", result.attempts());
    line.put("text", result.text());
    line.put("reason", result.reason());
    line.put("notes", result.notes());
    line.put("earlier", result.earlier().stream().map(AttemptFields::of).toList());
    line.put("unit", result.conditions().unit());
    line.put("waited", result.conditions().waited().toNanos());
    line.put("cpu", result.conditions().cpu().toNanos());
    return line;
  }

  /// @throws RuntimeException when the line is none of ours
  static TestResult read(Map<?, ?> line) {
    return new TestResult(
        text(line, "id"),
        text(line, "path"),
        text(line, "group"),
        Outcome.ofWord(text(line, "outcome")),
        text(line, "worker"),
        Instant.parse(text(line, "start")),
        Duration.ofNanos(number(line, "nanos")),
        Bytes.of(number(line, "peak")),
        PeakSource.ofWord(text(line, "source")),
        (int) number(line, "attempts"),
        text(line, "text"),
        text(line, "reason"),
        line.get("notes") instanceof List<?> notes
            ? notes.stream().map(String::valueOf).toList()
            : List.of(),
        line.get("earlier") instanceof List<?> earlier
            ? earlier.stream().map(fields -> AttemptFields.read((Map<?, ?>) fields)).toList()
            : List.of(),
        new Conditions(
            line.get("unit") instanceof String unit ? unit : "",
            Machine.UNKNOWN,
            Duration.ofNanos(number(line, "waited")),
            Duration.ofNanos(number(line, "cpu"))));
  }

  private static String text(Map<?, ?> line, String key) {
    return String.valueOf(line.get(key));
  }

  private static long number(Map<?, ?> line, String key) {
    return line.get(key) instanceof Number number ? number.longValue() : 0;
  }
}
