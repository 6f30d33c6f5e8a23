package dev.plimsoll.cli.stages;

import dev.plimsoll.cli.calibration.CalibrationText;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Part;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.process.SteadyClock;
import dev.plimsoll.run.plan.WorkerCount;
import dev.plimsoll.run.plan.WorkerRule;
import dev.plimsoll.stages.Fit;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.stages.Work;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/// How many workers a stage gets: the configured or calibrated number, or fewer if so many browsers
/// do not fit.
final class StageWorkers implements ToIntFunction<Stage> {
  /// Recorded runs that are looked through for the last one with the stage.
  private static final int LOOK_BACK = 20;

  private final WorkerRule rule;
  private final HistoryStore store;
  private final Machine machine;
  private final Supplier<Bytes> budget;
  private final Consumer<RunEvent> messages;

  /// @param budget what a stage that starts now may take
  /// @param messages receives where the numbers come from
  StageWorkers(
      WorkerRule rule,
      HistoryStore store,
      Machine machine,
      Supplier<Bytes> budget,
      Consumer<RunEvent> messages) {
    this.rule = rule;
    this.store = store;
    this.machine = machine;
    this.budget = budget;
    this.messages = messages;
  }

  @Override
  public int applyAsInt(Stage stage) {
    WorkerCount count = rule.stage(stage.name());
    WorkerCount.notes(Map.of(stage.name(), count), SteadyClock.now()).forEach(messages);
    int wanted = count.value();
    boolean ours = stage.work() instanceof Work.Playwright work && !work.setsWorkers();
    return ours && wanted > 1 ? fitting(stage, wanted) : wanted;
  }

  private int fitting(Stage stage, int wanted) {
    Fit fit = measured(stage.name()).orElse(Fit.USUAL);
    Bytes headroom = budget.get();
    int fitting = fit.workers(wanted, headroom);
    if (fitting < wanted) {
      warn(
          "stage %s runs with %s instead of %d: a worker and its browser need about %s%s, and the budget is %s"
              .formatted(
                  stage.name(),
                  CalibrationText.workers(fitting),
                  wanted,
                  fit.each(),
                  fit.known() ? "" : " (a typical figure; not measured on this machine)",
                  headroom));
    }
    return fitting;
  }

  private void warn(String text) {
    messages.accept(new RunEvent.Note(SteadyClock.now(), RunEvent.Level.WARNING, text));
  }

  private Optional<Fit> measured(String stage) {
    return store.runs(LOOK_BACK).stream()
        .filter(run -> run.finished() && run.machine().classKey().equals(machine.classKey()))
        .filter(run -> run.workers().containsKey(stage))
        .flatMap(run -> store.run(run.id()).map(RunSummary::parts).stream())
        .flatMap(parts -> parts.stream().filter(part -> part.name().equals(stage)))
        .filter(part -> part.workers() > 0 && part.peak().isPositive())
        .findFirst()
        .map(StageWorkers::fit);
  }

  private static Fit fit(Part part) {
    return Fit.of(part.peak(), part.workers());
  }
}
