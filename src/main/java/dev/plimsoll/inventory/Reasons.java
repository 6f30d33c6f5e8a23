package dev.plimsoll.inventory;

import java.util.SortedMap;
import java.util.TreeMap;

/// Why files were moved by hand: a table beside the lists, one line a file, with tabs between file,
/// group and reason. The lists themselves stay free of comments of ours.
///
/// @param byPath in byte order of the paths
public record Reasons(SortedMap<String, Reason> byPath) {
  private static final String HEAD = "file\tgroup\treason\n";

  /// One move.
  ///
  /// @param group the group that the file was moved to
  /// @param text one line, may be empty
  public record Reason(String group, String text) {
    public Reason {
      text = text.strip().replaceAll("\\s+", " ");
    }
  }

  public Reasons {
    var copy = new TreeMap<String, Reason>(ByteOrder.INSTANCE);
    copy.putAll(byPath);
    byPath = java.util.Collections.unmodifiableSortedMap(copy);
  }

  public static Reasons none() {
    return new Reasons(new TreeMap<>());
  }

  /// Read the table; lines that are not of it are passed over.
  public static Reasons parse(String text) {
    var byPath = new TreeMap<String, Reason>(ByteOrder.INSTANCE);
    text.lines()
        .skip(1)
        .map(line -> line.split("\t", 3))
        .filter(fields -> fields.length >= 2)
        .forEach(fields ->
            byPath.put(fields[0], new Reason(fields[1], fields.length > 2 ? fields[2] : "")));
    return new Reasons(byPath);
  }

  /// The text of the table; empty when nothing was moved.
  public String render() {
    var text = new StringBuilder();
    byPath.forEach((path, reason) ->
        text.append("%s\t%s\t%s\n".formatted(path, reason.group(), reason.text())));
    return text.isEmpty() ? "" : HEAD + text;
  }

  Reasons moved(String path, Reason reason) {
    Reason before = byPath.get(path);
    if (reason.text().isEmpty() && before != null && before.group().equals(reason.group())) {
      return this;
    }
    var copy = new TreeMap<String, Reason>(ByteOrder.INSTANCE);
    copy.putAll(byPath);
    copy.put(path, reason);
    return new Reasons(copy);
  }

  /// The reasons of files that still stand in the group they were moved to.
  Reasons heldBy(GroupLists lists) {
    var copy = new TreeMap<String, Reason>(ByteOrder.INSTANCE);
    byPath.forEach((path, reason) -> {
      if (lists.groupOf(path).filter(reason.group()::equals).isPresent()) {
        copy.put(path, reason);
      }
    });
    return new Reasons(copy);
  }
}
