package dev.plimsoll.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/// Compares two TOML texts by their parsed values.
public final class TomlCheck {
  private TomlCheck() {}

  /// Whether both are TOML and differ only in values at these paths, which the second text has.
  public static boolean differOnlyAt(String before, String after, List<List<String>> paths) {
    TomlParseResult one = Toml.parse(bare(before));
    TomlParseResult other = Toml.parse(bare(after));
    if (one.hasErrors() || other.hasErrors() || !paths.stream().allMatch(other::contains)) {
      return false;
    }
    Map<String, Object> old = tree(one);
    Map<String, Object> changed = tree(other);
    paths.forEach(path -> remove(old, path));
    paths.forEach(path -> remove(changed, path));
    return old.equals(changed);
  }

  private static String bare(String text) {
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static Map<String, Object> tree(TomlParseResult parsed) {
    var tree = new LinkedHashMap<String, Object>();
    if (ConfigReader.plain(parsed) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> tree.put(String.valueOf(name), value));
    }
    return tree;
  }

  /// Remove a value, and the tables that contained nothing else.
  private static void remove(Map<?, ?> tree, List<String> path) {
    if (path.size() == 1) {
      tree.remove(path.getFirst());
    } else if (tree.get(path.getFirst()) instanceof Map<?, ?> inner) {
      remove(inner, path.subList(1, path.size()));
      if (inner.isEmpty()) {
        tree.remove(path.getFirst());
      }
    }
  }
}
