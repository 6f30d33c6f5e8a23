package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a run prints about tests that it killed: small tests among tests that do not fit together
/// and tests that take memory without end.
class DeathStoryIT {
  private static final Pattern KILLED =
      Pattern.compile(
          "killed: (\\S+): the run used (?:[\\d.]+ [MG]iB, (?:more than )?its memory budget(?: of"
              + " 600 MiB)?)(?:; this test held [\\d.]+ [MGK]iB of it)?; it runs again(?: alone)?"
              + " \\(attempt (\\d)\\)");

  @TempDir private Path root;

  private void write(String name, String text) throws IOException {
    Files.writeString(root.resolve(name), text);
  }

  @Test
  void takesAtMost25LinesAndEachIsTrue() throws Exception {
    Files.createDirectories(root.resolve(".git"));
    write("pytest.ini", "[pytest]\naddopts = -p no:hypothesispytest -p no:benchmark -p no:anyio\n");
    write(
        "test_bomb.py",
        """
        def eat():
            kept = []
            while True:
                kept.append(bytearray(b"x" * (8 << 20)))

        def test_cache_without_limit(): eat()
        def test_list_that_grows(): eat()
        """);
    write(
        "test_large.py",
        """
        import pytest, time

        @pytest.mark.parametrize("name", ["first", "second", "third"])
        def test_large_table(name):
            table = b"x" * (380 << 20)
            time.sleep(0.3)
            assert len(table) == 380 << 20
        """);
    write(
        "test_small.py",
        """
        import pytest

        @pytest.mark.parametrize("number", range(40))
        def test_small(number): pass
        """);
    var builder =
        new ProcessBuilder(
            ProgramRun.command("run", "--python", "python3", "-n", "4", "--memory", "600m"));
    builder.environment().put("NO_COLOR", "1");
    Process process = builder.directory(root.toFile()).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isEqualTo(1);
    List<String> lines = text.lines().toList();
    List<String> story = lines.stream().dropWhile(line -> !isDeath(line)).toList();
    assertThat(story).hasSizeBetween(5, 25);
    assertThat(lines.getLast())
        .startsWith("FAILED: 2 crashed, 43 passed")
        .containsPattern(" in [\\d.]+ s$");
    assertThat(text).as("one closing count").doesNotContainPattern("=+ .*passed");
    everyKillIsTrue(story);
  }

  /// Each line tells of one attempt, and its numbers are those of the record.
  private void everyKillIsTrue(List<String> story) throws Exception {
    String run = ProgramRun.of(root, "history").out().split("\\s+", 2)[0];
    var recorded = ProgramRun.of(root, "history", "show", run, "--json").tests();
    var kills = story.stream().filter(line -> line.startsWith("killed: ")).toList();
    for (String kill : kills) {
      Matcher told = KILLED.matcher(kill);
      assertThat(told.matches()).as(kill).isTrue();
      assertThat(Integer.parseInt(told.group(2))).as(kill).isBetween(2, 3);
    }
    recorded.forEach((id, fields) ->
        assertThat(story.stream().filter(line -> isDeath(line) && line.contains(id + ": ")).count())
            .as("%s in %s", id, String.join("\n", story))
            .isEqualTo(Long.parseLong(String.valueOf(fields.get("attempts"))) - 1));
    for (String name : List.of("test_cache_without_limit", "test_list_that_grows")) {
      assertThat(about(story, "crashed test_bomb.py::" + name)).hasSize(1);
      assertThat(about(story, "CRASHED test_bomb.py::" + name)).hasSize(1);
    }
  }

  /// A bomb can be faster than Plimsoll looks: then the kernel kills it at its cgroup's limit.
  private static boolean isDeath(String line) {
    return line.startsWith("killed: ")
        || (line.startsWith("died: ") && line.contains("killed by the kernel: out of memory"));
  }

  private static List<String> about(List<String> story, String start) {
    return story.stream().filter(line -> line.startsWith(start)).toList();
  }
}
