package dev.plimsoll.config;

import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.Key;
import dev.plimsoll.config.schema.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The JSON schema of `plimsoll.toml` and of `[tool.plimsoll]`, generated from the {@link
/// ConfigSchema}: editors complete keys and mark mistakes with it.
public final class JsonSchema {
  private JsonSchema() {}

  public static Map<String, Object> of(ConfigSchema schema) {
    Map<String, Object> settings = object("The settings of Plimsoll.");
    schema.keys().forEach(key -> place(settings, key));
    schema.sections().forEach(section -> place(settings, section));
    var root = new LinkedHashMap<String, Object>();
    root.put("$schema", "http://json-schema.org/draft-07/schema#");
    root.put("title", "Plimsoll");
    Map<String, Object> whole = copy(settings);
    Map<String, Object> profiles = object("Settings that `--profile NAME` puts over the others.");
    profiles.put("additionalProperties", Map.of("$ref", "#/definitions/settings"));
    properties(whole).put("profile", profiles);
    root.putAll(whole);
    root.put("definitions", Map.of("settings", settings));
    return root;
  }

  private static Map<String, Object> copy(Map<String, Object> settings) {
    var whole = new LinkedHashMap<>(settings);
    whole.put("properties", new LinkedHashMap<>(properties(settings)));
    return whole;
  }

  private static Map<String, Object> object(String description) {
    var object = new LinkedHashMap<String, Object>();
    object.put("type", "object");
    object.put("description", description);
    object.put("properties", new LinkedHashMap<String, Object>());
    object.put("additionalProperties", false);
    return object;
  }

  @SuppressWarnings("unchecked") // object() has put it there
  private static Map<String, Object> properties(Map<String, Object> object) {
    return (Map<String, Object>) Objects.requireNonNull(object.get("properties"));
  }

  /// The table with a dotted name; it and those around it are made if need be.
  @SuppressWarnings("unchecked") // all tables are made by object()
  private static Map<String, Object> table(Map<String, Object> root, List<String> names) {
    Map<String, Object> table = root;
    for (String name : names) {
      table =
          (Map<String, Object>)
              properties(table).computeIfAbsent(name, _ -> object("[" + name + "]"));
    }
    return table;
  }

  private static void place(Map<String, Object> root, Key<?> key) {
    List<String> names = List.of(key.name().split("\\.", -1));
    properties(table(root, names.subList(0, names.size() - 1)))
        .put(names.getLast(), described(key));
  }

  private static <T> Map<String, Object> described(Key<T> key) {
    var value = new LinkedHashMap<String, Object>();
    value.put("description", key.doc() + " Must be " + key.type().forms() + ".");
    value.put("default", key.type().plain(key.fallback()));
    value.putAll(key.type().jsonSchema());
    return value;
  }

  private static Map<String, Object> array(Map<String, Object> items) {
    var array = new LinkedHashMap<String, Object>();
    array.put("type", "array");
    array.put("items", items);
    return array;
  }

  private static void place(Map<String, Object> root, Section section) {
    Map<String, Object> entry = object(section.doc());
    section.keys().forEach(key -> properties(entry).put(key.name(), described(key)));
    List<String> names = List.of(section.name().split("\\.", -1));
    switch (section.shape()) {
      case NAMED -> table(root, names).put("additionalProperties", entry);
      case LIST ->
          properties(table(root, names.subList(0, names.size() - 1)))
              .put(names.getLast(), array(entry));
    }
  }
}
