package dev.plimsoll.stages;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Stages in the order in which they run: each after those it needs, otherwise as written.
///
/// @param stages in their order
/// @param assumed names of needed stages that are left out of this plan and count as done
public record StagePlan(List<Stage> stages, Set<String> assumed) {
  public StagePlan {
    stages = List.copyOf(stages);
    assumed = Set.copyOf(assumed);
  }

  /// Order the stages of a chain.
  ///
  /// @throws IllegalArgumentException when there are {@link #problems}
  public static StagePlan of(List<Stage> stages) {
    List<String> problems = problems(stages);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return new StagePlan(ordered(stages), Set.of());
  }

  /// The errors in a chain, as sentences: missing stages and cycles.
  public static List<String> problems(List<Stage> stages) {
    Set<String> names = new LinkedHashSet<>();
    stages.forEach(stage -> names.add(stage.name()));
    List<String> problems = new ArrayList<>();
    for (Stage stage : stages) {
      for (String need : stage.needs()) {
        if (!names.contains(need)) {
          problems.add("stage `" + stage.name() + "` needs `" + need + "`, which does not exist");
        }
      }
    }
    if (problems.isEmpty() && ordered(stages).size() < stages.size()) {
      Set<String> circle = new LinkedHashSet<>(names);
      ordered(stages).forEach(stage -> circle.remove(stage.name()));
      problems.add("stages need each other in a cycle: " + String.join(", ", circle));
    }
    return problems;
  }

  /// Take the first stage, in the order of writing, whose needs have been taken, until none is
  /// left; what stays behind needs itself.
  private static List<Stage> ordered(List<Stage> stages) {
    List<Stage> waiting = new ArrayList<>(stages);
    List<Stage> ordered = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    boolean found = true;
    while (found) {
      found = false;
      for (Stage stage : waiting) {
        if (taken.containsAll(stage.needs())) {
          ordered.add(stage);
          taken.add(stage.name());
          waiting.remove(stage);
          found = true;
          break;
        }
      }
    }
    return ordered;
  }

  public List<String> names() {
    return stages.stream().map(Stage::name).toList();
  }

  /// Only this stage.
  public StagePlan only(String name) {
    return keep(Set.of(name));
  }

  /// This stage and the stages that depend on it, directly or indirectly.
  public StagePlan from(String name) {
    Set<String> kept = new HashSet<>(Set.of(name));
    for (Stage stage : stages) {
      if (stage.needs().stream().anyMatch(kept::contains)) {
        kept.add(stage.name());
      }
    }
    return keep(kept);
  }

  private StagePlan keep(Set<String> names) {
    List<Stage> kept = stages.stream().filter(stage -> names.contains(stage.name())).toList();
    Set<String> missing = new HashSet<>(assumed);
    for (Stage stage : kept) {
      stage.needs().stream().filter(need -> !names.contains(need)).forEach(missing::add);
    }
    return new StagePlan(kept, missing);
  }

  /// For each stage that runs after `name` by need, all the stages it waits for.
  Map<String, Set<String>> needs() {
    Map<String, Set<String>> all = new LinkedHashMap<>();
    for (Stage stage : stages) {
      Set<String> needed = new LinkedHashSet<>(stage.needs());
      needed.removeAll(assumed);
      all.put(stage.name(), needed);
    }
    return all;
  }
}
