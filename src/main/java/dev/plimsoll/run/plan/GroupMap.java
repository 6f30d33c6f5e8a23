package dev.plimsoll.run.plan;

import dev.plimsoll.inventory.Classifier;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.inventory.Placement;
import dev.plimsoll.inventory.TestFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The group of a file: that of its list, else that of the rules.
///
/// @param names all groups in order
/// @param wanted the groups that run, empty for all
/// @param known marks of files whose tests do not tell theirs
record GroupMap(
    Path project,
    GroupLists lists,
    Classifier rules,
    List<String> names,
    Set<String> wanted,
    Map<String, Set<String>> known)
    implements RunPlan.GroupOf {
  @Override
  public int group(String file, Set<String> marks) {
    String path = inProject(file);
    String name = lists.groupOf(new TestFile(path, known.getOrDefault(path, marks)), rules);
    return runs(name) ? names.indexOf(name) : -1;
  }

  @Override
  public Optional<String> stray(String file, Set<String> marks) {
    String path = inProject(file);
    String unmarked = rules.place(new TestFile(path, Set.of())).group();
    Placement marked = rules.place(new TestFile(path, marks));
    boolean unaware =
        lists.groupOf(path).filter(unmarked::equals).isPresent()
            && !lists.reasons().byPath().containsKey(path);
    return unaware && !marked.group().equals(unmarked)
        ? Optional.of(
            "%s (in %s, %s: %s)".formatted(path, unmarked, marked.rule().text(), marked.group()))
        : Optional.empty();
  }

  @Override
  public boolean isUnlisted(String file) {
    boolean listed = lists.lists().stream().anyMatch(list -> !list.entries().isEmpty());
    return listed && lists.groupOf(inProject(file)).isEmpty();
  }

  @Override
  public boolean runs(String group) {
    return wanted.isEmpty() || wanted.contains(group);
  }

  @Override
  public String inProject(String file) {
    String folder = project + (project.getNameCount() == 0 ? "" : "/");
    return file.startsWith(folder) ? file.substring(folder.length()) : file;
  }
}
