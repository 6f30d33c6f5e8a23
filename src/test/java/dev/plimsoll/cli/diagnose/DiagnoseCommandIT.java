package dev.plimsoll.cli.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.cli.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole diagnoses with the real pytest of `python3`.
class DiagnoseCommandIT {
  @TempDir private Path root;

  @BeforeEach
  void project() throws IOException {
    Files.createDirectories(root.resolve(".git"));
    write(
        "pytest.ini",
        "[pytest]\naddopts = -x -p no:hypothesispytest -p no:benchmark -p no:anyio\n");
    write(
        "test_many.py",
        "import pytest\n@pytest.mark.parametrize('i', range(60))\ndef test_many(i): pass\n");
  }

  private void write(String path, String text) throws IOException {
    Files.writeString(root.resolve(path), text);
  }

  private ProgramRun diagnose(String... args) throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of("diagnose", "--python", "python3"));
    all.addAll(List.of(args));
    return ProgramRun.of(root, all.toArray(String[]::new));
  }

  private static Map<String, Object> json(ProgramRun run) throws IOException {
    assertThat(run.out()).as(run.err()).isNotEmpty();
    return JSON.std.mapFrom(run.out());
  }

  private static final String ORDER =
      """
      import os
      def test_victim():
          assert 'A' not in os.environ or 'B' not in os.environ
      def test_alone_is_harmless(): os.environ['A'] = '1'
      def test_also_harmless(): os.environ['B'] = '1'
      def test_crashes_when_polluted():
          if 'A' in os.environ: os.abort()
      def test_needs_another(): assert os.environ['B']
      def test_fails(): assert 1 == 2
      """;

  @Test
  void anotherFailureThanTheRecordedOne() throws Exception {
    write(
        "test_port.py",
        """
        from pathlib import Path
        def test_server():
            if Path("taken").exists():
                raise OSError("port 80 is taken")
            assert 1 == 2
        """);
    write("taken", "");
    ProgramRun.of(root, "run", "--python", "python3");
    Files.delete(root.resolve("taken"));
    ProgramRun run = diagnose("test_port.py::test_server");
    assertThat(run.err())
        .contains("another failure than the recorded one", "raised assert 1 == 2")
        .contains("raised OSError: port 80 is taken");
    assertThat(run.out()).contains("\nwhy       assert 1 == 2\nrecorded  OSError: port 80 is");
    ProgramRun.of(root, "run", "--python", "python3");
    assertThat(diagnose("test_port.py::test_server").err()).doesNotContain("another failure");
  }

  @Test
  void aTestThatFailsAloneOtherwiseThanAfterOthers() throws Exception {
    write(
        "test_port.py",
        """
        import os
        def test_server():
            if "PORT" in os.environ:
                raise OSError("port %d is taken" % os.getpid())
            assert 1 == 2
        def test_other(): os.environ["PORT"] = "80"
        """);
    ProgramRun.of(
        root,
        "run",
        "--python",
        "python3",
        "test_port.py::test_other",
        "test_port.py::test_server",
        "--workers",
        "1");
    ProgramRun run = diagnose("test_port.py::test_server", "test_port.py");
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(run.out())
        .contains("fails after 1 other test in the same process:\n  test_port.py::test_other\n")
        .contains("alone it failed like this 0 of ")
        .contains("\nwhy       OSError: port ")
        .containsPattern("others    [0-9]+ experiments failed otherwise: assert 1 == 2\n")
        .contains("\nPROVEN: ");
  }

  @Test
  void twoTestsBeforeItInTheSameProcess() throws Exception {
    write("test_order.py", ORDER);
    ProgramRun run = diagnose("test_order.py::test_victim", "--json");
    assertThat(json(run))
        .containsEntry("finding", "proven")
        .containsEntry("way", "before")
        .containsEntry(
            "company",
            List.of("test_order.py::test_alone_is_harmless", "test_order.py::test_also_harmless"))
        .hasEntrySatisfying(
            "with",
            with ->
                assertThat(with)
                    .isIn(Map.of("times", 3, "runs", 3), Map.of("times", 4, "runs", 4)));
    assertThat(run.exitCode()).isZero();
    // The test that ends its worker after the others could not be interfering set.
    assertThat(run.err()).contains("test_crashes_when_polluted killed its worker and is left out");
  }

  @Test
  void aCrashInCompanyIsAFailureAlsoUnderSpawn() throws Exception {
    write("test_order.py", ORDER);
    ProgramRun run = diagnose("test_crashes_when_polluted", "test_order.py", "--engine", "spawn");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("test_order.py::test_crashes_when_polluted fails after 1 other test")
        .contains("  test_order.py::test_alone_is_harmless\n")
        .contains("`isolate = \"test\"`")
        .contains("\nPROVEN: ");
  }

  @Test
  void whatATestNeedsIsFound() throws Exception {
    write("test_order.py", ORDER);
    ProgramRun run = diagnose("test_order.py::test_needs_another", "test_order.py", "--json");
    assertThat(json(run))
        .containsEntry("effect", "passes")
        .containsEntry("company", List.of("test_order.py::test_also_harmless"));
  }

  @Test
  void twoTestsAtTheSameTime() throws Exception {
    // Two of them take a place each for a while; the third fails when it sees both taken. An
    // experiment with interfering tests takes 3 seconds, so there are fewer others than elsewhere.
    write(
        "test_many.py",
        "import pytest\n@pytest.mark.parametrize('i', range(12))\ndef test_many(i): pass\n");
    write(
        "test_places.py",
        """
        import pathlib, time
        HERE = pathlib.Path(__file__).parent
        def hold(name):
            place = HERE / name
            place.touch()
            try:
                time.sleep(0.4)
            finally:
                place.unlink()
        def test_victim():
            end = time.monotonic() + 0.4
            while time.monotonic() < end:
                assert not all((HERE / name).exists() for name in ('one', 'two'))
                time.sleep(0.01)
        def test_first(): hold('one')
        def test_second(): hold('two')
        """);
    ProgramRun run = diagnose("test_places.py::test_victim", "--json");
    assertThat(json(run))
        .containsEntry("finding", "proven")
        .containsEntry("way", "beside")
        .containsEntry("oneWorkerFailed", Map.of("times", 0, "runs", 3));
    assertThat(json(run).get("company"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .containsExactlyInAnyOrder("test_places.py::test_first", "test_places.py::test_second");
    assertThat(String.valueOf(json(run).get("now"))).contains("xdist_group(\"victim\")");
    assertThat(root.resolve("one")).doesNotExist();
  }

  @Test
  void findingsWithoutCompanyHaveTheirExitCodes() throws Exception {
    write("test_order.py", ORDER);
    ProgramRun fails = diagnose("test_order.py::test_fails", "test_order.py", "--json");
    assertThat(json(fails))
        .containsEntry("finding", "fails alone")
        .containsEntry("company", List.of());
    assertThat(fails.exitCode()).isEqualTo(1);

    ProgramRun never = diagnose("test_many[3]", "test_many.py", "--runs", "1", "--json");
    assertThat(json(never)).containsEntry("finding", "never");
    assertThat(never.exitCode()).isEqualTo(17);

    ProgramRun unknown = diagnose("test_order.py::test_victin");
    assertThat(unknown.exitCode()).isEqualTo(5);
    assertThat(unknown.err()).contains("did you mean `test_order.py::test_victim`?");

    ProgramRun late = diagnose("test_order.py::test_victim", "--budget", "1ms");
    assertThat(late.exitCode()).isEqualTo(17);
    assertThat(late.out()).contains("STOPPED: 0 experiments");
  }
}
