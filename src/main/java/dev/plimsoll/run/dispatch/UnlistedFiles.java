package dev.plimsoll.run.dispatch;

import dev.plimsoll.run.plan.RunPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Test files that run although no group list holds them, and the group that they run in.
final class UnlistedFiles {
  /// Files that a line names.
  private static final int SHOWN = 3;

  private final Map<Integer, TreeSet<String>> byGroup = new TreeMap<>();

  /// Note a file whose tests run.
  ///
  /// @param file absolute path
  void add(RunPlan.GroupOf groups, String file, int group) {
    if (groups.isUnlisted(file)) {
      byGroup.computeIfAbsent(group, _ -> new TreeSet<>()).add(groups.inProject(file));
    }
  }

  /// A line for each group.
  List<String> lines(List<RunPlan.Group> groups) {
    var lines = new ArrayList<String>();
    byGroup.forEach((group, files) -> lines.add(line(groups.get(group).name(), files)));
    return lines;
  }

  private static String line(String group, Set<String> files) {
    boolean one = files.size() == 1;
    return "%d test file%s in no group list and ran in %s: %s%s; `plimsoll groups sync` adds %s"
        .formatted(
            files.size(),
            one ? " is" : "s are",
            group,
            String.join(", ", files.stream().limit(SHOWN).toList()),
            files.size() > SHOWN ? ", ..." : "",
            one ? "it" : "them");
  }
}
