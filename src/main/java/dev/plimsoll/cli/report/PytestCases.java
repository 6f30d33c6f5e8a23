package dev.plimsoll.cli.report;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.report.junit.JunitCase;
import dev.plimsoll.report.junit.JunitXml;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What pytest said about each test in JUnit's terms: the lines that `junit_cases.py` wrote.
///
/// Only the places of the lines are held, because a test may have printed a lot.
final class PytestCases implements JunitXml.Reported, AutoCloseable {
  private final RandomAccessFile file;
  private final Map<String, List<Span>> spans = new HashMap<>();
  private String suite = "pytest";

  private record Span(long offset, int length) {}

  private PytestCases(RandomAccessFile file) {
    this.file = file;
  }

  static PytestCases open(Path path) throws IOException {
    var cases = new PytestCases(new RandomAccessFile(path.toFile(), "r"));
    try (InputStream input = new BufferedInputStream(Files.newInputStream(path))) {
      cases.index(input);
    }
    return cases;
  }

  /// The host is killed while it writes: what follows the last line break counts for nothing.
  private void index(InputStream input) throws IOException {
    long offset = 0;
    for (byte[] line = line(input); line.length > 0; line = line(input)) {
      Map<?, ?> map = JSON.std.mapFrom(line);
      if (map.get("suite") instanceof String name) {
        suite = name;
      } else {
        spans
            .computeIfAbsent(text(map, "id"), _ -> new ArrayList<>())
            .add(new Span(offset, line.length));
      }
      offset += line.length;
    }
  }

  private static byte[] line(InputStream input) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = input.read(); next >= 0; next = input.read()) {
      line.write(next);
      if (next == '\n') {
        return line.toByteArray();
      }
    }
    return new byte[0];
  }

  @Override
  public String suite() {
    return suite;
  }

  @Override
  public List<JunitCase> cases(String id) {
    var cases = new ArrayList<JunitCase>();
    for (Span span : spans.getOrDefault(id, List.of())) {
      Map<?, ?> map = read(span);
      JunitCase one = parsed(map);
      boolean joins = Boolean.TRUE.equals(map.get("late")) && !cases.isEmpty();
      if (joins && !cases.getLast().has("failure")) {
        cases.add(cases.removeLast().with(one));
      } else {
        cases.add(one);
      }
    }
    return cases;
  }

  private Map<?, ?> read(Span span) {
    try {
      byte[] line = new byte[span.length()];
      file.seek(span.offset());
      file.readFully(line);
      return JSON.std.mapFrom(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JunitCase parsed(Map<?, ?> map) {
    var properties = new ArrayList<JunitCase.Property>();
    for (Object pair : list(map, "properties")) {
      if (pair instanceof List<?> two && two.size() == 2) {
        properties.add(
            new JunitCase.Property(String.valueOf(two.getFirst()), String.valueOf(two.getLast())));
      }
    }
    var elements = new ArrayList<JunitCase.Element>();
    for (Object element : list(map, "elements")) {
      if (element instanceof Map<?, ?> one) {
        elements.add(
            new JunitCase.Element(
                String.valueOf(one.get("tag")),
                texts(one.get("attributes")),
                String.valueOf(one.get("text"))));
      }
    }
    return new JunitCase(texts(map.get("attributes")), properties, elements);
  }

  private static SequencedMap<String, String> texts(@Nullable Object value) {
    var texts = new LinkedHashMap<String, String>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, text) -> texts.put(String.valueOf(name), String.valueOf(text)));
    }
    return texts;
  }

  private static List<?> list(Map<?, ?> map, String key) {
    return map.get(key) instanceof List<?> list ? list : List.of();
  }

  private static String text(Map<?, ?> map, String key) {
    return String.valueOf(map.get(key));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
