package dev.plimsoll.engine.pytest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.Golden;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Java's side of the protocol; `test_protocol.py` is the other's.
@Tag(Golden.TAG)
class ProtocolTest {
  private static final Map<?, ?> PROTOCOL = protocol();

  /// Messages that come from the host's process and not through the protocol.
  private static final List<Class<?>> OF_THE_PROCESS =
      List.of(HostMessage.Output.class, HostMessage.Exited.class);

  private static Map<?, ?> protocol() {
    try (var file = HostMessage.class.getResourceAsStream("protocol.json")) {
      return JSON.std.mapFrom(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<?, ?> section(String name) {
    return part(PROTOCOL, name);
  }

  private static Map<?, ?> part(Map<?, ?> whole, Object name) {
    return (Map<?, ?>) Objects.requireNonNull(whole.get(name), name + " is missing");
  }

  /// The type of each field.
  private static Map<String, String> fields(String section, String message) {
    var types = new LinkedHashMap<String, String>();
    Map<?, ?> fields = part(part(section(section), message), "fields");
    fields.forEach(
        (name, field) -> types.put((String) name, (String) ((Map<?, ?>) field).get("type")));
    return types;
  }

  static Stream<String> fromHost() {
    return section("fromHost").keySet().stream().map(String::valueOf);
  }

  static Stream<Class<?>> commands() {
    return Arrays.stream(HostCommand.class.getPermittedSubclasses());
  }

  @Test
  void bothSidesHaveTheSameMessages() {
    assertThat(
            Arrays.stream(HostMessage.class.getPermittedSubclasses())
                .filter(kind -> !OF_THE_PROCESS.contains(kind))
                .map(ProtocolTest::word))
        .containsExactlyInAnyOrderElementsOf(fromHost().toList());
    assertThat(commands().map(ProtocolTest::word))
        .containsExactlyInAnyOrderElementsOf(
            section("toHost").keySet().stream().map(String::valueOf).toList());
  }

  /// `UnitError` is `unit_error`.
  private static String word(Class<?> kind) {
    return kind.getSimpleName().replaceAll("(?<=.)([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /// A field that nobody reads would not change what is read when it is left out.
  @ParameterizedTest
  @MethodSource("fromHost")
  void everyFieldOfAMessageIsReadAndNoOther(String type) throws IOException {
    Map<String, String> fields = fields("fromHost", type);
    Map<String, Object> whole = sample(type, fields);
    HostMessage message = HostReader.read(JSON.std.asString(whole));
    assertThat(word(message.getClass())).isEqualTo(type);
    assertThat(message.getClass().getRecordComponents()).hasSameSizeAs(fields.keySet());
    for (String field : fields.keySet()) {
      assertThat(readWithout(field, whole)).as("without " + field).isNotEqualTo(message);
    }
  }

  @Test
  void everyFieldOfATestIsRead() throws IOException {
    Map<String, String> fields = fields("records", "test");
    assertThat(HostMessage.Item.class.getRecordComponents()).hasSameSizeAs(fields.keySet());
    Map<String, Object> whole = sample("items", fields("fromHost", "items"));
    HostMessage message = HostReader.read(JSON.std.asString(whole));
    for (String field : fields.keySet()) {
      var test = new HashMap<>(record("test"));
      test.remove(field);
      var less = Map.of("type", "items", "items", List.of(test));
      assertThat(HostReader.read(JSON.std.asString(less))).as(field).isNotEqualTo(message);
    }
  }

  /// What is read without the field; a text when the message cannot be read then.
  private static Object readWithout(String field, Map<String, Object> whole) throws IOException {
    var less = new HashMap<>(whole);
    less.remove(field);
    try {
      return HostReader.read(JSON.std.asString(less));
    } catch (RuntimeException e) {
      return "refused";
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandHasTheFieldsOfItsMessage(Class<?> kind) throws Exception {
    Map<String, String> fields = fields("toHost", word(kind));
    RecordComponent[] components = kind.getRecordComponents();
    assertThat(components).hasSameSizeAs(fields.keySet());
    Object[] values = Arrays.stream(components).map(ProtocolTest::value).toArray();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    var command = (HostCommand) kind.getDeclaredConstructor(types).newInstance(values);
    String line = HostWriter.line(command);
    assertThat(line).endsWith("}\n").doesNotContain("\n{");
    Map<String, Object> written = new LinkedHashMap<>(JSON.std.mapFrom(line));
    assertThat(written.remove("type")).isEqualTo(word(kind));
    assertThat(written.keySet()).isEqualTo(fields.keySet());
    written.forEach((name, value) ->
        assertThat(fits(value, Objects.requireNonNull(fields.get(name)))).as(name).isTrue());
  }

  @Test
  void aDumpOfAWorkerWithoutATestNamesNone() throws IOException {
    String line = HostWriter.line(new HostCommand.Dump(1, HostMessage.NONE, ""));
    assertThat(JSON.std.mapFrom(line)).containsKey("item").containsEntry("item", null);
  }

  private static Object value(RecordComponent component) {
    return switch (component.getType().getSimpleName()) {
      case "int" -> 7;
      case "boolean" -> true;
      case "String" -> "x\ny";
      case "List" -> List.of(3, 4);
      default -> throw new IllegalStateException("no sample for " + component);
    };
  }

  private static boolean fits(@Nullable Object value, String type) {
    if (type.endsWith("?")) {
      return value == null || fits(value, type.substring(0, type.length() - 1));
    }
    if (type.endsWith("[]")) {
      String element = type.substring(0, type.length() - 2);
      return value instanceof List<?> list && list.stream().allMatch(one -> fits(one, element));
    }
    return switch (type) {
      case "text" -> value instanceof String;
      case "worker" -> value instanceof String name && WorkerName.number(name) >= 0;
      case "number", "item" -> value instanceof Integer;
      case "flag" -> value instanceof Boolean;
      default -> throw new IllegalStateException("no check for " + type);
    };
  }

  private static Map<String, Object> sample(String type, Map<String, String> fields) {
    var message = new LinkedHashMap<String, Object>();
    message.put("type", type);
    fields.forEach((name, kind) -> message.put(name, sampleOf(name, kind)));
    return message;
  }

  private static Map<String, Object> record(String name) {
    var record = new LinkedHashMap<String, Object>();
    fields("records", name).forEach((field, kind) -> record.put(field, sampleOf(field, kind)));
    return record;
  }

  private static Object sampleOf(String name, String kind) {
    if (kind.endsWith("?")) {
      return sampleOf(name, kind.substring(0, kind.length() - 1));
    }
    if (kind.endsWith("[]")) {
      return List.of(sampleOf(name, kind.substring(0, kind.length() - 2)));
    }
    if (kind.endsWith("{}")) {
      return Map.of("key", sampleOf(name, kind.substring(0, kind.length() - 2)));
    }
    return switch (name) {
      case "outcome" -> "crashed";
      case "source" -> "hwm-fresh";
      case "level" -> "warning";
      default ->
          switch (kind) {
            case "text", "count", "any" -> "some";
            case "flag" -> true;
            case "worker" -> "gw7";
            case "number", "item", "micros", "bytes" -> 7;
            case "test" -> record("test");
            default -> throw new IllegalStateException("no sample for " + kind);
          };
    };
  }

  @Test
  void thePageHasEveryMessage() throws IOException {
    Path page = Path.of("docs/design/protocol.md");
    String text = Files.readString(page);
    for (String section : List.of("fromHost", "toHost", "records")) {
      String begin = "<!-- " + section + ": made from protocol.json, `make bless` writes it -->\n";
      String end = "<!-- end of " + section + " -->\n";
      assertThat(text).contains(begin, end);
      text =
          text.substring(0, text.indexOf(begin) + begin.length())
              + table(section)
              + text.substring(text.indexOf(end));
    }
    Golden.checkFile(page, text);
  }

  private static String table(String section) {
    return section(section).entrySet().stream()
        .map(message -> {
          Map<?, ?> parts = (Map<?, ?>) message.getValue();
          Map<?, ?> fields = part(parts, "fields");
          return "| `%s` | %s | %s |\n"
              .formatted(
                  message.getKey(),
                  parts.get("about"),
                  fields.entrySet().stream()
                      .map(ProtocolTest::cell)
                      .collect(Collectors.joining("; ")));
        })
        .collect(
            Collectors.joining(
                "", "\n| message | meaning | fields |\n| --- | --- | --- |\n", "\n"));
  }

  private static String cell(Map.Entry<?, ?> field) {
    Map<?, ?> parts = (Map<?, ?>) field.getValue();
    String about = parts.get("about") instanceof String text ? ": " + text : "";
    return "`%s` %s%s".formatted(field.getKey(), parts.get("type"), about);
  }
}
