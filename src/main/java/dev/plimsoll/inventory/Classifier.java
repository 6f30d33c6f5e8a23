package dev.plimsoll.inventory;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Gives each file a group: the first group with a rule that fits; what is left goes to the last
/// group without rules, or to the last group when each has some.
public record Classifier(List<GroupRules> groups) {
  public Classifier {
    groups = List.copyOf(groups);
    if (groups.isEmpty()) {
      throw new IllegalArgumentException("no groups");
    }
  }

  public Placement place(TestFile file) {
    for (GroupRules rules : groups) {
      Optional<Placement.Rule> rule = fitting(rules, file);
      if (rule.isPresent()) {
        return new Placement(rules.group(), rule.get());
      }
    }
    return new Placement(rest(), new Placement.Rule.Rest());
  }

  /// The group of files that no rule takes.
  public String rest() {
    return groups.reversed().stream()
        .filter(GroupRules::isEmpty)
        .findFirst()
        .orElseGet(groups::getLast)
        .group();
  }

  private static Optional<Placement.Rule> fitting(GroupRules rules, TestFile file) {
    String name = file.name().toLowerCase(Locale.ROOT);
    Optional<Placement.Rule> path =
        Glob.decisive(rules.paths(), file.path())
            .map(glob -> new Placement.Rule.ByPath(glob.text()));
    return path.or(() ->
            rules.markers().stream()
                .filter(file.marks()::contains)
                .findFirst()
                .map(Placement.Rule.ByMarker::new))
        .or(() ->
            rules.words().stream()
                .filter(word -> name.contains(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .map(Placement.Rule.ByWord::new));
  }
}
