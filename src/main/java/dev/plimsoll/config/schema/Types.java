package dev.plimsoll.config.schema;

import dev.plimsoll.model.Bytes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// The types of the configuration's values.
public final class Types {
  public static final Type<String> TEXT =
      of(
          "a string",
          "strings",
          value -> value instanceof String text ? Optional.of(text) : Optional.empty(),
          text -> text);

  /// A part of a name; an empty string would be a part of every name.
  public static final Type<String> WORD =
      of(
          "a string that is not empty",
          "strings that are not empty",
          value ->
              value instanceof String text && !text.isBlank()
                  ? Optional.of(text)
                  : Optional.empty(),
          text -> text);

  public static final Type<Boolean> SWITCH =
      fromScalar(
          "`true` or `false`",
          value -> value instanceof Boolean on ? Optional.of(on) : Optional.empty(),
          on -> on);

  public static final Type<Integer> COUNT =
      fromScalar("a positive integer", "positive integers", Types::count, count -> (long) count);

  public static final Type<Integer> ZERO_OR_MORE =
      fromScalar(
          "0 or a positive integer",
          value -> value instanceof Long zero && zero == 0 ? Optional.of(0) : count(value),
          count -> (long) count);

  public static final Type<Integer> PORT =
      fromScalar(
          "an integer from 1 to 65535",
          value -> count(value).filter(port -> port <= 0xffff),
          port -> (long) port);

  public static final Type<Workers> WORKERS =
      fromScalar(
          "a positive integer, or `auto`",
          value ->
              "auto".equals(value)
                  ? Optional.of(new Workers.Auto())
                  : count(value).map(Workers.Count::new),
          workers ->
              switch (workers) {
                case Workers.Auto _ -> "auto";
                case Workers.Count count -> (long) count.value();
              });

  public static final Type<Bytes> SIZE =
      fromScalar(
          "a size such as `512m`, `8g` or `1.5GiB`",
          "sizes such as `512m`, `8g` or `1.5GiB`",
          SizeText::size,
          SizeText::write);

  /// A share from 0 to 1, written `3%`.
  public static final Type<Double> PERCENT =
      of("a percentage such as `3%` or `60%`", SizeText::percent, SizeText::writePercent);

  public static final Type<MemoryShare> MEMORY =
      fromScalar(
          "a size such as `8g` or `512m`, a percentage such as `60%`, or `auto`",
          SizeText::share, SizeText::writeShare);

  public static final Type<Duration> DURATION =
      fromScalar(
          "a duration such as `500ms`, `30s`, `1m30s` or `2h` (a bare number is seconds)",
          "durations such as `500ms`, `30s`, `1m30s` or `2h` (a bare number is seconds)",
          DurationText::read,
          DurationText::write);

  private Types() {}

  /// One of an enum's names in lower case.
  public static <E extends Enum<E>> Type<E> choice(Class<E> options) {
    return new Choice<>(List.of(options.getEnumConstants()));
  }

  /// A type or the word `none`.
  public static <T> Type<Optional<T>> orNone(Type<T> type) {
    return new OrNone<>(type);
  }

  /// A list; on the command line separated by commas.
  public static <T> Type<List<T>> list(Type<T> element) {
    return new ListOf<>(element);
  }

  /// A table with arbitrary names, in the order of the file.
  public static <T> Type<Map<String, T>> table(Type<T> element) {
    return new TableOf<>(element);
  }

  /// A type from its reader and its writer. `read` receives the argument of a command-line option
  /// as a string.
  public static <T> Type<T> of(
      String forms, Function<Object, Optional<T>> read, Function<T, Object> plain) {
    return of(forms, "values, each " + forms, read, plain);
  }

  static <T> Type<T> of(
      String forms, String many, Function<Object, Optional<T>> read, Function<T, Object> plain) {
    return new Plain<>(forms, many, read, plain, false);
  }

  /// Like {@link #of}, but `read` receives numbers and booleans on the command line as such.
  public static <T> Type<T> fromScalar(
      String forms, Function<Object, Optional<T>> read, Function<T, Object> plain) {
    return fromScalar(forms, "values, each " + forms, read, plain);
  }

  static <T> Type<T> fromScalar(
      String forms, String many, Function<Object, Optional<T>> read, Function<T, Object> plain) {
    return new Plain<>(forms, many, read, plain, true);
  }

  private static Optional<Integer> count(Object value) {
    return value instanceof Long count && count >= 1 && count <= Integer.MAX_VALUE
        ? Optional.of(count.intValue())
        : Optional.empty();
  }

  /// A table with arbitrary names.
  public record TableOf<T>(Type<T> element) implements Type<Map<String, T>> {
    @Override
    public String forms() {
      return "a table of " + element.many();
    }

    @Override
    public Map<String, Object> jsonSchema() {
      return Samples.schema("object", "additionalProperties", element.jsonSchema());
    }

    @Override
    public Optional<Map<String, T>> read(Object value) {
      return value instanceof Map<?, ?> map ? readTable(map) : Optional.empty();
    }

    private Optional<Map<String, T>> readTable(Map<?, ?> map) {
      var table = new LinkedHashMap<String, T>();
      map.forEach((name, value) ->
          element.read(value).ifPresent(read -> table.put(String.valueOf(name), read)));
      return table.size() == map.size() ? Optional.of(table) : Optional.empty();
    }

    @Override
    public Object plain(Map<String, T> table) {
      var plain = new LinkedHashMap<String, Object>();
      table.forEach((name, value) -> plain.put(name, element.plain(value)));
      return plain;
    }
  }

  private record Plain<T>(
      String forms,
      String many,
      Function<Object, Optional<T>> reader,
      Function<T, Object> writer,
      boolean scalar)
      implements Type<T> {
    @Override
    public Optional<T> read(Object value) {
      return reader.apply(value);
    }

    @Override
    public Optional<T> readText(String text) {
      return reader.apply(scalar ? scalarOf(text) : text);
    }

    @Override
    public Object plain(T value) {
      return writer.apply(value);
    }

    private static Object scalarOf(String text) {
      if (text.matches("[0-9]{1,18}")) {
        return Long.valueOf(text);
      }
      return text.equals("true") || text.equals("false") ? (Object) Boolean.valueOf(text) : text;
    }
  }

  private record Choice<E extends Enum<E>>(List<E> options) implements Type<E> {
    @Override
    public String forms() {
      List<String> words = words().stream().map(word -> "`" + word + "`").toList();
      int last = words.size() - 1;
      return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }

    @Override
    public List<String> words() {
      return options.stream().map(Choice::word).toList();
    }

    @Override
    public Optional<E> read(Object value) {
      return options.stream().filter(option -> word(option).equals(value)).findFirst();
    }

    @Override
    public Object plain(E value) {
      return word(value);
    }

    private static String word(Enum<?> option) {
      return option.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private record OrNone<T>(Type<T> type) implements Type<Optional<T>> {
    @Override
    public String forms() {
      return type.forms() + ", or `none`";
    }

    @Override
    public Map<String, Object> jsonSchema() {
      return Map.of("anyOf", List.of(Map.of("const", "none"), type.jsonSchema()));
    }

    @Override
    public Optional<Optional<T>> read(Object value) {
      return "none".equals(value) ? Optional.of(Optional.empty()) : some(type.read(value));
    }

    @Override
    public Optional<Optional<T>> readText(String text) {
      return text.equals("none") ? Optional.of(Optional.empty()) : some(type.readText(text));
    }

    private Optional<Optional<T>> some(Optional<T> value) {
      return value.isPresent() ? Optional.of(value) : Optional.empty();
    }

    @Override
    public Object plain(Optional<T> value) {
      return value.map(type::plain).orElse("none");
    }
  }

  private record ListOf<T>(Type<T> element) implements Type<List<T>> {
    @Override
    public String forms() {
      return "a list of " + element.many();
    }

    @Override
    public Map<String, Object> jsonSchema() {
      return Samples.schema("array", "items", element.jsonSchema());
    }

    @Override
    public Optional<List<T>> read(Object value) {
      return value instanceof List<?> list
          ? all(list.stream().map(item -> element.read((Object) item)))
          : Optional.empty();
    }

    @Override
    public Optional<List<T>> readText(String text) {
      return all(Stream.of(text.split(",")).map(part -> element.readText(part.strip())));
    }

    @Override
    public Object plain(List<T> value) {
      return value.stream().map(element::plain).toList();
    }

    private Optional<List<T>> all(Stream<Optional<T>> read) {
      List<Optional<T>> items = read.toList();
      return items.stream().allMatch(Optional::isPresent)
          ? Optional.of(items.stream().flatMap(Optional::stream).toList())
          : Optional.empty();
    }
  }
}
