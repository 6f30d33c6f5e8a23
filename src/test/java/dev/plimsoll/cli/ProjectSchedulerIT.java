package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A project whose `pytest_xdist_make_scheduler` keeps tests together, as pytest-xdist's
/// documentation shows it.
class ProjectSchedulerIT {
  @TempDir private Path root;

  @ParameterizedTest
  @ValueSource(strings = {"auto", "spawn"})
  void testsOfOneScopeStayOnOneWorker(String engine) throws Exception {
    Files.writeString(
        root.resolve("conftest.py"),
        """
        from xdist.scheduler import LoadScopeScheduling

        class ByParameter(LoadScopeScheduling):
            def _split_scope(self, nodeid):
                return nodeid.rpartition("[")[2].rstrip("]").split("-")[0]

        def pytest_xdist_make_scheduler(config, log):
            return ByParameter(config, log)
        """);
    for (String file : new String[] {"test_a.py", "test_b.py"}) {
      Files.writeString(
          root.resolve(file),
          """
          import pytest, time

          @pytest.mark.parametrize("number", range(12))
          @pytest.mark.parametrize("host", ["one", "two", "three"])
          def test_on(host, number): time.sleep(0.01)
          """);
    }
    ProgramRun run =
        ProgramRun.of(
            root,
            Map.of("PYTEST_DISABLE_PLUGIN_AUTOLOAD", ""),
            "run",
            "--python",
            TestingPythons.withXdist(),
            "--engine",
            engine,
            "--workers",
            "2",
            "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    var workers = new HashMap<String, Set<String>>();
    run.tests("worker")
        .forEach((id, worker) -> {
          String host = id.substring(id.indexOf('[') + 1, id.indexOf('-'));
          workers.computeIfAbsent(host, _ -> new HashSet<>()).add(worker);
        });
    assertThat(workers).hasSize(3).allSatisfy((_, ones) -> assertThat(ones).hasSize(1));
  }
}
