package dev.plimsoll.inventory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The lists of all groups, in group order, and the reasons of moves.
public final class GroupLists {
  private final List<GroupList> lists;
  private final PlacementReasons reasons;
  private final Map<String, String> groups = new LinkedHashMap<>();
  private final Map<String, String> notes = new HashMap<>();
  private final List<Clash> clashes = new ArrayList<>();

  /// A file that stands in two lists.
  public record Clash(String path, String first, String second) {}

  public GroupLists(List<GroupList> lists, PlacementReasons reasons) {
    this.lists = List.copyOf(lists);
    this.reasons = reasons;
    for (GroupList list : lists) {
      for (GroupList.Entry entry : list.entries()) {
        if (!entry.note().isEmpty()) {
          notes.putIfAbsent(entry.path(), entry.note());
        }
        String other = groups.putIfAbsent(entry.path(), list.group());
        if (other != null && !other.equals(list.group())) {
          clashes.add(new Clash(entry.path(), other, list.group()));
        }
      }
    }
  }

  public List<GroupList> lists() {
    return lists;
  }

  public PlacementReasons reasons() {
    return reasons;
  }

  /// Files in more than one list: a mistake that only the user can settle.
  public List<Clash> clashes() {
    return List.copyOf(clashes);
  }

  /// The group whose list holds the file.
  public Optional<String> groupOf(String path) {
    return Optional.ofNullable(groups.get(path));
  }

  /// The group of a file: that of its list, else that of the rules.
  public String groupOf(TestFile file, Classifier classifier) {
    return groupOf(file.path()).orElseGet(() -> classifier.place(file).group());
  }

  /// The paths in a group's list, in its order; none without a list.
  public List<String> list(String group) {
    return lists.stream()
        .filter(list -> list.group().equals(group))
        .flatMap(list -> list.entries().stream())
        .map(GroupList.Entry::path)
        .toList();
  }

  /// Put a file into one group's list, out of all others, and keep the reason. Without a new one,
  /// that of an earlier move to the same group stays.
  public GroupLists move(String path, String group, String reason) {
    String note = note(path);
    List<GroupList> moved =
        lists.stream()
            .map(list -> list.without(Set.of(path)))
            .map(list ->
                list.group().equals(group)
                    ? list.with(List.of(new GroupList.Entry(path, note, 0)))
                    : list)
            .toList();
    return new GroupLists(moved, reasons.moved(path, new PlacementReasons.Reason(group, reason)));
  }

  /// What follows a file's path on its line, or an empty text.
  String note(String path) {
    return notes.getOrDefault(path, "");
  }
}
