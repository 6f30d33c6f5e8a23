package dev.plimsoll.run.chain;

import dev.plimsoll.config.Config;
import dev.plimsoll.engine.Halt;
import dev.plimsoll.engine.Runner;
import dev.plimsoll.engine.RunnerRequest;
import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.memory.TreeMemory.Reading;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunEvent.Level;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.MachineLock;
import dev.plimsoll.process.Watchdog;
import dev.plimsoll.stages.Ending;
import dev.plimsoll.stages.Progress;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.stages.Stage.Company;
import dev.plimsoll.stages.StagePlan;
import dev.plimsoll.stages.Work;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/// Carries out a chain: stage after stage, each when those it needs have succeeded.
///
/// The server under test is started once, before the first stage that wants it, and ended after the
/// last. When it dies, the stage that runs is ended and the chain with it. A watchdog ends all that
/// is left should this process be killed. Stages that want to be alone on the machine wait for
/// other runs of the same user, and those for them.
public final class Chain {
  private static final String SERVER = "server under test";

  private final Setting setting;
  private final Consumer<RunEvent> events;

  /// What a chain needs from its surroundings.
  ///
  /// @param run the run's id
  /// @param outputs folder that keeps what the processes print
  /// @param lock keeps suites apart
  /// @param environment of this process
  /// @param runners makes the runner of a stage
  /// @param auto number of workers for a stage that leaves it open
  public record Setting(
      String run,
      Config config,
      Path outputs,
      MachineLock lock,
      Map<String, String> environment,
      Function<Stage, Runner> runners,
      ToIntFunction<Stage> auto) {
    public Setting {
      environment = Map.copyOf(environment);
    }
  }

  public Chain(Setting setting, Consumer<RunEvent> events) {
    this.setting = setting;
    this.events = events;
  }

  /// Run to the end, or until `halt` is pulled. Nothing of it is left running when it returns.
  ///
  /// @throws UserError when the configuration of the server cannot be used
  public ChainResult run(StagePlan plan, Halt halt) {
    var spec = ServerSpec.of(setting.config(), setting.environment());
    try (var _ = Watchdog.start(setting.run());
        var watch = new TreeWatch();
        var going = new Going(plan, spec, watch, halt)) {
      return going.run();
    }
  }

  /// A chain under way.
  private final class Going implements AutoCloseable {
    private final ServerSpec spec;
    private final TreeWatch watch;
    private final Halt halt;
    private final Map<String, StageResult> results = new HashMap<>();
    private final long start = System.nanoTime();
    private Progress progress;
    private Optional<Server> server = Optional.empty();
    private Optional<UserError> error = Optional.empty();

    Going(StagePlan plan, ServerSpec spec, TreeWatch watch, Halt halt) {
      this.progress = Progress.start(plan);
      this.spec = spec;
      this.watch = watch;
      this.halt = halt;
    }

    ChainResult run() {
      for (var next = progress.next(); next.isPresent(); next = progress.next()) {
        Stage stage = next.get();
        try {
          end(stage, attempt(stage));
        } catch (UserError e) {
          error = Optional.of(e);
          fail(stage, e);
        }
        if (halt.isPulled() || error.isPresent()) {
          progress = progress.abandon(halt.isPulled() ? halt.reason() : "the chain ended before");
        }
      }
      return result();
    }

    private RunnerResult attempt(Stage stage) {
      int workers = workers(stage);
      var stageHalt = new Halt();
      var _ = halt.onPull().thenAccept(stageHalt::pull);
      try (var _ = lock(stage)) {
        if (halt.isPulled()) {
          throw new UserError("interrupted: " + halt.reason(), "", "", ExitCode.INTERRUPTED);
        }
        Map<String, String> env = environment(stage);
        server.ifPresent(up -> {
          var _ = up.onDeath().thenAccept(death -> stageHalt.pull(death.what()));
        });
        tell(new RunEvent.GroupStarted(Instant.now(), stage.name(), 0, workers));
        var request = request(stage, workers, env);
        RunnerResult result =
            setting.runners().apply(stage).run(request, stageHalt, event -> see(stage, event));
        refuseDeadServer();
        return result;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        watch.remove(stage.name());
      }
    }

    private void see(Stage stage, RunEvent event) {
      if (event instanceof RunEvent.WorkerStarted started) {
        watch.add(stage.name(), started.pid());
      }
      tell(event);
    }

    private RunnerRequest request(Stage stage, int workers, Map<String, String> env) {
      Path root = setting.config().root();
      return new RunnerRequest(
          setting.run(), stage.name(), root, root, workers, env, stage.limit(), setting.outputs());
    }

    /// The stage's environment; starts the server when it is the first to want it.
    private Map<String, String> environment(Stage stage) {
      Map<String, String> env = new HashMap<>();
      if (stage.server() && spec.isUsed()) {
        if (server.isEmpty()) {
          server = Optional.of(openServer());
        }
        refuseDeadServer();
        env.putAll(spec.forTests());
      }
      env.putAll(stage.env());
      return env;
    }

    private Server openServer() {
      Path output = setting.outputs().resolve("server.log");
      Server opened = Server.open(spec, setting.run(), setting.config().root(), output);
      opened.pid().ifPresent(pid -> watch.add(SERVER, pid));
      String what = spec.reuse() ? "reusing the server at " : "the server under test is up at ";
      note(Level.INFO, what + spec.base());
      return opened;
    }

    private void refuseDeadServer() {
      Optional<UserError> death = server.flatMap(Server::death);
      if (death.isPresent()) {
        throw death.get();
      }
    }

    private AutoCloseableLease lock(Stage stage) throws IOException {
      if (stage.company() == Company.ANY) {
        return () -> {};
      }
      var mode =
          stage.company() == Company.ALONE ? MachineLock.Mode.EXCLUSIVE : MachineLock.Mode.SHARED;
      String holder = "stage " + stage.name() + " in " + setting.config().root();
      Thread waiting = Thread.currentThread();
      var wake = halt.onPull().thenAccept(reason -> waiting.interrupt());
      try {
        MachineLock.Lease lease =
            setting
                .lock()
                .acquire(
                    mode,
                    holder,
                    who ->
                        note(
                            Level.INFO,
                            "stage "
                                + stage.name()
                                + " waits until this machine is free of "
                                + String.join(", ", who)));
        return lease::close;
      } catch (InterruptedException e) {
        throw new UserError("interrupted while waiting", "", "", ExitCode.INTERRUPTED);
      } finally {
        wake.cancel(false);
        var _ = Thread.interrupted();
      }
    }

    private void end(Stage stage, RunnerResult result) {
      Ending ending =
          result.exitCode() == ExitCode.OK
              ? new Ending.Succeeded()
              : new Ending.Failed(why(stage, result));
      keep(stage, ending, Optional.of(result));
    }

    private void fail(Stage stage, UserError error) {
      keep(stage, new Ending.Failed(error.what()), Optional.empty());
    }

    private void keep(Stage stage, Ending ending, Optional<RunnerResult> result) {
      Reading peak = watch.peak(stage.name());
      results.put(
          stage.name(),
          new StageResult(stage, ending, workers(stage), result, peak.size(), peak.source()));
      progress = progress.after(stage.name(), ending);
    }

    private ChainResult result() {
      List<StageResult> all = new ArrayList<>();
      for (Stage stage : progress.plan().stages()) {
        all.add(
            results.getOrDefault(
                stage.name(),
                new StageResult(
                    stage,
                    progress.ending(stage.name()),
                    workers(stage),
                    Optional.empty(),
                    Reading.NONE.size(),
                    Reading.NONE.source())));
      }
      Reading peak = watch.peak(SERVER);
      return new ChainResult(
          all,
          peak.size(),
          peak.source(),
          watch.machinePeak(),
          error,
          halt.reason(),
          Duration.ofNanos(System.nanoTime() - start));
    }

    @Override
    public void close() {
      server.ifPresent(Server::close);
    }
  }

  /// Gives a lock back.
  @FunctionalInterface
  private interface AutoCloseableLease extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  private int workers(Stage stage) {
    if (stage.work() instanceof Work.Command command && !command.isParallel()) {
      return 1;
    }
    return stage.workers() > 0 ? stage.workers() : Math.max(1, setting.auto().applyAsInt(stage));
  }

  private static String why(Stage stage, RunnerResult result) {
    long red = result.results().stream().filter(test -> test.outcome().isRed()).count();
    if (!result.halted().isEmpty()) {
      return result.halted();
    }
    if (result.results().stream().anyMatch(test -> test.id().equals(stage.name()))) {
      return "exit code " + result.status();
    }
    if (red > 0) {
      return red == 1 ? "1 test failed" : red + " tests failed";
    }
    if (result.exitCode() == ExitCode.NO_TESTS) {
      return "no tests matched";
    }
    return result.problems().isEmpty()
        ? "exit code " + result.status()
        : result.problems().getFirst().lines().findFirst().orElse("");
  }

  private void note(Level level, String text) {
    tell(new RunEvent.Note(Instant.now(), level, text));
  }

  private void tell(RunEvent event) {
    events.accept(event);
  }
}
