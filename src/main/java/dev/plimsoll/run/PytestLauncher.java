package dev.plimsoll.run;

import dev.plimsoll.engine.pytest.EarlyPython;
import dev.plimsoll.estimate.Sample;
import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.files.UserFolder;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.memory.SharedBudget;
import dev.plimsoll.memory.containment.Containment;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.ProcessTable;
import dev.plimsoll.run.dispatch.BoardAgent;
import dev.plimsoll.run.dispatch.HostSessions;
import dev.plimsoll.run.dispatch.PytestRun;
import dev.plimsoll.run.dispatch.RunClock;
import dev.plimsoll.run.experiment.ExperimentHost;
import dev.plimsoll.run.experiment.ExperimentRunner;
import dev.plimsoll.run.guard.Guard;
import dev.plimsoll.run.guard.SystemGuard;
import dev.plimsoll.run.guard.SystemMemory;
import dev.plimsoll.run.journal.Journal;
import dev.plimsoll.run.plan.MemoryRules;
import dev.plimsoll.run.plan.PlanMaker;
import dev.plimsoll.run.plan.RunBootstrap;
import dev.plimsoll.run.plan.RunPlan;
import dev.plimsoll.run.plan.RunRequest;
import dev.plimsoll.run.plan.ThisMachine;
import dev.plimsoll.schedule.budget.Budget;
import dev.plimsoll.store.StoreUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Puts a pytest run together on the real machine: its plan, memory, containment and journal.
public final class PytestLauncher {
  private final RunClock clock;
  private final Consumer<String> warning;
  private final ProcessTable table = new ProcessTable(Path.of("/proc"));
  private final ProcessKey self = table.self();
  private final BootstrapSource bootstraps;

  /// Where the bootstrap of each run comes from.
  public interface BootstrapSource {
    RunBootstrap next() throws IOException;
  }

  /// A launcher of this process.
  ///
  /// @param warning receives what the user should know and what does not end a run
  public PytestLauncher(InstantSource clock, Consumer<String> warning) {
    this(clock, warning, () -> RunBootstrap.begin(clock));
  }

  /// A launcher whose bootstrap may have been begun before it.
  public PytestLauncher(InstantSource clock, Consumer<String> warning, BootstrapSource bootstraps) {
    this.clock = RunClock.of(clock);
    this.warning = warning;
    this.bootstraps = bootstraps;
  }

  /// The folder of a project's journals.
  public static Path journals(Path root) {
    return root.resolve(HistoryStore.FOLDER).resolve("runs");
  }

  /// Run to the end.
  ///
  /// @param store where earlier measurements are read, while pytest collects
  /// @param earlier outcomes of the run that this one resumes, by node id
  /// @param interrupter is given what Ctrl-C does to the run, and what an order to end does, both
  ///   callable from any thread
  public RunSummary run(
      RunRequest request,
      HistoryStore store,
      Map<String, TestResult> earlier,
      Consumer<RunEvent> events,
      BiConsumer<Runnable, Runnable> interrupter)
      throws IOException, InterruptedException {
    return with(
        request,
        store,
        earlier,
        (plan, memory, guard, sessions) -> {
          try (var journal = journal(request, plan);
              var board = new OptionalBoard(request, plan)) {
            var run = new PytestRun(plan, memory, guard, sessions, journal, events, clock);
            board.agent().ifPresent(run::share);
            interrupter.accept(run::interrupt, run::end);
            RunSummary summary = run.run();
            NextStart.leave(request.config().root(), plan.parts().getFirst().host());
            return summary;
          }
        });
  }

  /// The board of a run that has one.
  private record OptionalBoard(Optional<BoardAgent> agent) implements AutoCloseable {
    OptionalBoard(RunRequest request, RunPlan plan) {
      this(request.board().map(url -> new StoreAgent(StoreUrl.parse(url), System.getenv(), plan)));
    }

    @Override
    public void close() {
      agent.ifPresent(BoardAgent::close);
    }
  }

  private Journal journal(RunRequest request, RunPlan plan) {
    return request
        .shard()
        .map(shard -> Journal.open(shard, plan.id(), request, plan.machine(), clock, warning))
        .orElseGet(() ->
            Journal.open(journals(request.config().root()), plan.id(), request, clock, warning));
  }

  /// Make experiments with the tests of a request; nothing of them is recorded.
  ///
  /// @param store where earlier measurements are read
  /// @param research gets the runner once the tests are known
  public <T> T experiment(RunRequest request, HistoryStore store, Research<T> research)
      throws IOException, InterruptedException {
    return with(
        request,
        store,
        Map.of(),
        (plan, memory, guard, sessions) -> {
          try (var host =
              ExperimentHost.open(
                  plan,
                  sessions.open(plan.parts().getFirst().host()),
                  memory,
                  guard,
                  clock,
                  warning)) {
            return research.on(new ExperimentRunner(plan, host, memory, clock));
          }
        });
  }

  /// Something that is done by experiments.
  public interface Research<T> {
    T on(ExperimentRunner runner) throws IOException, InterruptedException;
  }

  private interface Work<T> {
    T on(RunPlan plan, SystemMemory memory, Guard guard, HostSessions sessions)
        throws IOException, InterruptedException;
  }

  private <T> T with(
      RunRequest request, HistoryStore store, Map<String, TestResult> earlier, Work<T> work)
      throws IOException, InterruptedException {
    new Conflicts(request.config(), table).check(warning);
    var maker = new PlanMaker(request);
    var rules = new MemoryRules(request.config());
    try (RunBootstrap bootstrap = bootstraps.next();
        var memory = new SystemMemory(rules.rule(), rules.reserve(), shared(), clock)) {
      rules.check(memory.machine(), warning);
      Containment containment = rules.required(bootstrap.containment());
      Budget budget = memory.budget(bootstrap.python().map(EarlyPython::pid).orElse(0L));
      List<RunPlan.Part> parts = maker.parts(bootstrap);
      maker.warnings(parts).forEach(warning);
      try (var guard =
              new SystemGuard(
                  containment,
                  self,
                  table::isAlive,
                  request.oversize() ? memory.most() : budget.size().max(SystemMemory.LEAST),
                  memory,
                  clock,
                  warning);
          var sessions = new PytestSessions(parts.getFirst().host(), bootstrap.python(), guard)) {
        Machine machine = ThisMachine.read();
        CompletableFuture<Map<String, List<Sample>>> samples =
            CompletableFuture.supplyAsync(() -> samples(store, machine));
        RunPlan plan =
            maker.plan(bootstrap.id(), parts, samples::join, earlier, budget, machine, containment);
        return work.on(plan, memory, guard, sessions);
      }
    }
  }

  /// What earlier runs measured; a history that cannot be read is as good as none.
  private Map<String, List<Sample>> samples(HistoryStore store, Machine machine) {
    try {
      return store.samples(machine);
    } catch (UserError e) {
      warning.accept("cannot read earlier runs: " + e.what() + ": " + e.why());
      return Map.of();
    }
  }

  private Optional<SharedBudget> shared() {
    try {
      return Optional.of(
          SharedBudget.join(UserFolder.runtime(System.getenv()), self, table::isAlive));
    } catch (IOException e) {
      warning.accept(
          "cannot share the memory budget with other runs on this machine: " + FileTrouble.why(e));
      return Optional.empty();
    }
  }
}
