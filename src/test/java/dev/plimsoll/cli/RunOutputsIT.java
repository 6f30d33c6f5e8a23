package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
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

/// `--replay`, `--events`, `--trace-file` and `--notify` in runs of the real pytest.
class RunOutputsIT {
  @TempDir private Path root;

  private TestingProject project;

  @BeforeEach
  void project() throws Exception {
    project = TestingProject.in(root);
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return (Map<?, ?>) Objects.requireNonNull(value);
  }

  private static List<Map<?, ?>> maps(@Nullable Object value) {
    return ((List<?>) Objects.requireNonNull(value))
        .stream().<Map<?, ?>>map(RunOutputsIT::map).toList();
  }

  /// Each test writes down its name; `order` is what one process ran.
  private static final String LOGGING =
      """
      import os, pathlib, time, pytest
      here = pathlib.Path(__file__).parent
      @pytest.fixture(autouse=True)
      def written(request):
          with open(here / f"order-{os.getpid()}.txt", "a") as file:
              file.write(request.node.nodeid + "\\n")
      """;

  @Test
  void aReplayRunsWhatOneWorkerRanInItsOrder() throws Exception {
    for (String name : List.of("a", "b")) {
      project.write(
          "test_" + name + ".py",
          LOGGING
              + "@pytest.mark.parametrize('x', range(6))\n"
              + "def test_"
              + name
              + "(x): time.sleep(0.05)\n");
    }
    ProgramRun first = project.run("--workers", "2", "--group-workers", "light=2", "--json");
    assertThat(first.exitCode()).as(first.err()).isZero();
    String id = String.valueOf(JSON.std.mapFrom(first.out()).get("run"));
    List<String> ran =
        maps(JSON.std.mapFrom(first.out()).get("tests")).stream()
            .filter(test -> "gw1".equals(test.get("worker")))
            .sorted((one, other) -> text(one, "start").compareTo(text(other, "start")))
            .map(test -> text(test, "id"))
            .toList();
    assertThat(ran).isNotEmpty().hasSizeLessThan(12);
    for (Path file : orders()) {
      Files.delete(file);
    }

    ProgramRun again = project.run("--replay", id + ":gw1", "--json");

    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.tests().keySet()).containsExactlyInAnyOrderElementsOf(ran);
    assertThat(again.tests("worker").values()).containsOnly("gw0");
    assertThat(orders())
        .singleElement()
        .satisfies(file -> assertThat(file).hasContent(String.join("\n", ran)));
    assertThat(project.run("--replay", id + ":gw7").err()).contains("its workers are gw0, gw1");
    assertThat(project.run("--replay", "nothing:gw0").exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(project.run("--replay", id).exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(project.run("--replay", id + ":gw1", "test_a.py").exitCode())
        .isEqualTo(ExitCode.USAGE.code());
  }

  private List<Path> orders() throws Exception {
    var all = new ArrayList<Path>();
    try (var files = Files.newDirectoryStream(root, "order-*.txt")) {
      files.forEach(all::add);
    }
    return all;
  }

  private static String text(Map<?, ?> map, String key) {
    return String.valueOf(map.get(key));
  }

  @Test
  void eventsAndTraceTellOfEachAttempt() throws Exception {
    project.write(
        "test_a.py",
        """
        import os, pathlib
        seen = pathlib.Path(__file__).parent / "seen"
        def test_later():
            if not seen.exists():
                seen.touch()
                assert 0
        def test_dies():
            os.kill(os.getpid(), 9)
        def test_green(): pass
        """);
    ProgramRun run =
        project.run(
            "--retries", "1", "--events", "deep/events.jsonl", "--trace-file", "trace.json");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.TESTS_FAILED.code());

    var events = new ArrayList<Map<String, Object>>();
    for (String line : Files.readAllLines(root.resolve("deep/events.jsonl"))) {
      events.add(JSON.std.mapFrom(line));
    }
    assertThat(events.getFirst()).containsEntry("event", "run begun").containsEntry("schema", 1);
    assertThat(events.getLast())
        .containsEntry("event", "run finished")
        .containsEntry("exitCode", 1);
    List<String> names = events.stream().map(event -> String.valueOf(event.get("event"))).toList();
    assertThat(names).contains("collected", "group begun", "worker begun", "worker gone", "note");
    assertThat(names).containsOnlyOnce("test retried");
    assertThat(names.stream().filter("test begun"::equals)).hasSize(5);
    assertThat(names.stream().filter("test finished"::equals)).hasSize(3);
    assertThat(events.stream().filter(event -> "worker died".equals(event.get("event"))))
        .hasSize(2)
        .allSatisfy(event -> assertThat(event).containsEntry("id", "test_a.py::test_dies"));

    List<Map<?, ?>> spans =
        maps(JSON.std.mapFrom(Files.readString(root.resolve("trace.json"))).get("traceEvents"))
            .stream()
            .filter(event -> "X".equals(event.get("ph")))
            .toList();
    assertThat(spans.stream().map(span -> text(span, "name")))
        .containsExactlyInAnyOrder(
            "test_a.py::test_later",
            "test_a.py::test_later",
            "test_a.py::test_dies",
            "test_a.py::test_dies",
            "test_a.py::test_green");
    assertThat(spans)
        .allSatisfy(span -> {
          assertThat(((Number) Objects.requireNonNull(span.get("ts"))).longValue()).isPositive();
          assertThat(((Number) Objects.requireNonNull(span.get("dur"))).longValue())
              .isGreaterThanOrEqualTo(0);
        });
    // Nothing runs twice at once in a worker.
    for (Map<?, ?> one : spans) {
      for (Map<?, ?> other : spans) {
        boolean overlap =
            !one.equals(other)
                && Objects.equals(one.get("tid"), other.get("tid"))
                && number(one, "ts") < number(other, "ts") + number(other, "dur")
                && number(other, "ts") < number(one, "ts") + number(one, "dur");
        assertThat(overlap).as("%s and %s", one, other).isFalse();
      }
    }
    assertThat(project.run("--events", ".").exitCode()).isEqualTo(ExitCode.USAGE.code());
  }

  private static long number(Map<?, ?> map, String key) {
    return ((Number) Objects.requireNonNull(map.get(key))).longValue();
  }

  @Test
  void aNotificationGoesToTheDesktopOrTheUserHearsWhyNot() throws Exception {
    project.write("test_a.py", "def test_a(): pass\n");
    Path bin = Files.createDirectories(root.resolve("bin"));
    Path program = bin.resolve("notify-send");
    Files.writeString(program, "#!/bin/sh\nprintf '%s\\n' \"$@\" > " + root.resolve("told") + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    String path = System.getenv().getOrDefault("PATH", "");

    assertThat(project.run(Map.of("PATH", bin + ":" + path), "--notify").exitCode()).isZero();
    assertThat(Files.readString(root.resolve("told")))
        .contains("Plimsoll: " + root.getFileName())
        .contains("PASSED: 1 passed in ");

    Files.delete(program);
    assertThat(project.run("--notify").err())
        .contains("neither `notify-send` nor `powershell.exe`");
  }
}
