package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Chains of commands from the command line: what runs, and what is printed, recorded and reported.
class StageCommandsIT {
  private final List<Process> started = new ArrayList<>();
  private static final String CHAIN =
      """
      [stages.gate]
      command = "echo through the gate"
      [stages.unit]
      command = '''printf '<testsuite><testcase name="good"/><testcase name="bad"><failure message="Error: no luck"/></testcase></testsuite>' > unit.xml; exit 1'''
      junit = "unit.xml"
      needs = ["gate"]
      [stages.last]
      command = "true"
      needs = ["unit"]
      """;

  @TempDir private Path folder;
  @TempDir private Path runtime;

  @Test
  void aChainIsARunLikeAnyOther() throws Exception {
    write("plimsoll.toml", CHAIN);
    var run = plimsoll("run", "--junit", "all.xml");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.TESTS_FAILED.code());
    assertThat(run.err()).contains("gate: 1 worker\n", "2 tests: unit 2\n");
    assertThat(run.out())
        .contains("through the gate\n", "FAILED bad", "failed bad - Error: no luck")
        .containsPattern("last +not run: `unit` failed")
        .containsPattern("FAILED: 1 failed, 2 passed in .*\n$");
    assertThat(Files.readString(folder.resolve("all.xml"))).contains("tests=\"3\"");
    var history = plimsoll("history");
    assertThat(history.out()).contains("1 failed, 2 passed", "command (gate 1, unit 1)");
    var report = plimsoll("report", "--md", "-", "--html", "page.html");
    assertThat(report.out())
        .contains("| last | not run: &#96;unit&#96; failed |", "- failed: `bad`");
    assertThat(Files.readString(folder.resolve("page.html"))).contains("not run: `unit` failed");
    var json = plimsoll("stages", "run", "--stage", "gate", "--json");
    assertThat(json.exitCode()).isZero();
    assertThat(json.out()).startsWith("{").contains("\"ending\" : \"passed\"");
  }

  @Test
  void allRunsTheGroupsAndThenTheChain() throws Exception {
    write("plimsoll.toml", CHAIN.replace("exit 1", "exit 0").replaceAll("<failure[^>]*>", ""));
    write("test_one.py", "def test_one(): pass\n");
    var plain = plimsoll("run");
    assertThat(plain.exitCode()).as(plain.err()).isZero();
    assertThat(plain.err())
        .contains("the chain gate, unit, last does not run; `--all` runs it too");
    assertThat(plain.out()).contains("PASSED: 1 passed").doesNotContain("through the gate");
    var all = plimsoll("run", "--all");
    assertThat(all.exitCode()).as(all.err()).isZero();
    assertThat(all.out()).containsSubsequence("PASSED: 1 passed", "gate", "PASSED: 4 passed");
    var mixed = plimsoll("run", "--all", "--json");
    assertThat(mixed.exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(plimsoll("run", "--stage", "gate", "-k", "one").exitCode())
        .isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void aRunOfPytestWaitsForAnExclusiveStageInAnotherTerminal() throws Exception {
    Path pytest = Files.createDirectory(folder.resolve("pytest"));
    Files.writeString(pytest.resolve("test_one.py"), "def test_one(): pass\n");
    write(
        "web/plimsoll.toml",
        """
        [stages.browsers]
        command = "touch up; while ! test -e go; do sleep 0.1; done"
        exclusive = true
        """);
    Path web = folder.resolve("web");
    Process stage = start(web, "stage", "stages", "run");
    await(() -> Files.exists(web.resolve("up")), stage);
    Process run = start(pytest, "run", "run");
    String waits = "waits until this machine is free of stage browsers in";
    await(() -> Files.readString(folder.resolve("run.err")).contains(waits), run);
    assertThat(Files.readString(folder.resolve("run.out"))).isEmpty();
    Files.createFile(web.resolve("go"));
    assertThat(stage.waitFor()).isZero();
    assertThat(run.waitFor()).as(Files.readString(folder.resolve("run.err"))).isZero();
    assertThat(Files.readString(folder.resolve("run.out"))).contains("PASSED: 1 passed");
  }

  private Process start(Path where, String name, String... args) throws IOException {
    Process process =
        ProgramRun.start(
            where,
            Map.of("XDG_RUNTIME_DIR", runtime.toString()),
            folder.resolve(name + ".out").toFile(),
            folder.resolve(name + ".err").toFile(),
            args);
    started.add(process);
    return process;
  }

  /// A test that fails leaves no program behind.
  @AfterEach
  void end() {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /// Wait for a condition as long as the process lives.
  private static void await(Callable<Boolean> condition, Process process) throws Exception {
    while (!condition.call()) {
      assertThat(process.waitFor(50, TimeUnit.MILLISECONDS)).as("it has ended before").isFalse();
    }
  }

  @Test
  void initWritesTheChainOfAPlaywrightProjectAndNoEmptyGroups() throws Exception {
    write("playwright.config.ts", "export default {};\n");
    write("package.json", "{\"scripts\": {\"dev\": \"x\", \"preflight\": \"true\"}}");
    write("e2e/latency.spec.ts", "");
    var run = plimsoll("init");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("a chain for the suite of playwright.config.ts", "no group lists");
    assertThat(folder.resolve("config")).doesNotExist();
    assertThat(plimsoll("stages", "list").out())
        .containsSubsequence("preflight ", "npm run -s preflight", "latency ", "functional ");
    write("plimsoll.toml", "workers = 2\n");
    assertThat(plimsoll("init").out()).contains("it was not changed", "[stages.functional]");
  }

  @Test
  void theDirectoryOfInitIsTheProjectAlsoInsideOfAnother() throws Exception {
    for (boolean git : List.of(false, true)) {
      Path top = Files.createDirectory(folder.resolve("git-" + git));
      if (git) {
        Files.createDirectory(top.resolve(".git"));
      }
      write("git-" + git + "/plimsoll.toml", "workers = 2\n");
      write("git-" + git + "/web/playwright.config.js", "export default {};\n");
      var run = plimsoll("init", "-C", top.resolve("web").toString());
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(top.resolve("web/plimsoll.toml")).exists();
      assertThat(plimsoll("stages", "list", "-C", top.resolve("web").toString()).out())
          .contains("functional    playwright test after preflight");
    }
  }

  @Test
  void aStageRunsInItsFolderAndItsOutputIsShownOnce() throws Exception {
    write("web/app/here.txt", "");
    write(
        "plimsoll.toml",
        """
        [server]
        command = "test -e here.txt && echo the server is in its folder; exit 1"
        folder = "web/app"
        [stages.gate]
        command = "test -e here.txt || exit 1; echo could not connect; exit 3"
        folder = "web/app"
        """);
    var run = plimsoll("run");
    assertThat(run.exitCode()).isEqualTo(ExitCode.TESTS_FAILED.code());
    assertThat(run.out())
        .containsOnlyOnce("could not connect\n")
        .contains("failed gate - exited with exit code 3");
    assertThat(plimsoll("run", "--quiet").out()).containsOnlyOnce("could not connect\n");
    write("plimsoll.toml", Files.readString(folder.resolve("plimsoll.toml")) + "server = true\n");
    assertThat(plimsoll("run").err()).contains("the server is in its folder");
    write("plimsoll.toml", "[stages.gate]\ncommand = 'true'\nfolder = 'wep'\n");
    var wrong = plimsoll("run");
    assertThat(wrong.exitCode()).isEqualTo(ExitCode.CONFIG.code());
    assertThat(wrong.err())
        .contains("the directory of `stages.gate.folder` does not exist: `wep`", "plimsoll.toml:3");
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private ProgramRun plimsoll(String... args) throws IOException, InterruptedException {
    return ProgramRun.of(folder, Map.of("XDG_RUNTIME_DIR", runtime.toString()), args);
  }
}
