package dev.plimsoll.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.cli.ProgramRun;
import dev.plimsoll.cli.TestingCli;
import dev.plimsoll.cli.TestingProject;
import dev.plimsoll.model.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `history flaky` and `history compare` on the history of real runs.
class HistoryCommandsIT {
  @TempDir private Path root;

  private TestingProject project;

  @BeforeEach
  void project() throws Exception {
    project = TestingProject.in(root);
  }

  /// One real run; returns its id.
  private String run(String... more) throws Exception {
    Files.deleteIfExists(root.resolve("a.met"));
    Files.deleteIfExists(root.resolve("b.met"));
    var all = new ArrayList<>(List.of("--json"));
    all.addAll(List.of(more));
    ProgramRun run = project.run(all.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isBetween(0, 1);
    return String.valueOf(JSON.std.mapFrom(run.out()).get("run"));
  }

  private TestingCli history(Object... args) {
    var all = new ArrayList<Object>(List.of("history"));
    all.addAll(List.of(args));
    all.addAll(List.of("-C", root));
    return TestingCli.run(all.toArray());
  }

  private List<?> flaky() throws Exception {
    return list(JSON.std.mapFrom(history("flaky", "--json").out()).get("tests"));
  }

  private static List<?> list(@Nullable Object value) {
    return (List<?>) Objects.requireNonNull(value);
  }

  /// Two tests that wait for each other run at the same time in two workers. One fails when a file
  /// says so: the code stays the same.
  private static final String PAIR =
      """
      import os, pathlib, time
      here = pathlib.Path(__file__).parent
      def meet(own, other):
          (here / own).write_text("")
          end = time.monotonic() + 20
          while not (here / other).exists() and time.monotonic() < end:
              time.sleep(0.01)
          time.sleep(0.05)
      """;

  @Test
  void aTestThatChangesOnTheSameCodeIsFlakyAndOneThatWasMendedIsNot() throws Exception {
    project.write(
        "test_a.py",
        PAIR
            + "def test_a():\n    meet('a.met', 'b.met')\n"
            + "    assert not (here / 'broken.txt').exists()\n");
    project.write("test_b.py", PAIR + "def test_b(): meet('b.met', 'a.met')\n");
    project.write("test_c.py", "def test_c(): assert 0\n");
    String[] two = {"--workers", "2", "--group-workers", "light=2"};
    run(two);
    assertThat(flaky()).isEmpty();
    project.write("broken.txt", "");
    String broken = run(two);
    Files.delete(root.resolve("broken.txt"));
    project.write("test_c.py", "def test_c(): assert 1\n");
    run(two);

    assertThat(flaky())
        .singleElement()
        .satisfies(test -> {
          Map<?, ?> fields = (Map<?, ?>) test;
          assertThat(fields.get("id")).isEqualTo("test_a.py::test_a");
          assertThat(fields.get("failed")).isEqualTo(1);
          // The third run ran other code.
          assertThat(fields.get("passed")).isEqualTo(1);
          assertThat(fields.get("failures")).isEqualTo(List.of(broken));
          assertThat(list(fields.get("beside")).stream().map(Object.class::cast))
              .contains((Object) Map.of("id", "test_b.py::test_b", "failed", 1, "passed", 1));
        });
    assertThat(history("flaky").out())
        .contains("failed in 1 of 2  test_a.py::test_a\n")
        .contains("beside it in 1 of 1 failures and 1 of 1 passes: test_b.py::test_b\n");
  }

  @Test
  void twoRunsAreComparedTestByTest() throws Exception {
    project.write(
        "test_a.py",
        """
        import time
        def test_breaks(): pass
        def test_mended(): assert 0
        def test_slows(): pass
        def test_grows(): pass
        def test_goes(): pass
        def test_same(): pass
        """);
    String before = run("--isolate", "test");
    project.write(
        "test_a.py",
        """
        import time
        def test_breaks(): assert 1 == 2
        def test_mended(): pass
        def test_slows(): time.sleep(0.8)
        def test_grows(): b"x" * (120 << 20)
        def test_comes(): pass
        def test_same(): pass
        """);
    String now = run("--isolate", "test");

    Map<String, Object> found = JSON.std.mapFrom(history("compare", before, now, "--json").out());
    assertThat(ids(found.get("newlyFailing"))).containsExactly("test_a.py::test_breaks");
    assertThat(ids(found.get("fixed"))).containsExactly("test_a.py::test_mended");
    assertThat(ids(found.get("slower"))).contains("test_a.py::test_slows");
    assertThat(ids(found.get("larger"))).containsExactly("test_a.py::test_grows");
    assertThat(found.get("gone")).isEqualTo(List.of("test_a.py::test_goes"));
    assertThat(found.get("new")).isEqualTo(List.of("test_a.py::test_comes"));
    assertThat(history("compare", before, now).out())
        .contains("newly failing (1)\n  test_a.py::test_breaks - assert 1 == 2\n")
        .contains("ran only before (1)\n  test_a.py::test_goes\n")
        .contains("ran only now (1)\n  passed  test_a.py::test_comes\n");
    assertThat(history("compare", now, before).out()).contains("note: BEFORE started after NOW\n");
    assertThat(history("compare", before, now).out()).doesNotContain("note:");
    assertThat(history("compare", now).err()).contains("`plimsoll history` lists the ids");
    assertThat(history("show").out()).startsWith("run " + now + " of ");
    assertThat(history("compare", now, now).out()).endsWith("no differences\n");
    assertThat(history("compare", now, "nothing").exitCode()).isEqualTo(ExitCode.USAGE.code());
  }

  private static List<String> ids(@Nullable Object tests) {
    return list(tests).stream().map(test -> String.valueOf(((Map<?, ?>) test).get("id"))).toList();
  }
}
