package dev.plimsoll.run.chain;

import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.UserError;
import dev.plimsoll.stages.Progress;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.stages.StageEnd;
import dev.plimsoll.stages.StagePlan;
import dev.plimsoll.stages.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/// Carries out a chain: stage after stage, each when those it needs have succeeded. When the server
/// under test dies, the chain ends.
public final class Chain {
  private final StageSession.Setting setting;
  private final ToIntFunction<Stage> workers;
  private final Consumer<RunEvent> events;

  /// A chain in these surroundings.
  ///
  /// @param workers how many tests of a stage run at once, asked when it is about to start
  public Chain(
      StageSession.Setting setting, ToIntFunction<Stage> workers, Consumer<RunEvent> events) {
    this.setting = setting;
    this.workers = workers;
    this.events = events;
  }

  /// Run to the end, or until `cancellation` is pulled. Nothing of it is left running when it
  /// returns.
  ///
  /// @throws UserError when the configuration of the server cannot be used
  public ChainResult run(StagePlan plan, CancellationToken cancellation) {
    try (var session = new StageSession(setting, events, cancellation)) {
      return new Going(plan, session, cancellation).run();
    }
  }

  /// A chain under way.
  private final class Going {
    private final StageSession session;
    private final CancellationToken cancellation;
    private final Map<String, StageResult> results = new HashMap<>();
    private final long start = System.nanoTime();
    private Progress progress;
    private Optional<UserError> error = Optional.empty();

    Going(StagePlan plan, StageSession session, CancellationToken cancellation) {
      this.progress = Progress.start(plan);
      this.session = session;
      this.cancellation = cancellation;
    }

    ChainResult run() {
      for (var next = progress.next(); next.isPresent(); next = progress.next()) {
        attempt(next.get());
        if (cancellation.isPulled() || error.isPresent()) {
          progress =
              progress.abandon(
                  cancellation.isPulled() ? cancellation.reason() : "the chain ended first");
        }
      }
      return result();
    }

    private void attempt(Stage stage) {
      int count = count(stage);
      try {
        StageSession.Ran ran = session.run(stage, count);
        error = ran.death();
        keep(StageResult.of(stage, count, ran));
      } catch (UserError e) {
        error = Optional.of(e);
        keep(StageResult.without(stage, count, new StageEnd.Failed(e.what())));
      }
    }

    private void keep(StageResult result) {
      results.put(result.stage().name(), result);
      progress = progress.after(result.stage().name(), result.ending());
    }

    private ChainResult result() {
      List<StageResult> all = new ArrayList<>();
      for (Stage stage : progress.plan().stages()) {
        StageEnd ending = progress.ending(stage.name());
        all.add(results.getOrDefault(stage.name(), StageResult.without(stage, 0, ending)));
      }
      return new ChainResult(
          all,
          session.serverPeak(),
          error,
          cancellation.reason(),
          Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private int count(Stage stage) {
    if (stage.work() instanceof Work.Command command && !command.isParallel()) {
      return 1;
    }
    return workers.applyAsInt(stage);
  }
}
