package dev.plimsoll.stages;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The progress of a chain.
///
/// @param endings of the stages that have one
public record Progress(StagePlan plan, Map<String, StageEnd> endings) {
  public Progress {
    endings = Collections.unmodifiableMap(new LinkedHashMap<>(endings));
  }

  public static Progress start(StagePlan plan) {
    return new Progress(plan, Map.of());
  }

  /// The next stage; empty if every stage has ended.
  public Optional<Stage> next() {
    return plan.stages().stream().filter(stage -> !endings.containsKey(stage.name())).findFirst();
  }

  /// How a stage ended; a stage without an end did not run.
  public StageEnd ending(String stage) {
    return endings.getOrDefault(stage, new StageEnd.NotRun("the chain ended first"));
  }

  /// Record the end of a stage, and of the stages that need it and cannot run any more.
  public Progress after(String stage, StageEnd ending) {
    var all = new LinkedHashMap<>(endings);
    all.put(stage, ending);
    plan.needs()
        .forEach((waiting, needs) -> {
          if (!all.containsKey(waiting)) {
            needs.stream()
                .filter(need -> all.containsKey(need) && !all.get(need).succeeded())
                .findFirst()
                .ifPresent(need -> all.put(waiting, new StageEnd.NotRun(because(need, all))));
          }
        });
    return new Progress(plan, all);
  }

  /// Stop the chain.
  public Progress abandon(String why) {
    var all = new LinkedHashMap<>(endings);
    plan.names().forEach(name -> all.putIfAbsent(name, new StageEnd.NotRun(why)));
    return new Progress(plan, all);
  }

  private static String because(String need, Map<String, StageEnd> endings) {
    return endings.get(need) instanceof StageEnd.NotRun
        ? "`" + need + "` did not run"
        : "`" + need + "` failed";
  }
}
