package dev.plimsoll.inventory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// The list of a group: a text file with one path a line.
///
/// Comment lines and the blank lines before the first path are its head and stay at the top.
/// Plimsoll itself writes nothing but paths, so that `xargs` and `pytest @list` can read a list.
///
/// @param head lines at the top, as they are
/// @param newline `\n` or `\r\n`
public record GroupList(String group, List<String> head, List<Entry> entries, String newline) {
  /// A line with a path.
  ///
  /// @param path in its plain spelling, whatever the line has
  /// @param note what follows the path on its line, such as ` # flaky`, or an empty text
  /// @param line counted from 1; 0 when it was not read from a file
  public record Entry(String path, String note, int line) {}

  public GroupList {
    head = List.copyOf(head);
    entries = List.copyOf(entries);
  }

  public static GroupList empty(String group) {
    return new GroupList(group, List.of(), List.of(), "\n");
  }

  /// Read the text of a list; any text is one.
  public static GroupList parse(String group, String text) {
    var head = new ArrayList<String>();
    var entries = new ArrayList<Entry>();
    int number = 0;
    for (String line : text.startsWith("\ufeff") ? lines(text.substring(1)) : lines(text)) {
      number++;
      String content = line.strip();
      if (content.startsWith("#") || (content.isEmpty() && entries.isEmpty())) {
        head.add(line.stripTrailing());
      } else if (!content.isEmpty()) {
        entries.add(entry(content, number));
      }
    }
    return new GroupList(group, head, entries, text.contains("\r\n") ? "\r\n" : "\n");
  }

  private static List<String> lines(String text) {
    return text.lines().toList();
  }

  private static Entry entry(String content, int line) {
    int note = content.indexOf(" #");
    int tab = content.indexOf("\t#");
    int end = note < 0 ? tab : tab < 0 ? note : Math.min(note, tab);
    String path = (end < 0 ? content : content.substring(0, end)).strip();
    String tail = end < 0 ? "" : content.substring(path.length());
    return new Entry(plain(path), tail, line);
  }

  /// The one spelling of a path: `/` between its parts, and no part that leads nowhere.
  private static String plain(String path) {
    var parts = new ArrayDeque<String>();
    for (String part : path.replace('\\', '/').split("/", -1)) {
      boolean back = part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..");
      if (back) {
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return (path.startsWith("/") ? "/" : "") + String.join("/", parts);
  }

  /// Whether the path can stand in a list and be read back as it is.
  public static boolean canHold(String path) {
    List<Entry> entries = parse("", path).entries();
    return entries.size() == 1 && entries.getFirst().path().equals(path) && !hasLoneSurrogate(path);
  }

  /// Python gives a file name that is no UTF-8 text with such halves of a pair.
  private static boolean hasLoneSurrogate(String path) {
    return path.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  /// The text of the file: the head, then the paths in byte order, each once.
  public String render() {
    var text = new StringBuilder();
    head.forEach(line -> text.append(line).append(newline));
    sorted().forEach(entry -> text.append(entry.path() + entry.note()).append(newline));
    return text.toString();
  }

  private List<Entry> sorted() {
    var sorted = new ArrayList<Entry>();
    var order =
        Comparator.comparing(Entry::path, ByteOrder.INSTANCE)
            .thenComparing(entry -> entry.note().isEmpty());
    for (Entry entry : entries.stream().sorted(order).toList()) {
      boolean again = !sorted.isEmpty() && sorted.getLast().path().equals(entry.path());
      if (!again) {
        sorted.add(entry);
      }
    }
    return sorted;
  }

  /// The paths in byte order.
  public List<String> paths() {
    return sorted().stream().map(Entry::path).toList();
  }

  GroupList with(List<Entry> others) {
    var more = new ArrayList<>(entries);
    more.addAll(others);
    return withEntries(more);
  }

  public GroupList without(Set<String> paths) {
    return withEntries(entries.stream().filter(entry -> !paths.contains(entry.path())).toList());
  }

  GroupList withEntries(List<Entry> others) {
    return new GroupList(group, head, others, newline);
  }
}
