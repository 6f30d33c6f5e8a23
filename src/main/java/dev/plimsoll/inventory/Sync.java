package dev.plimsoll.inventory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Brings the lists up to date without losing a decision by hand.
///
/// A file stays in the list where it stands, whatever the rules say now: that is what makes a moved
/// or adopted entry survive. Only new files are placed by the rules, and only entries whose file is
/// gone are removed. A reset places every file by the rules again.
///
/// @param files what pytest would collect
/// @param present entries that are not among the files, but exist
public record Sync(Classifier classifier, List<TestFile> files, Set<String> present) {
  public Sync {
    files = List.copyOf(files);
    present = Set.copyOf(present);
  }

  /// The lists afterwards and what led there, in byte order of the paths.
  public record Result(GroupLists lists, List<Change> changes) {}

  public Result update(GroupLists before) {
    Map<String, TestFile> known = byPath();
    var changes = new ArrayList<Change>();
    List<GroupList> kept = new ArrayList<>();
    for (GroupList list : before.lists()) {
      var entries = new ArrayList<GroupList.Entry>();
      for (GroupList.Entry entry : list.entries()) {
        if (stays(entry.path(), list.group(), known, changes)) {
          entries.add(entry);
        }
      }
      kept.add(list.withEntries(entries));
    }
    List<TestFile> fresh =
        files.stream().filter(file -> before.groupOf(file.path()).isEmpty()).toList();
    return result(add(fresh, kept, before, changes), before.reasons(), changes);
  }

  private boolean stays(
      String path, String group, Map<String, TestFile> known, List<Change> changes) {
    TestFile file = known.get(path);
    if (file == null && !present.contains(path)) {
      changes.add(new Change.Removed(path, group));
      return false;
    }
    if (file == null) {
      changes.add(new Change.Uncollected(path, group));
      return true;
    }
    Placement placement = classifier.place(file);
    if (!placement.group().equals(group)) {
      changes.add(new Change.Kept(path, group, placement));
    }
    return true;
  }

  /// The lists with more files, each placed by the rules.
  private List<GroupList> add(
      Collection<TestFile> fresh, List<GroupList> lists, GroupLists before, List<Change> changes) {
    var entries = new HashMap<String, List<GroupList.Entry>>();
    for (TestFile file : fresh) {
      Placement placement = classifier.place(file);
      if (GroupList.canHold(file.path())) {
        changes.add(new Change.Added(file.path(), placement));
        entries
            .computeIfAbsent(placement.group(), _ -> new ArrayList<>())
            .add(new GroupList.Entry(file.path(), before.note(file.path()), 0));
      } else {
        changes.add(new Change.Unlistable(file.path(), placement));
      }
    }
    return lists.stream()
        .map(list -> list.with(entries.getOrDefault(list.group(), List.of())))
        .toList();
  }

  /// Place every file by the rules, those of two lists included; the heads of the lists stay.
  public Result reset(GroupLists before) {
    var all = new LinkedHashMap<>(byPath());
    present.forEach(path -> all.putIfAbsent(path, new TestFile(path, Set.of())));
    var changes = new ArrayList<Change>();
    List<GroupList> emptied =
        before.lists().stream().map(list -> list.withEntries(List.of())).toList();
    List<GroupList> filled = add(all.values(), emptied, before, changes);
    changes.removeIf(
        change -> change instanceof Change.Added && before.groupOf(change.path()).isPresent());
    for (GroupList list : before.lists()) {
      for (String path : list.paths()) {
        dropped(path, list.group(), all).ifPresent(changes::add);
      }
    }
    return result(filled, PlacementReasons.none(), changes);
  }

  private Optional<Change> dropped(String path, String group, Map<String, TestFile> all) {
    TestFile file = all.get(path);
    if (file == null) {
      return Optional.of(new Change.Removed(path, group));
    }
    Placement placement = classifier.place(file);
    return placement.group().equals(group)
        ? Optional.empty()
        : Optional.of(new Change.Reset(path, group, placement));
  }

  private Map<String, TestFile> byPath() {
    var known = new LinkedHashMap<String, TestFile>();
    files.forEach(file -> known.put(file.path(), file));
    return known;
  }

  private static Result result(
      List<GroupList> lists, PlacementReasons reasons, List<Change> changes) {
    var after = new GroupLists(lists, PlacementReasons.none());
    changes.sort((a, b) -> ByteOrder.INSTANCE.compare(a.path(), b.path()));
    return new Result(new GroupLists(lists, reasons.heldBy(after)), List.copyOf(changes));
  }
}
