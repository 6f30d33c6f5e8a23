package dev.plimsoll.history;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Part;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RamAfter;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values as columns, and back.
final class Rows {
  private Rows() {}

  static long micros(Instant at) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, at);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  static long micros(Duration time) {
    return time.toNanos() / 1000;
  }

  static Duration duration(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }

  static String json(Object value) {
    try {
      return JSON.std.asString(value);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static List<String> texts(String json) throws SQLException {
    try {
      return JSON.std.listOfFrom(String.class, json);
    } catch (IOException e) {
      throw new SQLException("a list in the history is no JSON", e);
    }
  }

  static Map<String, Integer> numbers(String json) throws SQLException {
    try {
      Map<String, Integer> numbers = new LinkedHashMap<>();
      JSON.std.mapFrom(json).forEach((key, value) -> numbers.put(key, ((Number) value).intValue()));
      return numbers;
    } catch (IOException | ClassCastException e) {
      throw new SQLException("a map in the history is no JSON", e);
    }
  }

  /// A part as the fields of a JSON object.
  static Map<String, Object> fields(Part part) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", part.name());
    fields.put("ending", part.ending());
    fields.put("workers", part.workers());
    fields.put("duration", micros(part.duration()));
    fields.put("peak", part.peak().value());
    fields.put("source", part.source().word());
    return fields;
  }

  private static List<Part> parts(String json) throws SQLException {
    try {
      var parts = new ArrayList<Part>();
      for (Object item : JSON.std.listFrom(json)) {
        Map<?, ?> fields = (Map<?, ?>) item;
        parts.add(
            new Part(
                String.valueOf(fields.get("name")),
                String.valueOf(fields.get("ending")),
                (int) number(fields.get("workers")),
                duration(number(fields.get("duration"))),
                Bytes.of(number(fields.get("peak"))),
                PeakSource.ofWord(String.valueOf(fields.get("source")))));
      }
      return parts;
    } catch (IOException | ClassCastException e) {
      throw new SQLException("a list in the history is no JSON", e);
    }
  }

  /// Zero when it is missing.
  private static long number(@Nullable Object value) {
    return value == null ? 0 : ((Number) value).longValue();
  }

  /// Set the parameters of a statement, in order: texts, whole numbers, sizes, times.
  static void set(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      switch (values[i]) {
        case Bytes bytes -> statement.setLong(i + 1, bytes.value());
        case Duration time -> statement.setLong(i + 1, micros(time));
        case Instant at -> statement.setLong(i + 1, micros(at));
        case PeakSource source -> statement.setString(i + 1, source.word());
        case Number number -> statement.setLong(i + 1, number.longValue());
        case Object other -> statement.setString(i + 1, other.toString());
      }
    }
  }

  static Bytes bytes(ResultSet row, String column) throws SQLException {
    return Bytes.of(row.getLong(column));
  }

  static Machine machine(ResultSet row) throws SQLException {
    return new Machine(
        row.getString("machine_name"),
        row.getInt("cores"),
        bytes(row, "memory"),
        row.getString("kind"),
        row.getString("cpu"));
  }

  static RunSummary summary(ResultSet row, List<TestResult> results) throws SQLException {
    return new RunSummary(
        row.getString("name"),
        row.getString("command"),
        row.getString("engine"),
        row.getString("mode"),
        numbers(row.getString("workers")),
        machine(row),
        instant(row.getLong("start")),
        duration(row.getLong("duration")),
        results,
        bytes(row, "peak"),
        PeakSource.ofWord(row.getString("source")),
        bytes(row, "machine_peak"),
        bytes(row, "budget"),
        bytes(row, "swap_before"),
        new RamAfter(
            bytes(row, "used"),
            bytes(row, "free"),
            bytes(row, "buff_cache"),
            bytes(row, "available"),
            bytes(row, "swap_after")),
        texts(row.getString("evidence")),
        row.getString("interrupted"),
        row.getInt("exit_code"),
        parts(row.getString("parts")),
        texts(row.getString("kept")),
        Map.of(),
        List.of());
  }
}
