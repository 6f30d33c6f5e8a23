package dev.plimsoll.run.journal;

import dev.plimsoll.model.Attempt;
import dev.plimsoll.model.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// An earlier attempt of a test as a line of the journal holds it.
final class AttemptFields {
  private AttemptFields() {}

  static Map<String, Object> of(Attempt attempt) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("outcome", attempt.outcome().word());
    fields.put("worker", attempt.worker());
    fields.put("start", attempt.start().toString());
    fields.put("nanos", attempt.duration().toNanos());
    fields.put("reason", attempt.reason());
    fields.put("text", attempt.text());
    return fields;
  }

  /// @throws RuntimeException when the fields are none of ours
  static Attempt read(Map<?, ?> fields) {
    return new Attempt(
        Outcome.ofWord(String.valueOf(fields.get("outcome"))),
        String.valueOf(fields.get("worker")),
        Instant.parse(String.valueOf(fields.get("start"))),
        Duration.ofNanos(fields.get("nanos") instanceof Number nanos ? nanos.longValue() : 0),
        String.valueOf(fields.get("reason")),
        String.valueOf(fields.get("text")));
  }
}
