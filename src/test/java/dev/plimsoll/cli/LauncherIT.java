package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.plimsoll.model.ExitCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The launcher script, which starts the interpreter of a run while Java starts, around the
/// packaged program.
class LauncherIT {
  private static final Path SOURCES = Path.of("").toAbsolutePath();

  @TempDir private Path folder;

  /// What runs the script; empty: what its first line names.
  private List<String> shell = List.of();

  private Path script;
  private Path project;

  @BeforeEach
  void checkout() throws Exception {
    String program = System.getProperty("plimsoll.program", "");
    assumeThat(program).as("a packaged program").isNotEmpty();
    Path home = Files.createDirectories(folder.resolve("a checkout"));
    script = home.resolve("plimsoll");
    Files.copy(SOURCES.resolve("plimsoll"), script, StandardCopyOption.COPY_ATTRIBUTES);
    Files.createDirectories(home.resolve("bin/lib"));
    for (String part : List.of("bin/lib/fresh.sh", "bin/lib/early.sh", "bin/lib/start.sh")) {
      Files.copy(SOURCES.resolve(part), home.resolve(part));
    }
    Path dist = Files.createDirectories(home.resolve("target/dist"));
    Files.copy(Path.of(program), dist.resolve("plimsoll.jar"));

    project = Files.createDirectories(folder.resolve("a project"));
    Files.createDirectories(project.resolve(".git"));
    Files.writeString(
        project.resolve("test_a.py"),
        """
        import os

        def test_a():
            host = f"/proc/{os.getppid()}"
            with open("seen", "w") as seen:
                seen.write(open(host + "/cmdline").read() + "\\n" + open(host + "/environ").read())
                seen.write("\\n" + os.environ["_PLIMSOLL_RUN"] + "\\n" + os.environ["PASSED_ON"])
        """);
  }

  private Process start(String... arguments) throws IOException {
    var command = new ArrayList<>(shell);
    command.addAll(List.of(script.toString(), "run"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(project.toFile()).redirectErrorStream(true);
    builder.environment().put("PLIMSOLL_JAVA", System.getProperty("java.home") + "/bin/java");
    builder.environment().put("PASSED_ON", "kept");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return builder
        .redirectOutput(folder.resolve("said").toFile())
        .redirectInput(new File("/dev/null"))
        .start();
  }

  /// Whether the host of a green run was the interpreter that the script started.
  private boolean isEarly(String... arguments) throws Exception {
    int status = start(arguments).waitFor();
    String said = Files.readString(folder.resolve("said"));
    assertThat(status).as(said).isZero();
    assertThat(said).contains("PASSED: 1 passed").doesNotContain("warning", "error");
    List<String> seen = Files.readAllLines(project.resolve("seen"));
    assertThat(seen.get(3)).isEqualTo("kept");
    String host = "\0" + seen.get(1);
    assertThat(host).contains("\0_PLIMSOLL_RUN=");
    boolean early = !host.contains("\0_PLIMSOLL_RUN=" + seen.get(2) + "\0");
    assertThat(seen.getFirst()).contains(early ? "early.wait()" : "python");
    return early;
  }

  /// The first run, which leaves word of its interpreter where hosts are started directly.
  private void first() throws Exception {
    assertThat(isEarly()).isFalse();
    assumeThat(word()).as("no scope of systemd is needed here").exists();
  }

  private Path word() {
    return project.resolve(".plimsoll/early");
  }

  @Test
  void theSecondRunIsStartedEarly() throws Exception {
    first();
    assertThat(isEarly()).isTrue();
    assertThat(isEarly("test_a.py", "--", "-v")).isTrue();
    assertThat(ProcessesIn.folder(project)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash --posix", "busybox sh"})
  void inWhateverShell(String command) throws Exception {
    shell = List.of(command.split(" ", -1));
    assumeThat(new ProcessBuilder("which", shell.getFirst()).start().waitFor())
        .as(command + " is installed")
        .isZero();
    var asked = new ArrayList<>(shell);
    asked.addAll(List.of("-c", "[ -p /proc/self/fd/3 ] 3<<END\nline\nEND"));
    assumeThat(new ProcessBuilder(asked).start().waitFor())
        .as("a here-document is a pipe in it")
        .isZero();
    first();
    assertThat(isEarly()).isTrue();
  }

  @Test
  void anotherPythonOrProjectIsStartedTheUsualWay() throws Exception {
    first();
    String python = Files.readAllLines(word()).getFirst();
    assertThat(isEarly("--python", python)).isTrue();
    assertThat(isEarly("--python=" + python)).isTrue();
    Path other = folder.resolve("other-python");
    Files.writeString(other, "#!/bin/sh\nexec '" + python + "' \"$@\"\n");
    assertThat(other.toFile().setExecutable(true)).isTrue();
    assertThat(isEarly("--python", other.toString())).isFalse();
    assertThat(isEarly("--python", other.toString())).isTrue();
    assertThat(isEarly("-C", ".")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "only one line",
        "/bin/false\n/\n",
        "/bin/cat\n/\n",
        "/nowhere\n/\n",
        "a\nb\nc\n"
      })
  void aWordThatIsWrongDoesNoHarm(String wrong) throws Exception {
    first();
    String right = Files.readString(word());
    Files.writeString(word(), wrong);
    assertThat(isEarly()).isFalse();
    assertThat(word()).hasContent(right.strip());
  }

  @Test
  void aPluginOfAnotherProgramIsNotUsed() throws Exception {
    first();
    List<String> lines = Files.readAllLines(word());
    Path old = folder.resolve("old plugin");
    try (Stream<Path> files = Files.walk(Path.of(lines.get(1)))) {
      for (Path file : files.toList()) {
        Files.copy(file, old.resolve(Path.of(lines.get(1)).relativize(file).toString()));
      }
    }
    Files.writeString(word(), lines.getFirst() + "\n" + old + "\n");
    assertThat(isEarly()).isFalse();
    assertThat(isEarly()).isTrue();
  }

  @Test
  void aHostThatHangsIsGoneWithAKilledRun() throws Exception {
    first();
    Files.writeString(
        project.resolve("conftest.py"),
        """
        import os, signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        open("hangs", "w").close()
        while True:
            time.sleep(60)
        """);
    Process run = start();
    await(() -> Files.exists(project.resolve("hangs")));
    run.destroyForcibly();
    run.waitFor();
    await(() -> ProcessesIn.folder(project).isEmpty());
  }

  @Test
  void aRefusedCommandLineEndsTheInterpreter() throws Exception {
    first();
    assertThat(start("--no-such-option").waitFor()).isEqualTo(ExitCode.USAGE.code());
    await(() -> ProcessesIn.folder(project).isEmpty());
  }

  @Test
  void aHostThatIsKilledIsToldAsKilled() throws Exception {
    first();
    Files.writeString(
        project.resolve("conftest.py"),
        """
        import os, signal

        def pytest_sessionfinish(session):
            if not hasattr(session.config, "workerinput"):
                os.kill(os.getpid(), signal.SIGKILL)
        """);
    assertThat(start().waitFor()).isNotZero();
    assertThat(Files.readString(folder.resolve("said"))).contains("137");
  }

  /// Ctrl-\ makes Java print them.
  @Test
  void stacksOfJavaAreNoResult() throws Exception {
    Files.writeString(
        project.resolve("test_a.py"),
        """
        import pathlib, time

        def test_a():
            pathlib.Path("begun").touch()
            while not pathlib.Path("go").exists():
                time.sleep(0.02)
        """);
    var builder = new ProcessBuilder(script.toString(), "run", "--json");
    builder.environment().put("PLIMSOLL_JAVA", System.getProperty("java.home") + "/bin/java");
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process run =
        builder
            .directory(project.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    await(() -> Files.exists(project.resolve("begun")));
    new ProcessBuilder("kill", "-QUIT", Long.toString(run.pid())).start().waitFor();
    await(() -> Files.readString(err).contains("Full thread dump") || Files.size(out) > 0);
    Files.createFile(project.resolve("go"));
    assertThat(run.waitFor()).isZero();
    assertThat(out).content().startsWith("{").doesNotContain("thread dump");
  }

  /// By a script: the names that this process can write depend on its own locale.
  @ParameterizedTest
  @ValueSource(strings = {"", "LC_ALL=C", "LANG=POSIX"})
  void namesBeyondAsciiNeedNoLocale(String locale) throws Exception {
    Path all =
        Files.writeString(
            folder.resolve("all.sh"),
            """
            unset LC_ALL LC_CTYPE LANG
            mkdir prøjekt && cd prøjekt && mkdir .git && echo 'def test_é(): pass' >test_é.py
            for turn in first second; do env %s "$1" run -k é --json || exit; done
            """
                .formatted(locale));
    var builder = new ProcessBuilder("sh", all.toString(), script.toString());
    builder.environment().put("PLIMSOLL_JAVA", System.getProperty("java.home") + "/bin/java");
    Path said = folder.resolve("said");
    Process process =
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(said)).isZero();
    assertThat(said).content().contains("test_é.py::test_é").doesNotContain("warning", "error:");
  }

  private static void await(Waiting.Condition condition) throws Exception {
    Waiting.until(condition, () -> "");
  }
}
