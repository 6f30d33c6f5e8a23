package dev.plimsoll.run.chain;

import dev.plimsoll.config.Config;
import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.engine.Runner;
import dev.plimsoll.engine.RunnerRequest;
import dev.plimsoll.engine.RunnerRequest.Care;
import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.memory.TreeMemory.Reading;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunEvent.Level;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.MachineLock;
import dev.plimsoll.process.ProcessTable;
import dev.plimsoll.process.SteadyClock;
import dev.plimsoll.process.Watchdog;
import dev.plimsoll.run.Conflicts;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.stages.Work;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/// Where stages run, one after another: their server under test, their place on the machine, the
/// watch over their memory.
///
/// The server is started once, before the first stage that wants it, and ended with the session.
/// When it dies, the stage that runs is ended. A watchdog ends all that is left should this process
/// be killed.
public final class StageSession implements AutoCloseable {
  private final Setting setting;
  private final Consumer<RunEvent> events;
  private final CancellationToken cancellation;
  private final ServerSpec spec;
  private final Watchdog watchdog;
  private final StageLock lock;
  private Optional<Server> server = Optional.empty();
  private Reading serverPeak = Reading.NONE;

  /// What stages need from their surroundings.
  ///
  /// @param run the run's id
  /// @param outputs folder that keeps what the processes print
  /// @param lock keeps suites apart
  /// @param environment of this process
  /// @param guards makes the memory and the containment of a stage
  /// @param runners makes the runner of a stage
  public record Setting(
      String run,
      Config config,
      Path outputs,
      MachineLock lock,
      Map<String, String> environment,
      StageGuards guards,
      Function<Stage, Runner> runners) {
    public Setting {
      environment = Map.copyOf(environment);
    }
  }

  /// A session that ends what runs when `cancellation` is pulled.
  ///
  /// @throws UserError when the configuration of the server cannot be used
  public StageSession(Setting setting, Consumer<RunEvent> events, CancellationToken cancellation) {
    this.setting = setting;
    this.events = events;
    this.cancellation = cancellation;
    this.spec = ServerSpec.of(setting.config(), setting.environment());
    var table = new ProcessTable(Path.of("/proc"));
    Set<Integer> needed = spec.reuse() ? Set.of(spec.port()) : Set.of();
    new Conflicts(setting.config(), table).check(needed, text -> note(Level.WARNING, text));
    this.watchdog = Watchdog.start(setting.run());
    this.lock =
        new StageLock(
            setting.lock(), setting.config().root().toString(), cancellation, this::inform);
  }

  /// What a stage took, beside what its runner tells.
  ///
  /// @param peak peak memory of its process tree, the server under test not counted
  /// @param machinePeak the highest use of the whole machine's memory meanwhile
  /// @param evidence facts about deaths for which memory was, or may have been, the reason
  /// @param death the error to tell when the server under test died meanwhile
  public record Ran(
      RunnerResult result,
      Reading peak,
      Bytes machinePeak,
      List<String> evidence,
      Optional<UserError> death) {
    public Ran {
      evidence = List.copyOf(evidence);
    }
  }

  /// Run a stage to its end.
  ///
  /// @throws UserError when it could not run
  public Ran run(Stage stage, int workers) {
    lock.enter(stage);
    if (cancellation.isPulled()) {
      throw new UserError("interrupted: " + cancellation.reason(), "", "", ExitCode.INTERRUPTED);
    }
    Map<String, String> env = environment(stage);
    CancellationToken stageCancellation = cancellation.branch();
    server.ifPresent(up -> {
      var _ = up.onDeath().thenAccept(death -> stageCancellation.pull(death.what()));
    });
    tell(new RunEvent.GroupStarted(SteadyClock.now(), stage.name(), 0, workers));
    return stage.work() instanceof Work.Pytest
        ? runPytest(stage, workers, env, stageCancellation)
        : runWatched(stage, workers, env, stageCancellation);
  }

  /// A run of pytest looks after its own memory.
  private Ran runPytest(
      Stage stage, int workers, Map<String, String> env, CancellationToken stageCancellation) {
    var nested = new NestedRun(this::tell);
    var request = request(stage, workers, env, Care.NONE);
    RunnerResult result = setting.runners().apply(stage).run(request, stageCancellation, nested);
    return new Ran(result, nested.peak(), nested.machinePeak(), nested.evidence(), death());
  }

  private Ran runWatched(
      Stage stage, int workers, Map<String, String> env, CancellationToken stageCancellation) {
    OptionalLong pid = server.map(Server::pid).orElse(OptionalLong.empty());
    try (var watch = setting.guards().open(pid, this::tell)) {
      boolean playwright = stage.work() instanceof Work.Playwright;
      var care = new Care(stage.stall(), setting.guards()::wrap, watch);
      var messages = new StageMessages(stage.name(), watch, playwright, this::tell);
      RunnerResult result =
          setting
              .runners()
              .apply(stage)
              .run(request(stage, workers, env, care), stageCancellation, messages);
      StageWatch.Peaks peaks = watch.peaks();
      serverPeak = serverPeak.max(new Reading(peaks.server(), peaks.source()));
      var peak = new Reading(peaks.stage(), peaks.source());
      return new Ran(result, peak, watch.machinePeak(), watch.evidence(), death());
    }
  }

  /// Start the server under test now when this stage wants it.
  ///
  /// @throws UserError when it cannot be started
  public void prepare(Stage stage) {
    environment(stage);
  }

  /// Peak memory of the server under test and its children; none when it was not started here.
  public Reading serverPeak() {
    return serverPeak;
  }

  private RunnerRequest request(Stage stage, int workers, Map<String, String> env, Care care) {
    Path root = setting.config().root();
    return new RunnerRequest(
        setting.run(),
        stage.name(),
        root,
        root.resolve(stage.folder()).normalize(),
        workers,
        env,
        stage.limit(),
        setting.outputs(),
        care);
  }

  /// The stage's environment; starts the server when it is the first to want it.
  private Map<String, String> environment(Stage stage) {
    Map<String, String> env = new HashMap<>();
    if (stage.server() && spec.isUsed()) {
      if (server.isEmpty()) {
        server = Optional.of(openServer());
      }
      Optional<UserError> death = death();
      if (death.isPresent()) {
        throw death.get();
      }
      env.putAll(spec.forTests());
    }
    env.putAll(stage.env());
    return env;
  }

  private Server openServer() {
    Path output = setting.outputs().resolve("server.log");
    Server opened = Server.open(spec, setting.run(), output, cancellation);
    inform(
        (spec.reuse() ? "reusing the server at " : "the server under test is running at ")
            + spec.base());
    return opened;
  }

  private Optional<UserError> death() {
    return server.flatMap(Server::death);
  }

  @Override
  public void close() {
    server.ifPresent(Server::close);
    lock.close();
    watchdog.close();
  }

  private void inform(String text) {
    note(Level.INFO, text);
  }

  private void note(Level level, String text) {
    tell(new RunEvent.Note(SteadyClock.now(), level, text));
  }

  private void tell(RunEvent event) {
    events.accept(event);
  }
}
