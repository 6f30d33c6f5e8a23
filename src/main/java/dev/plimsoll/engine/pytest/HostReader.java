package dev.plimsoll.engine.pytest;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.process.SteadyClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Read one line of the host protocol into a message.
final class HostReader {
  private HostReader() {}

  /// @throws IOException when the line is no message of the protocol
  static HostMessage read(String line) throws IOException {
    Map<String, @Nullable Object> map = new HashMap<>(JSON.std.mapFrom(line));
    String type = text(map, "type");
    return switch (type) {
      case "hello" ->
          new HostMessage.Hello(
              text(map, "xdist"),
              text(map, "rootdir"),
              strings(map.get("reports")),
              texts(map.get("environment")));
      case "items" -> new HostMessage.Items(items(map));
      case "uncollected" ->
          new HostMessage.Uncollected(
              text(map, "id"),
              Outcome.ofWord(text(map, "outcome")),
              text(map, "text"),
              text(map, "reason"));
      case "collected" ->
          new HostMessage.Collected(
              integer(map, "count"),
              integer(map, "deselected"),
              integer(map, "errors"),
              flag(map, "arranged"),
              marks(map.get("marks")),
              flag(map, "collect_only"),
              flag(map, "verbose"),
              text(map, "engine"),
              text(map, "why"),
              text(map, "dist"),
              text(map, "numprocesses"));
      case "worker" ->
          new HostMessage.Worker(worker(map), number(map, "pid"), duration(map, "took"));
      case "started" ->
          new HostMessage.Started(worker(map), integer(map, "item"), instant(map, "time"));
      case "done" -> done(map);
      case "late" -> new HostMessage.Late(worker(map), integer(map, "item"), text(map, "text"));
      case "dropped" -> new HostMessage.Dropped(worker(map), integers(map, "items"));
      case "gone" -> gone(map);
      case "stuck" -> new HostMessage.Stuck(worker(map), integer(map, "item"), flag(map, "forked"));
      case "stop" -> new HostMessage.Stop(text(map, "reason"));
      case "note" -> new HostMessage.Note("warning".equals(text(map, "level")), text(map, "text"));
      case "unit_error" -> new HostMessage.UnitError(worker(map), text(map, "text"));
      case "bye" ->
          new HostMessage.Bye(integer(map, "exitstatus"), flag(map, "chosen"), counts(map, "also"));
      default -> throw new IOException("the host sent a message of an unknown type: " + type);
    };
  }

  private static HostMessage done(Map<String, @Nullable Object> map) {
    return new HostMessage.Done(
        worker(map),
        integer(map, "item"),
        Outcome.ofWord(text(map, "outcome")),
        instant(map, "start"),
        duration(map, "duration"),
        duration(map, "waited"),
        duration(map, "cpu"),
        Bytes.of(number(map, "peak")),
        PeakSource.ofWord(text(map, "source")),
        text(map, "text"),
        text(map, "reason"),
        flag(map, "repeat"));
  }

  private static HostMessage gone(Map<String, @Nullable Object> map) {
    return new HostMessage.Gone(
        worker(map),
        number(map, "pid"),
        integer(map, "signal"),
        integer(map, "status"),
        integer(map, "item"),
        text(map, "phase"),
        text(map, "stack"),
        text(map, "output"),
        flag(map, "expected"));
  }

  private static List<HostMessage.Item> items(Map<String, @Nullable Object> map) {
    var items = new ArrayList<HostMessage.Item>();
    for (Object element : list(map, "items")) {
      if (element instanceof Map<?, ?> raw) {
        var item = new HashMap<String, @Nullable Object>();
        raw.forEach((key, value) -> item.put(String.valueOf(key), value));
        items.add(
            new HostMessage.Item(
                integer(item, "index"),
                text(item, "id"),
                text(item, "path"),
                text(item, "unit"),
                text(item, "group"),
                strings(item.get("marks")),
                texts(item.get("limits"))));
      }
    }
    return items;
  }

  private static Map<String, List<String>> marks(@Nullable Object value) {
    var marks = new HashMap<String, List<String>>();
    if (value instanceof Map<?, ?> files) {
      files.forEach((path, names) -> marks.put(String.valueOf(path), strings(names)));
    }
    return marks;
  }

  private static Map<String, String> texts(@Nullable Object value) {
    var texts = new HashMap<String, String>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, element) -> texts.put(String.valueOf(key), String.valueOf(element)));
    }
    return texts;
  }

  private static List<String> strings(@Nullable Object value) {
    return value instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }

  private static int worker(Map<String, @Nullable Object> map) {
    return WorkerName.number(text(map, "worker"));
  }

  private static List<?> list(Map<String, @Nullable Object> map, String key) {
    return map.get(key) instanceof List<?> list ? list : List.of();
  }

  private static Map<String, Integer> counts(Map<String, @Nullable Object> map, String key) {
    var counts = new LinkedHashMap<String, Integer>();
    if (map.get(key) instanceof Map<?, ?> named) {
      named.forEach((name, count) -> {
        if (name instanceof String word && count instanceof Number number) {
          counts.put(word, number.intValue());
        }
      });
    }
    return counts;
  }

  private static List<Integer> integers(Map<String, @Nullable Object> map, String key) {
    var integers = new ArrayList<Integer>();
    for (Object element : list(map, key)) {
      if (element instanceof Number number) {
        integers.add(number.intValue());
      }
    }
    return integers;
  }

  private static String text(Map<String, @Nullable Object> map, String key) {
    Object value = map.get(key);
    return value == null ? "" : value.toString();
  }

  private static boolean flag(Map<String, @Nullable Object> map, String key) {
    return Boolean.TRUE.equals(map.get(key));
  }

  private static long number(Map<String, @Nullable Object> map, String key) {
    return map.get(key) instanceof Number number ? number.longValue() : HostMessage.NONE;
  }

  private static int integer(Map<String, @Nullable Object> map, String key) {
    return (int) number(map, key);
  }

  private static Instant instant(Map<String, @Nullable Object> map, String key) {
    return SteadyClock.at(duration(map, key));
  }

  private static Duration duration(Map<String, @Nullable Object> map, String key) {
    return map.get(key) instanceof Number micros
        ? Duration.of(micros.longValue(), ChronoUnit.MICROS)
        : Duration.ZERO;
  }
}
