package dev.plimsoll.run.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigLoader;
import dev.plimsoll.config.Overrides;
import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.engine.playwright.BrowserExample;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.containment.ContainmentProbe;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.MachineLock;
import dev.plimsoll.process.Ports;
import dev.plimsoll.process.ProcessTable;
import dev.plimsoll.run.plan.ThisMachine;
import dev.plimsoll.run.plan.WorkerRule;
import dev.plimsoll.schedule.budget.BudgetRule;
import dev.plimsoll.schedule.budget.Reserve;
import dev.plimsoll.stages.StageEnd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Chains of real commands, with a real server written in Python.
class ChainTest {
  private static final String SERVER =
      """
      import http.server, os, sys, threading
      class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
          if self.path == '/die': os._exit(7)
          self.send_response(200); self.end_headers(); self.wfile.write(b'ok')
      print('listening on', sys.argv[1], flush=True)
      http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
      """;
  private static final String GET =
      "python3 -c \"import os,urllib.request as u; print(u.urlopen(os.environ['BASE_URL'] +"
          + " '%s').read())\"";

  @TempDir private Path folder;
  private final String run = "chain-" + UUID.randomUUID();
  private final int port = BrowserExample.freePort();
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    assertThat(new ProcessTable(Path.of("/proc")).marked("_PLIMSOLL_RUN=" + run)).isEmpty();
  }

  @Test
  void oneServerForAllStagesThatWantIt() throws IOException {
    ChainResult result =
        run(
            server("")
                + stage("first", "pgrep -cf '[s]erver.py' ; " + GET.formatted("/"), "server = true")
                + stage("second", GET.formatted("/"), "server = true\nneeds = ['first']"));
    assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(Files.readString(folder.resolve("out/server.log"))).containsOnlyOnce("listening on");
    assertThat(new Ports(Path.of("/proc")).isTaken(port)).isFalse();
    assertThat(notes()).contains("the server under test is running at http://127.0.0.1:" + port);
  }

  @Test
  void aFailedPreflightKeepsTheRestBack() throws IOException {
    ChainResult result =
        run(
            stage("preflight", "echo no browser; exit 3", "")
                + stage("latency", "true", "needs = ['preflight']")
                + stage("functional", "true", "needs = ['latency']"));
    assertThat(result.exitCode()).isEqualTo(ExitCode.PREFLIGHT);
    assertThat(result.stages())
        .extracting(StageResult::ending)
        .containsExactly(
            new StageEnd.Failed("exit code 3"),
            new StageEnd.NotRun("`preflight` failed"),
            new StageEnd.NotRun("`latency` did not run"));
    assertThat(result.results().getFirst().text()).contains("exit code 3", "no browser");
  }

  @Test
  void aServerThatDiesEndsTheChainWithItsLastWords() throws IOException {
    ChainResult result =
        run(
            server("")
                + stage("kills", GET.formatted("/die") + "; sleep 60", "server = true")
                + stage("after", "true", "needs = ['kills']"));
    assertThat(result.error()).get().extracting(UserError::what).asString().contains("exit code 7");
    assertThat(result.error().get().why()).contains("listening on");
    assertThat(result.exitCode()).isEqualTo(ExitCode.BROWSER);
    assertThat(result.results()).hasSize(1);
    assertThat(result.stages().get(1).ending()).isInstanceOf(StageEnd.NotRun.class);
  }

  @Test
  void aServerThatDoesNotStartSaysWhatItPrinted() throws IOException {
    ChainResult result =
        run(
            "[server]\ncommand = 'echo missing module; exit 4'\n"
                + stage("one", "true", "server = true"));
    assertThat(result.exitCode()).isEqualTo(ExitCode.BROWSER);
    assertThat(result.error().get().what()).contains("exit code 4 before it answered");
    assertThat(result.error().get().why()).contains("missing module");
  }

  @Test
  void aServerThatDoesNotAnswerInTime() throws IOException {
    ChainResult result =
        run(
            "[server]\ncommand = 'sleep 60'\ntimeout = '300ms'\nport = "
                + port
                + "\n"
                + stage("one", "true", "server = true"));
    assertThat(result.error().get().what()).contains("did not answer");
    assertThat(result.exitCode()).isEqualTo(ExitCode.BROWSER);
  }

  @Test
  void aPortInUseNamesItsHolder() throws IOException {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      ChainResult result = run(server("") + stage("one", "true", "server = true"));
      assertThat(socket.isBound()).isTrue();
      assertThat(result.error().get().what()).contains("port " + port + " is in use");
      assertThat(result.error().get().why())
          .contains("process " + ProcessHandle.current().pid() + " (", "java");
    }
  }

  @Test
  void reuseStartsNothingAndNeedsAnAnswer() throws IOException {
    ChainResult result = run(server("reuse = true\n") + stage("one", "true", "server = true"));
    assertThat(result.error().get().what()).contains("to reuse does not answer");
    assertThat(folder.resolve("out/server.log")).doesNotExist();
  }

  @Test
  void aReusedServerGoesOn() throws Exception {
    Files.writeString(folder.resolve("server.py"), SERVER);
    Process own =
        new ProcessBuilder("python3", "server.py", Integer.toString(port))
            .directory(folder.toFile())
            .start();
    try {
      assertThat(own.inputReader().readLine()).startsWith("listening");
      ChainResult result =
          run(server("reuse = true\n") + stage("one", GET.formatted("/"), "server = true"));
      assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
      assertThat(own.isAlive()).isTrue();
    } finally {
      own.destroyForcibly();
    }
  }

  @Test
  void aStageThatTakesTooLongIsEnded() throws IOException {
    ChainResult result = run(stage("slow", "sleep 60 & sleep 60", "timeout = '300ms'"));
    assertThat(result.stages().getFirst().ending()).isInstanceOf(StageEnd.Failed.class);
    assertThat(result.results().getFirst().text()).contains("time limit");
    assertThat(result.exitCode()).isEqualTo(ExitCode.TESTS_FAILED);
  }

  @Test
  void anInterruptEndsWhatRunsAndTheRest() throws IOException {
    var cancellation = new CancellationToken();
    Config config = config(stage("one", "echo up; sleep 60", "") + stage("two", "true", ""));
    ChainResult result =
        chain(
                config,
                event -> {
                  if (event instanceof RunEvent.Output) {
                    cancellation.pull("Ctrl-C");
                  }
                })
            .run(StageReader.read(config), cancellation);
    assertThat(result.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(result.stages().get(1).ending()).isEqualTo(new StageEnd.NotRun("Ctrl-C"));
  }

  @Test
  void theFirstInterruptLetsACommandEndInOrder() throws IOException {
    // A shell cannot trap what was ignored when it started, as in a background job of a script.
    Files.writeString(
        folder.resolve("orderly.py"),
        """
        import signal, sys, time
        signal.signal(signal.SIGINT, lambda *_: (print('bye'), sys.exit(0)))
        print('ready', flush=True)
        time.sleep(60)
        """);
    assertThat(interruptedWhenReady("python3 orderly.py", 1)).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(Files.readString(folder.resolve("out/one.log"))).endsWith("ready\nbye\n");
  }

  @Test
  void theSecondInterruptEndsACommandThatDoesNot() throws IOException {
    assertThat(interruptedWhenReady("trap '' INT; echo ready; sleep 60", 2))
        .isEqualTo(ExitCode.INTERRUPTED);
  }

  /// The exit code of a chain that is interrupted so often as soon as its command is ready.
  private ExitCode interruptedWhenReady(String command, int times) throws IOException {
    var cancellation = new CancellationToken();
    Config config = config(stage("one", command, ""));
    return chain(
            config,
            event -> {
              if (event instanceof RunEvent.Output) {
                Stream.generate(() -> "Ctrl-C").limit(times).forEach(cancellation::ask);
              }
            })
        .run(StageReader.read(config), cancellation)
        .exitCode();
  }

  @Test
  void stagesGetTheirWorkersAndEnvironment() throws IOException {
    run(
        stage(
            "one", "echo {workers} $COLOUR $_PLIMSOLL_RUN", "workers = 3\nenv = {COLOUR = 'red'}"));
    assertThat(Files.readString(folder.resolve("out/one.log"))).isEqualTo("3 red " + run + "\n");
  }

  @Test
  void wrongStagesAreErrors() {
    assertThatThrownBy(() -> run("[stages.empty]\nneeds = []\n"))
        .hasMessageContaining("has no work");
    assertThatThrownBy(() -> run("[stages.both]\ncommand = 'a'\nplaywright = []\n"))
        .hasMessageContaining("more than one kind of work");
    assertThatThrownBy(() -> run(stage("a", "true", "needs = ['b']")))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.why()).contains("does not exist"));
    assertThatThrownBy(() -> run("workers = 2\n")).hasMessageContaining("there are no stages");
  }

  private String server(String more) throws IOException {
    Files.writeString(folder.resolve("server.py"), SERVER);
    return "[server]\ncommand = 'python3 server.py {port}'\nport = " + port + "\n" + more + "\n";
  }

  private static String stage(String name, String command, String more) {
    return "[stages." + name + "]\ncommand = '''" + command + "'''\n" + more + "\n";
  }

  private ChainResult run(String toml) throws IOException {
    Config config = config(toml);
    return chain(config, events::add).run(StageReader.read(config), new CancellationToken());
  }

  private Config config(String toml) throws IOException {
    Files.writeString(folder.resolve("plimsoll.toml"), toml);
    return new ConfigLoader(ConfigSchema.STANDARD).load(folder, Overrides.NONE);
  }

  private Chain chain(Config config, java.util.function.Consumer<RunEvent> consumer) {
    var setting =
        new StageSession.Setting(
            run,
            config,
            folder.resolve("out"),
            new MachineLock(folder),
            Map.of(),
            guards(),
            StageRunners.withPlainPytest("python3", "report.xml"));
    var workers = new WorkerRule(config, ThisMachine.read(), List.of(), Map::of);
    return new Chain(setting, stage -> workers.stage(stage.name()).value(), consumer);
  }

  private StageGuards guards() {
    var self = new ProcessTable(Path.of("/proc")).key(ProcessHandle.current().pid()).orElseThrow();
    var containment =
        new ContainmentProbe(SystemRoot.system(), self, key -> true)
            .find(Map.of("XDG_CACHE_HOME", folder.toString()));
    return new StageGuards(new BudgetRule.Auto(), Reserve.USUAL, containment, self);
  }

  private List<String> notes() {
    return events.stream()
        .filter(RunEvent.Note.class::isInstance)
        .map(event -> ((RunEvent.Note) event).text())
        .toList();
  }
}
