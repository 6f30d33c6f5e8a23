package dev.plimsoll.run.chain;

import dev.plimsoll.config.Config;
import dev.plimsoll.engine.Halt;
import dev.plimsoll.engine.Runner;
import dev.plimsoll.engine.RunnerRequest;
import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.memory.TreeMemory.Reading;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunEvent.Level;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.MachineLock;
import dev.plimsoll.process.Watchdog;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.stages.Stage.Company;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Where stages run, one after another: their server under test, their locks, the watch over their
/// memory.
///
/// The server is started once, before the first stage that wants it, and ended with the session.
/// When it dies, the stage that runs is ended. A watchdog ends all that is left should this process
/// be killed. Stages that want to be alone on the machine wait for other runs of the same user, and
/// those for them.
public final class StageSession implements AutoCloseable {
  private static final String SERVER = "server under test";

  private final Setting setting;
  private final Consumer<RunEvent> events;
  private final Halt halt;
  private final ServerSpec spec;
  private final Watchdog watchdog;
  private final TreeWatch watch = new TreeWatch();
  private Optional<Server> server = Optional.empty();

  /// What stages need from their surroundings.
  ///
  /// @param run the run's id
  /// @param outputs folder that keeps what the processes print
  /// @param lock keeps suites apart
  /// @param environment of this process
  /// @param runners makes the runner of a stage
  public record Setting(
      String run,
      Config config,
      Path outputs,
      MachineLock lock,
      Map<String, String> environment,
      Function<Stage, Runner> runners) {
    public Setting {
      environment = Map.copyOf(environment);
    }
  }

  /// A session that ends what runs when `halt` is pulled.
  ///
  /// @throws UserError when the configuration of the server cannot be used
  public StageSession(Setting setting, Consumer<RunEvent> events, Halt halt) {
    this.setting = setting;
    this.events = events;
    this.halt = halt;
    this.spec = ServerSpec.of(setting.config(), setting.environment());
    this.watchdog = Watchdog.start(setting.run());
  }

  /// What a stage took, beside what its runner tells.
  ///
  /// @param peak peak memory of its process tree, the server under test not counted
  /// @param machinePeak the highest use of the whole machine's memory meanwhile
  public record Ran(RunnerResult result, Reading peak, Bytes machinePeak) {}

  /// Run a stage to its end.
  ///
  /// @throws UserError when it could not run, or the server under test died
  public Ran run(Stage stage, int workers) {
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
      return new Ran(result, watch.take(stage.name()), watch.takeMachinePeak());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      watch.take(stage.name());
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
    return watch.peak(SERVER);
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

  @Override
  public void close() {
    server.ifPresent(Server::close);
    watch.close();
    watchdog.close();
  }

  /// Gives a lock back.
  @FunctionalInterface
  private interface AutoCloseableLease extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  private void note(Level level, String text) {
    tell(new RunEvent.Note(Instant.now(), level, text));
  }

  private void tell(RunEvent event) {
    events.accept(event);
  }
}
