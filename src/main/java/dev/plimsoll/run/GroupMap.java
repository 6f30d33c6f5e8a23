package dev.plimsoll.run;

import dev.plimsoll.inventory.Classifier;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.inventory.TestFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
  public int group(Path file, List<String> marks) {
    String path = inProject(file);
    Set<String> all = known.getOrDefault(path, Set.copyOf(marks));
    String name = lists.groupOf(new TestFile(path, all), rules);
    return runs(name) ? names.indexOf(name) : -1;
  }

  @Override
  public boolean runs(String group) {
    return wanted.isEmpty() || wanted.contains(group);
  }

  @Override
  public String inProject(Path file) {
    return (file.startsWith(project) ? project.relativize(file) : file).toString();
  }
}
