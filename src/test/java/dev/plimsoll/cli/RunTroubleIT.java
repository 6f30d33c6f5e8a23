package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.plimsoll.model.ExitCode;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs around which something is wrong that is no test's fault.
class RunTroubleIT {
  @TempDir private Path root;

  @BeforeEach
  void project() throws Exception {
    Files.createDirectories(root.resolve(".git"));
    Files.writeString(root.resolve("test_a.py"), "def test_a(): pass\n");
  }

  private ProgramRun run(String... options) throws Exception {
    String[] all = new String[options.length + 3];
    System.arraycopy(new String[] {"run", "--python", "python3"}, 0, all, 0, 3);
    System.arraycopy(options, 0, all, 3, options.length);
    return ProgramRun.of(root, all);
  }

  @Test
  void aHistoryThatCannotBeUsedFailsNoRun() throws Exception {
    Files.createDirectories(root.resolve(".plimsoll/history.db"));
    ProgramRun run = run();
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("warning: cannot read earlier runs", "cannot record this run in the history")
        .doesNotContain("a bug");
    assertThat(run.out()).endsWith("\n").contains("PASSED: 1 passed");
  }

  @Test
  void aBudgetThatPytestItselfExceedsIsAnErrorBeforeATestRuns() throws Exception {
    ProgramRun run = run("--memory", "1m");
    assertThat(run.exitCode()).isEqualTo(ExitCode.MEMORY.code());
    assertThat(run.err())
        .contains("error: the memory budget of 1.0 MiB is less than pytest itself holds here (")
        .contains("--memory");
    assertThat(run.out()).doesNotContain("PASSED", "1 passed");
  }

  @Test
  void aReportThatCannotBeWrittenIsSaidBeforeTheTestsRunOrIsRed() throws Exception {
    ProgramRun folder = run("--junit", ".");
    assertThat(folder.err()).contains("cannot write the report `.`", "it is a directory");
    assertThat(folder.exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(folder.out()).isEmpty();

    ProgramRun late = run("--junit", "/proc/report.xml");
    assertThat(late.err())
        .contains("cannot write the report `/proc/report.xml`")
        .doesNotContain("a bug");
    assertThat(late.out()).contains("PASSED: 1 passed");
    assertThat(late.exitCode()).isEqualTo(ExitCode.INTERNAL_ERROR.code());

    Files.writeString(root.resolve("test_a.py"), "def test_a(): assert False\n");
    assertThat(run("--junit", "/proc/report.xml").exitCode()).isEqualTo(1);
  }

  @Test
  void aResultThatDidNotFitTheDiskIsNotGreen() throws Exception {
    Path err = root.resolve("err");
    Process run =
        ProgramRun.start(
            root, new File("/dev/full"), err.toFile(), "run", "--python", "python3", "--json");
    assertThat(run.waitFor()).isEqualTo(ExitCode.INTERNAL_ERROR.code());
    assertThat(err).content().contains("could not write the result to stdout", "hint: ");
  }

  @Test
  void aFolderThatLostItsWordToGitHasItAgain() throws Exception {
    Files.createDirectories(root.resolve(".plimsoll"));
    Files.createFile(root.resolve(".plimsoll/.gitignore"));
    assertThat(run().exitCode()).isZero();
    assertThat(root.resolve(".plimsoll/.gitignore")).hasContent("*");
  }

  /// Which line has started the host of a run, from a test in it.
  private String host(String... options) throws Exception {
    Files.writeString(
        root.resolve("test_a.py"),
        "import os\n"
            + "def test_a(): open('host',"
            + " 'w').write(open(f'/proc/{os.getppid()}/cmdline').read())\n");
    ProgramRun run = run(options);
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    return Files.readString(root.resolve("host"));
  }

  @Test
  void theInterpreterStartsBeforeTheCommandLineIsReadWhereItIsTheProjects() throws Exception {
    assertThat(host()).contains("early.wait()");
    assertThat(host("-C", ".")).contains("\0-m\0pytest\0").doesNotContain("early");
  }

  /// An interpreter has been started by then.
  @Test
  void aCommandLineThatIsRefusedLeavesNothingRunning() throws Exception {
    ProgramRun run = run("--no-such-option");
    assertThat(run.err()).contains("Unknown option: '--no-such-option'");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(ProcessesIn.folder(root)).isEmpty();
  }

  @Test
  void anInterpreterThatEndsBeforeItsOrderIsExplained() throws Exception {
    Path broken = root.resolve("broken");
    Files.writeString(broken, "#!/bin/sh\necho this one never works >&2\nexit 3\n");
    assertThat(broken.toFile().setExecutable(true)).isTrue();
    ProgramRun run = ProgramRun.of(root, "run", "--python", broken.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.PYTHON.code());
    assertThat(run.out() + run.err()).contains("this one never works");
  }

  @Test
  void aProgramThatIsNoPythonIsNamed() throws Exception {
    ProgramRun run = ProgramRun.of(root, "run", "--python", "/bin/false");
    assertThat(run.exitCode()).isEqualTo(ExitCode.PYTHON.code());
    assertThat(run.err()).contains("error: cannot use /bin/false", "hint: select another Python");
  }

  @Test
  void workersThatCollectOtherTestsEndTheRunWithAHint() throws Exception {
    Files.writeString(
        root.resolve("test_other.py"),
        """
        import os, pytest
        @pytest.mark.parametrize("x", [os.getpid()])
        def test_one(x): pass
        """);
    ProgramRun run = run("--engine", "spawn", "-n", "2");
    assertThat(run.exitCode()).isEqualTo(ExitCode.ENGINE.code());
    assertThat(run.err())
        .containsOnlyOnce("error: worker gw")
        .contains("collected other tests", "hint: sort the values of parameters");
  }

  @Test
  void aBreakpointWithoutATerminalHasANote() throws Exception {
    Files.writeString(root.resolve("test_stops.py"), "def test_stops():\n    breakpoint()\n");
    assertThat(run("test_stops.py").out())
        .contains("note: a debugger has the terminal only with `-- --pdb`");
  }

  @Test
  void aVariableThatNothingReadsIsNamedOnce() throws Exception {
    var environment = Map.of("PLIMSOLL_HEEP", "1g", "PLIMSOLL_JAVA", "java");
    ProgramRun run = ProgramRun.of(root, environment, "run", "--python", "python3", "--quiet");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .containsOnlyOnce("PLIMSOLL_HEEP")
        .contains("did you mean `PLIMSOLL_HEAP`?");
    assertThat(run.err()).doesNotContain("PLIMSOLL_JAVA");
  }

  @Test
  void aPytestThatEndsWellBeforeItsSessionIsNotGreen() throws Exception {
    Files.writeString(root.resolve("conftest.py"), "import os\nos._exit(0)\n");
    ProgramRun run = run();
    assertThat(run.exitCode()).isEqualTo(ExitCode.PYTHON.code());
    assertThat(run.err()).contains("pytest did not start", "exited with status 0");
    Files.delete(root.resolve("conftest.py"));
    assertThat(run("--", "--version").exitCode()).isZero();
  }

  @Test
  void aFileWhoseNameIsNotUtf8Runs() throws Exception {
    Files.writeString(
        root.resolve("make.py"), "open(b'test_\\xff.py', 'w').write('def test_b(): pass\\n')\n");
    var make = new ProcessBuilder("python3", "make.py").directory(root.toFile());
    assertThat(make.start().waitFor()).isZero();
    ProgramRun run = run("--", "-p", "no:cacheprovider"); // it fails at such names
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(run.out()).contains("PASSED: 2 passed");
  }

  @Test
  void aConftestThatBreaksIsShownAlsoWithQuiet() throws Exception {
    Files.writeString(root.resolve("conftest.py"), "import there_is_no_such_module\n");
    ProgramRun run = run("--quiet");
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.out())
        .contains("No module named 'there_is_no_such_module'")
        .contains("FAILED (pytest did not start; see its output): no tests");
    assertThat(run.err()).doesNotContain("connection", "not enforced");
  }

  /// What an earlier run found in this boot does not hold where control groups are read-only, as in
  /// most containers.
  @Test
  void aRequiredContainmentThatWasThereBeforeIsMissedWhenItIsGone() throws Exception {
    ProgramRun before = run("--require-containment");
    assumeThat(before.exitCode()).as("containment works here: " + before.err()).isZero();
    String readOnly =
        "for m in $(awk '$3 ~ /^cgroup/ { print $2 }' /proc/self/mounts); do"
            + " mount -o remount,bind,ro \"$m\" || exit 97; done; exec \"$@\"";
    var command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", readOnly, "sh"));
    command.addAll(ProgramRun.command("run", "--python", "python3", "--require-containment"));
    Path said = root.resolve("said.txt");

    Process process =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();

    assertThat(process.waitFor()).as(Files.readString(said)).isEqualTo(13);
    assertThat(said).content().contains("the kernel cannot enforce memory limits here", "hint: ");
    assertThat(run("--require-containment").exitCode()).isZero();
  }
}
