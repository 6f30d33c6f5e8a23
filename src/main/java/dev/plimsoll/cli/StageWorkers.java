package dev.plimsoll.cli;

import dev.plimsoll.cli.calibration.CalibrationText;
import dev.plimsoll.cli.calibration.Calibrations;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Keys;
import dev.plimsoll.config.Origin;
import dev.plimsoll.config.Workers;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Part;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.stages.Fit;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.stages.Work;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/// How many workers a stage gets: what it asks for, else what was calibrated here, else a safe
/// start; fewer when the memory budget says that so many browsers do not fit.
final class StageWorkers implements ToIntFunction<Stage> {
  private static final int SAFE_START = 2;

  /// Recorded runs that are looked through for the last one with the stage.
  private static final int LOOK_BACK = 20;

  private final Config config;
  private final HistoryStore store;
  private final Machine machine;
  private final Supplier<Bytes> budget;
  private final Consumer<String> warning;

  /// @param budget what a stage that starts now may take
  StageWorkers(
      Config config,
      HistoryStore store,
      Machine machine,
      Supplier<Bytes> budget,
      Consumer<String> warning) {
    this.config = config;
    this.store = store;
    this.machine = machine;
    this.budget = budget;
    this.warning = warning;
  }

  @Override
  public int applyAsInt(Stage stage) {
    int wanted = wanted(stage);
    boolean ours = stage.work() instanceof Work.Playwright work && !work.setsWorkers();
    return ours && wanted > 1 ? fitting(stage, wanted) : wanted;
  }

  /// `--workers` is for stages that leave the number open; for all it is the most.
  private int wanted(Stage stage) {
    Workers most = config.get(Keys.WORKERS);
    boolean asked = config.origin(Keys.WORKERS) instanceof Origin.Flag;
    int own =
        switch (most) {
          case Workers.Count(int count) when asked && stage.workers() == 0 -> count;
          case Workers.Count _, Workers.Auto _ -> usual(stage);
        };
    return most instanceof Workers.Count(int count) ? Math.min(own, count) : own;
  }

  private int usual(Stage stage) {
    return stage.workers() > 0
        ? stage.workers()
        : Calibrations.workers(config, stage.name(), warning).orElse(SAFE_START);
  }

  private int fitting(Stage stage, int wanted) {
    Fit fit = measured(stage.name()).orElse(Fit.USUAL);
    Bytes room = budget.get();
    int fitting = fit.workers(wanted, room);
    if (fitting < wanted) {
      warning.accept(
          "stage %s runs with %s instead of %d: a worker with its browser takes about %s%s, and the budget is %s"
              .formatted(
                  stage.name(),
                  CalibrationText.workers(fitting),
                  wanted,
                  fit.each(),
                  fit.known() ? "" : " (a usual figure, none was measured here)",
                  room));
    }
    return fitting;
  }

  private Optional<Fit> measured(String stage) {
    return store.runs(LOOK_BACK).stream()
        .filter(run -> run.finished() && run.machine().equals(machine.key()))
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
