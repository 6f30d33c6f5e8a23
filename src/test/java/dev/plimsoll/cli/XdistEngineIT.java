package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `--engine xdist` with the real pytest-xdist, whose sessions Plimsoll starts and listens to.
class XdistEngineIT {
  private static final Map<String, String> PLUGINS = Map.of("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "");

  @TempDir private Path root;

  private String python = "";

  @BeforeEach
  void project() throws IOException {
    python = TestingPythons.withXdist();
    Files.createDirectories(root.resolve(".git"));
    Files.writeString(
        root.resolve("conftest.py"),
        """
        import os, pytest

        @pytest.fixture(autouse=True)
        def seen(request):
            with open("seen", "a") as file:
                file.write(request.node.path.stem + " " + os.environ["PYTEST_XDIST_WORKER_COUNT"] + "\\n")
        """);
    Files.writeString(root.resolve("test_heavy.py"), "def test_first(): pass\n");
    Files.writeString(
        root.resolve("test_light.py"),
        """
        import pytest

        class TestOuter:
            def test_in(self): pass

            class TestInner:
                @pytest.mark.parametrize("way", ["a::b", "[c]", "d/e"])
                def test_deep(self, way): pass

        def test_fails(): assert 1 == 2
        """);
    Files.writeString(root.resolve("plimsoll.toml"), "[groups.heavy]\npaths = ['test_heavy.py']\n");
  }

  private ProgramRun run(String... args) throws Exception {
    var all = new ArrayList<>(List.of("run", "--engine", "xdist", "--python", python, "--json"));
    all.addAll(List.of(args));
    return ProgramRun.of(root, PLUGINS, all.toArray(String[]::new));
  }

  /// Group and outcome of each test, by its id.
  private static Map<String, String> tests(ProgramRun run) throws IOException {
    Map<String, String> groups = run.tests("group");
    Map<String, String> outcomes = run.tests("outcome");
    groups.replaceAll((id, group) -> group + " " + outcomes.get(id));
    return groups;
  }

  /// The same of two workers, of which a test fails.
  private Map<String, String> testsOfARedRun() throws Exception {
    ProgramRun run = run("--workers", "2");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.TESTS_FAILED.code());
    return tests(run);
  }

  @Test
  void eachGroupHasASessionWithItsNumberOfWorkers() throws Exception {
    ProgramRun run = run("--workers", "2");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.TESTS_FAILED.code());
    assertThat(tests(run))
        .isEqualTo(
            Map.of(
                "test_heavy.py::test_first", "heavy passed",
                "test_light.py::TestOuter::test_in", "light passed",
                "test_light.py::TestOuter::TestInner::test_deep[a::b]", "light passed",
                "test_light.py::TestOuter::TestInner::test_deep[[c]]", "light passed",
                "test_light.py::TestOuter::TestInner::test_deep[d/e]", "light passed",
                "test_light.py::test_fails", "light failed"));
    List<String> seen = Files.readAllLines(root.resolve("seen"));
    assertThat(seen).hasSize(6).startsWith("test_heavy 1").containsOnlyOnce("test_heavy 1");
    assertThat(seen.subList(1, 6)).containsOnly("test_light 2");
    assertThat(run.err()).contains("assert 1 == 2");
  }

  @Test
  void oneGroupOrOnePool() throws Exception {
    assertThat(tests(run("--group", "heavy"))).containsOnlyKeys("test_heavy.py::test_first");
    Files.delete(root.resolve("seen"));
    assertThat(tests(run("--mode", "packed", "--workers", "2"))).hasSize(6);
    assertThat(Files.readAllLines(root.resolve("seen"))).contains("test_heavy 2").hasSize(6);
  }

  @Test
  void aReportThatOneSessionAfterTheOtherWritesIsTold() throws Exception {
    Files.writeString(root.resolve("pytest.ini"), "[pytest]\naddopts = --junitxml=own.xml\n");
    assertThat(run().err()).containsOnlyOnce("--junitxml will contain only the last group");
    assertThat(run("--mode", "packed").err()).doesNotContain("will hold");
    ProgramRun forked =
        ProgramRun.of(root, PLUGINS, "run", "--engine", "fork", "--python", python, "--json");
    assertThat(forked.err()).doesNotContain("will hold");
    assertThat(root.resolve("own.xml")).content().contains("test_first", "test_fails");
  }

  @Test
  void aWorkerThatDiesFailsItsTestOnly() throws Exception {
    Files.writeString(
        root.resolve("test_light.py"),
        "import os\ndef test_dies(): os._exit(3)\ndef test_lives(): pass\n");
    assertThat(testsOfARedRun())
        .isEqualTo(
            Map.of(
                "test_heavy.py::test_first", "heavy passed",
                "test_light.py::test_dies", "light crashed",
                "test_light.py::test_lives", "light passed"));
  }
}
