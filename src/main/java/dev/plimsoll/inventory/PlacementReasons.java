package dev.plimsoll.inventory;

import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Why files were moved by hand: a table beside the lists, one line a file, with tabs between file,
/// group and reason. The lists themselves stay free of comments of ours.
///
/// @param byPath in byte order of the paths
/// @param newline `\n` or `\r\n`
public record PlacementReasons(SortedMap<String, Reason> byPath, String newline) {
  private static final String HEAD = "file\tgroup\treason";

  /// One move.
  ///
  /// @param group the group that the file was moved to
  /// @param text one line, may be empty
  public record Reason(String group, String text) {
    public Reason {
      text = text.strip().replaceAll("\\s+", " ");
    }
  }

  public PlacementReasons {
    var copy = new TreeMap<String, Reason>(ByteOrder.INSTANCE);
    copy.putAll(byPath);
    byPath = java.util.Collections.unmodifiableSortedMap(copy);
  }

  public static PlacementReasons none() {
    return new PlacementReasons(new TreeMap<>(), "\n");
  }

  /// Read the table; lines that are not of it are passed over.
  public static PlacementReasons parse(String text) {
    var byPath = new TreeMap<String, Reason>(ByteOrder.INSTANCE);
    text.lines()
        .skip(1)
        .map(line -> line.split("\t", 3))
        .filter(fields -> fields.length >= 2)
        .forEach(fields ->
            byPath.put(fields[0], new Reason(fields[1], fields.length > 2 ? fields[2] : "")));
    return new PlacementReasons(byPath, text.contains("\r\n") ? "\r\n" : "\n");
  }

  /// The text of the table; empty when nothing was moved.
  public String render() {
    var text = new StringBuilder(HEAD + newline);
    byPath.forEach((path, reason) ->
        text.append("%s\t%s\t%s".formatted(path, reason.group(), reason.text())).append(newline));
    return byPath.isEmpty() ? "" : text.toString();
  }

  PlacementReasons moved(String path, Reason reason) {
    Reason before = byPath.get(path);
    if (reason.text().isEmpty() && before != null && before.group().equals(reason.group())) {
      return this;
    }
    var copy = new TreeMap<String, Reason>(ByteOrder.INSTANCE);
    copy.putAll(byPath);
    copy.put(path, reason);
    return new PlacementReasons(copy, newline);
  }

  /// The reasons of files that still stand in the group they were moved to. Those of a group that
  /// is not known stay: it may have been renamed.
  PlacementReasons heldBy(GroupLists lists) {
    Set<String> known = lists.lists().stream().map(GroupList::group).collect(Collectors.toSet());
    var copy = new TreeMap<String, Reason>(ByteOrder.INSTANCE);
    byPath.forEach((path, reason) -> {
      boolean holds = lists.groupOf(path).filter(reason.group()::equals).isPresent();
      if (holds || !known.contains(reason.group())) {
        copy.put(path, reason);
      }
    });
    return new PlacementReasons(copy, newline);
  }
}
