package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Environments in which runners tend to break: each test has the outcome of a serial run, or one
/// error says what to raise.
class OddEnvironmentIT {
  private static final String TESTS =
      """
      import sys
      import tempfile

      import pytest

      import beside


      @pytest.mark.parametrize("x", ["é", "日本", "a b", 3])
      def test_each(x, tmp_path):
          print("Zürich – 日本")
          assert x != 3


      def test_module():
          assert beside.WHAT == "on the path"
      """;

  @TempDir private Path root;

  /// Change what a shell can change, then run in it.
  ///
  /// @param before commands of a shell that has the program's command line as its arguments
  private ProgramRun run(Path project, String before, String... args) throws Exception {
    var command =
        new ArrayList<>(List.of("unshare", "-m", "sh", "-c", before + " exec \"$@\"", "sh"));
    if (!before.contains("mount")) {
      command.subList(0, 2).clear();
    }
    var all = new ArrayList<>(List.of("run", "--python", "python3", "--workers", "2", "--json"));
    all.addAll(List.of(args));
    command.addAll(ProgramRun.command(all.toArray(String[]::new)));
    Path out = root.resolve("out.txt");
    Path err = root.resolve("err.txt");
    int status =
        new ProcessBuilder(command)
            .directory(project.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    return new ProgramRun(status, Files.readString(out), Files.readString(err));
  }

  private static Path project(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("library"));
    Files.writeString(folder.resolve("library/beside.py"), "WHAT = 'on the path'\n");
    Files.writeString(folder.resolve("test_a.py"), TESTS);
    Files.writeString(folder.resolve("pytest.ini"), "[pytest]\npythonpath = library\n");
    Files.writeString(folder.resolve("plimsoll.toml"), "[groups]\norder = [\"all\"]\n");
    return folder;
  }

  private static void assertRight(ProgramRun run) throws IOException {
    assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(1);
    Map<String, String> outcomes = new TreeMap<>(run.tests("outcome"));
    assertThat(outcomes).hasSize(5);
    assertThat(outcomes.remove("test_a.py::test_each[3]")).isEqualTo("failed");
    assertThat(outcomes.values()).containsOnly("passed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "spawn"})
  void fewOpenFilesAndLittleAddressSpace(String engine) throws Exception {
    String before = "export JAVA_TOOL_OPTIONS=-Xmx128m; ulimit -n 64; ulimit -v 4000000;";
    assertRight(run(project(root.resolve("p")), before, "--engine", engine));
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 24, 26, 40})
  void tooFewOpenFilesAreAnErrorThatSaysWhatToRaise(int files) throws Exception {
    ProgramRun run = run(project(root.resolve("p")), "ulimit -n " + files + ";");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(12);
    assertThat(run.err())
        .startsWith("error: a process may open only " + files + " files here")
        .contains("ulimit -n")
        .doesNotContain("Exception");
  }

  @ParameterizedTest
  @CsvSource({"auto, umount -l /dev/shm", "spawn, umount -l /dev/shm"})
  void noSharedMemoryFolder(String engine, String before) throws Exception {
    assumeMounts();
    assertRight(run(project(root.resolve("p")), before + ";", "--engine", engine));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "spawn"})
  void aFullFolderForTemporaryFiles(String engine) throws Exception {
    assumeMounts();
    Path full = Files.createDirectories(root.resolve("full"));
    Path base = Files.createDirectories(root.resolve("base"));
    String before =
        ("mount -t tmpfs -o size=64k none '%s' && { head -c 1000000 /dev/zero >'%s/fill'"
                + " 2>/dev/null; export TMPDIR='%s' PYTEST_DEBUG_TEMPROOT='%s'; };")
            .formatted(full, full, full, base);
    assertRight(run(project(root.resolve("p")), before, "--engine", engine));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "spawn"})
  void aLocaleThatIsNotUtf8(String engine) throws Exception {
    String before = "export LC_ALL=C PYTHONCOERCECLOCALE=0 PYTHONUTF8=0 PYTHONIOENCODING=latin-1;";
    assertRight(run(project(root.resolve("p")), before, "--engine", engine));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "spawn"})
  void aPathOfTheUsersAndASafePath(String engine) throws Exception {
    Path project = project(root.resolve("p"));
    Files.writeString(project.resolve("pytest.ini"), "[pytest]\n");
    String before =
        "export PYTHONSAFEPATH=1 PYTHONPATH='%s';".formatted(project.resolve("library"));
    assertRight(run(project, before, "--engine", engine));
    String flag = "export PYTHONPATH='%s';".formatted(project.resolve("library"));
    assertRight(run(project, flag, "--engine", engine, "--python-flag=-P"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "spawn"})
  void aFolderWithSpacesALineBreakAndOtherLetters(String engine) throws Exception {
    Path project = project(root.resolve("a b\nc – é 日本 'q' \"d\" $x"));
    assertRight(run(project, "", "--engine", engine));
    Path junit = root.resolve("own.xml");
    ProgramRun sub =
        run(project, "", "--engine", engine, "--junit", junit.toString(), "test_a.py::test_module");
    assertThat(sub.exitCode()).as(sub.err()).isZero();
    assertThat(junit).content().contains("name=\"test_module\"");
  }

  private static void assumeMounts() {
    assumeThat(TestingPythons.succeeds("unshare", "-m", "true"))
        .as("mount namespaces, which need root")
        .isTrue();
  }
}
