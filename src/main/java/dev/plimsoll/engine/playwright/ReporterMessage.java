package dev.plimsoll.engine.playwright;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A line from `plimsoll-reporter.cjs`; the shapes are described there.
sealed interface ReporterMessage {
  record Hello(String node, long pid) implements ReporterMessage {}

  /// All tests of a selection, of which a shard is to be chosen. The answer has their places.
  record Collected(Collection all) implements ReporterMessage {}

  record Begin(Collection all, int workers) implements ReporterMessage {}

  record Started(Name test, int worker, int attempt) implements ReporterMessage {}

  /// An attempt ended and the test will run again.
  record Again(Attempt attempt) implements ReporterMessage {}

  /// A test ended for good.
  ///
  /// @param outcome `expected`, `unexpected`, `flaky` or `skipped`
  /// @param expected status that the test was expected to end with
  record Ended(Attempt last, String outcome, String expected, String reason, int attempts)
      implements ReporterMessage {}

  record Problem(String text) implements ReporterMessage {}

  record End(String status) implements ReporterMessage {}

  /// Tests, and the versions that loaded them.
  record Collection(String playwright, String node, List<Name> tests) {
    public Collection {
      tests = List.copyOf(tests);
    }
  }

  /// A test.
  ///
  /// @param id its unambiguous name
  /// @param path its file relative to the runner's folder
  /// @param line its line in a list of tests for `--test-list`
  /// @param unit what stays on one machine with it, empty when it is free
  /// @param setup whether it belongs to a project that others depend on
  record Name(String id, String path, String line, String unit, boolean setup) {}

  /// A file that Playwright kept for an attempt.
  record Attachment(String name, Path file) {}

  /// One time that a test ran.
  ///
  /// @param worker slot it ran in, -1 when it never ran
  /// @param status `passed`, `failed`, `timedOut`, `skipped`, `interrupted`, or empty
  record Attempt(
      Name test,
      int worker,
      int number,
      String status,
      Instant start,
      Duration duration,
      String text,
      String output,
      List<Attachment> attachments) {}

  /// Read a line.
  ///
  /// @throws IOException when it is no message of ours
  static ReporterMessage parse(String line) throws IOException {
    var fields = new Fields(JSON.std.mapFrom(line));
    String type = fields.text("type");
    return switch (type) {
      case "hello" -> new Hello(fields.text("node"), fields.number("pid", 0));
      case "collected" -> new Collected(fields.collection());
      case "begin" -> new Begin(fields.collection(), (int) fields.number("workers", 0));
      case "started" ->
          new Started(
              fields.name(), (int) fields.number("worker", -1), (int) fields.number("attempt", 1));
      case "attempt" -> new Again(fields.attempt());
      case "test" ->
          new Ended(
              fields.attempt(),
              fields.text("outcome"),
              fields.text("expected"),
              fields.text("reason"),
              (int) fields.number("attempts", 0));
      case "error" -> new Problem(fields.text("text"));
      case "end" -> new End(fields.text("status"));
      default -> throw new IOException("a message of unknown type `" + type + "`");
    };
  }

  /// One JSON object, read leniently: what is missing is empty.
  record Fields(Map<String, Object> all) {
    String text(String name) {
      return all.get(name) instanceof String text ? text : "";
    }

    long number(String name, long missing) {
      return all.get(name) instanceof Number number ? number.longValue() : missing;
    }

    List<Fields> list(String name) {
      List<Fields> items = new ArrayList<>();
      if (all.get(name) instanceof List<?> list) {
        for (Object item : list) {
          if (item instanceof Map<?, ?> map) {
            items.add(of(map));
          }
        }
      }
      return items;
    }

    @SuppressWarnings("unchecked") // JSON objects have texts as keys
    private static Fields of(Map<?, ?> map) {
      return new Fields((Map<String, Object>) map);
    }

    Collection collection() {
      List<Name> tests = list("tests").stream().map(Fields::name).toList();
      return new Collection(text("playwright"), text("node"), tests);
    }

    Name name() {
      boolean setup = Boolean.TRUE.equals(all.get("setup"));
      return new Name(text("id"), text("path"), text("line"), text("unit"), setup);
    }

    Attempt attempt() {
      return new Attempt(
          name(),
          (int) number("worker", -1),
          (int) number("attempt", 0),
          text("status"),
          Instant.ofEpochMilli(number("start", 0)),
          Duration.ofMillis(number("duration", 0)),
          text("text"),
          text("output"),
          list("attachments").stream()
              .map(item -> new Attachment(item.text("name"), Path.of(item.text("path"))))
              .toList());
    }
  }
}
