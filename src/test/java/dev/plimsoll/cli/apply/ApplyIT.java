package dev.plimsoll.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.cli.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `calibrate`, `apply` and `run` one after another, with real pytest: the short form of
/// `bench/calibrate-demo`.
class ApplyIT {
  private static final String TESTS =
      """
      import os
      import pytest

      @pytest.mark.parametrize("number", range(8))
      def test_quick(number):
          pass

      def test_wants_no_company():
          assert os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1") == "1"
      """;

  @TempDir private Path folder;

  @Test
  void whatWasMeasuredIsWrittenAndTaken() throws Exception {
    Files.writeString(folder.resolve("test_it.py"), TESTS);
    Files.writeString(folder.resolve("README.md"), "# Mine\n");
    Files.writeString(folder.resolve("plimsoll.toml"), "# mine\nengine = \"fork\"\n");
    var measured = plimsoll("calibrate", "light", "--levels", "1,3", "--runs", "1");
    assertThat(measured.exitCode()).as(measured.err()).isZero();
    assertThat(measured.out())
        .startsWith("light: 1 worker\n")
        .contains("test_it.py::test_wants_no_company fails only in parallel");
    var auto = plimsoll("run", "--group", "light");
    assertThat(auto.exitCode()).as(auto.err()).isZero();
    assertThat(auto.err()).contains("workers: light 1 (calibrated on this machine on ");
    var written = plimsoll("apply");
    assertThat(written.exitCode()).as(written.err()).isZero();
    assertThat(Files.readString(folder.resolve("plimsoll.toml")))
        .startsWith("# mine\nengine = \"fork\"\n\n[groups.light]\nworkers = 1\nmeasured-on = ");
    assertThat(Files.readString(folder.resolve("README.md")))
        .startsWith("# Mine\n")
        .contains("| light | 1 | `plimsoll run --group light` |", "fails only in parallel");
    assertThat(plimsoll("apply", "--check").exitCode()).isZero();
    var run = plimsoll("run");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("workers: heavy 1 (safe start), long 2 (safe start), light 1 (plimsoll.toml:5)");
  }

  private ProgramRun plimsoll(String... args) throws IOException, InterruptedException {
    return ProgramRun.of(folder, Map.of(), args);
  }
}
