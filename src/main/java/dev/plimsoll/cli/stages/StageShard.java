package dev.plimsoll.cli.stages;

import dev.plimsoll.engine.Division;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.SteadyClock;
import dev.plimsoll.run.journal.Journal;
import dev.plimsoll.run.plan.ShardChoice;
import dev.plimsoll.shard.Manifest;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.stages.StagePlan;
import dev.plimsoll.stages.Work;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The shard of a Playwright stage: its tests, and its record for `plimsoll merge`.
final class StageShard implements Division, Consumer<RunEvent> {
  private final ShardChoice choice;
  private final Consumer<String> warning;
  private @Nullable Journal record;

  private StageShard(ShardChoice choice, Consumer<String> warning) {
    this.choice = choice;
    this.warning = warning;
  }

  /// @param warning receives why the record is incomplete
  /// @throws UserError unless the plan is one Playwright stage
  static StageShard of(ShardChoice choice, StagePlan plan, Consumer<String> warning) {
    Stage stage = plan.stages().getFirst();
    if (!(stage.work() instanceof Work.Playwright)) {
      throw new UserError(
          "the stage `" + stage.name() + "` cannot be divided into shards",
          "it is not a `playwright` stage",
          stage.work() instanceof Work.Pytest
              ? "`plimsoll run --shard` without `--stage` divides pytest tests"
              : "name a Playwright stage with `--stage`",
          ExitCode.USAGE);
    }
    return new StageShard(choice, warning);
  }

  @Override
  public Set<String> mine(Manifest all, Map<String, String> versions) {
    open().manifest(versions, all);
    return choice.tests(all);
  }

  @Override
  public void accept(RunEvent event) {
    switch (event) {
      case RunEvent.Started(_, var run, _, _, var machine, _, _) ->
          record = Journal.open(choice, run, machine, SteadyClock.source(), warning);
      case RunEvent.TestFinished finished -> open().ended(finished.result());
      case RunEvent.Finished(_, var summary) -> {
        Journal own = open();
        own.summary(summary);
        own.finished(summary.exitCode());
        own.close();
      }
      default -> {}
    }
  }

  private Journal open() {
    return Objects.requireNonNull(record, "a run starts first");
  }
}
