package dev.plimsoll.cli.groups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole runs of `plimsoll groups` with the real pytest of `python3`.
class GroupsCommandIT {
  /// Without plugins that a developer's Python may have and that take a second to import.
  private static final String INI =
      "[pytest]\naddopts = -p no:hypothesispytest -p no:benchmark -p no:anyio\n";

  @TempDir private Path root;

  @BeforeEach
  void project() throws IOException {
    Files.createDirectories(root.resolve(".git"));
    Files.writeString(root.resolve("pytest.ini"), INI + "testpaths = tests\n");
    test("tests/perf/test_bench.py");
    test("tests/test_history_payload_details.py");
    test("tests/test_state.py");
    write(
        "tests/test_marked.py",
        "import not_installed, pytest\n\n@pytest.mark.performance\ndef test_it(): pass\n");
  }

  private void test(String path) throws IOException {
    write(path, "def test_it():\n    pass\n");
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  private String list(String group) throws IOException {
    return Files.readString(root.resolve("config/pytest-groups/" + group + ".txt"));
  }

  private CommandRun groups(String... args) {
    var all = new ArrayList<>(List.of("groups"));
    all.addAll(List.of(args));
    all.addAll(List.of("-C", root.toString()));
    if (!args[0].equals("move")) {
      all.addAll(List.of("--python", "python3"));
    }
    return CommandRun.of(all.toArray(String[]::new));
  }

  @Test
  void aNewProject() throws IOException {
    assertThat(groups("list"))
        .isEqualTo(
            new CommandRun(
                0,
                """
                heavy: 2 files
                  tests/perf/test_bench.py
                  tests/test_marked.py
                long: 1 file
                  tests/test_history_payload_details.py
                light: 1 file
                  tests/test_state.py
                """,
                ""));
    assertThat(groups("check").exitCode()).isEqualTo(1);
    assertThat(groups("sync"))
        .isEqualTo(
            new CommandRun(
                0,
                """
                heavy: 2 files, long: 1 file, light: 1 file
                wrote config/pytest-groups/heavy.txt, config/pytest-groups/long.txt, \
                config/pytest-groups/light.txt
                """,
                ""));
    assertThat(list("heavy")).isEqualTo("tests/perf/test_bench.py\ntests/test_marked.py\n");
    assertThat(groups("check").exitCode()).isZero();
    assertThat(groups("sync").out()).endsWith("the lists were up to date\n");
    assertThat(groups("list", "heavy").out()).isEqualTo(list("heavy"));
    assertThat(groups("list", "--json").out()).contains("\"long\"");
  }

  @Test
  void aStaleList() throws IOException {
    groups("sync");
    test("tests/test_new.py");
    Files.delete(root.resolve("tests/test_state.py"));
    assertThat(groups("check"))
        .isEqualTo(
            new CommandRun(
                1,
                """
                --- config/pytest-groups/light.txt
                +++ config/pytest-groups/light.txt
                @@ -1,1 +1,1 @@
                -tests/test_state.py
                +tests/test_new.py
                """,
                "\nhint: `plimsoll groups sync` updates the lists\n"));
    assertThat(groups("sync").out())
        .startsWith(
            """
            + light  tests/test_new.py  (no rule fits)
            - light  tests/test_state.py  (the file is gone)
            """);
    assertThat(groups("check").exitCode()).isZero();
  }

  @Test
  void aMoveByHandSurvivesAndIsExplained() throws IOException {
    groups("sync");
    CommandRun move = groups("move", "tests/test_state.py", "long", "--reason", "unstable at 4");
    assertThat(move)
        .isEqualTo(new CommandRun(0, "tests/test_state.py moved from light to long\n", ""));
    assertThat(groups("check").exitCode()).isZero();
    assertThat(groups("sync").exitCode()).isZero();
    assertThat(list("long"))
        .isEqualTo("tests/test_history_payload_details.py\ntests/test_state.py\n");
    assertThat(groups("explain", "tests/test_state.py::test_it").out())
        .isEqualTo(
            """
            tests/test_state.py is in long
              list: config/pytest-groups/long.txt:2
              rules: light, because no rule fits
              moved to long: unstable at 4
            """);
    assertThat(groups("sync", "--reset").out())
        .startsWith("~ light  tests/test_state.py  (was long by hand; no rule fits)\n");
    assertThat(list("light")).isEqualTo("tests/test_state.py\n");
    assertThat(root.resolve("config/pytest-groups/moved.tsv")).doesNotExist();
  }

  @Test
  void explainNamesTheRuleAndItsOrigin() {
    assertThat(groups("explain", "tests/test_history_payload_details.py").out())
        .isEqualTo(
            """
            tests/test_history_payload_details.py is in long
              list: none yet; `plimsoll groups sync` adds it
              rules: long, because its name holds `load` (groups.long.words, default)
            """);
    CommandRun unknown = groups("explain", "tests/no.py");
    assertThat(unknown.exitCode()).isEqualTo(4);
    assertThat(unknown.err())
        .startsWith("error: `tests/no.py` is not a test file in this project\n");
  }

  @Test
  void adoptedLists() throws IOException {
    write(
        "config/pytest-groups/light.txt",
        "# by hand\r\n\r\ntests/test_state.py\r\ntests/perf/test_bench.py\r\n");
    write("config/pytest-groups/heavy.txt", "tests/test_marked.py\r\n#\n");
    assertThat(groups("check").out())
        .contains("-tests/test_state.py\n")
        .contains("config/pytest-groups/heavy.txt\n");
    groups("sync");
    assertThat(list("heavy")).isEqualTo("#\r\ntests/test_marked.py\r\n");
    assertThat(list("light"))
        .isEqualTo("# by hand\r\n\r\ntests/perf/test_bench.py\r\ntests/test_state.py\r\n");
  }

  @Test
  void aFileInTwoLists() throws IOException {
    write("config/pytest-groups/long.txt", "tests/test_state.py\n");
    write("config/pytest-groups/light.txt", "tests/test_state.py\n");
    for (String command : List.of("list", "sync", "check")) {
      CommandRun run = groups(command);
      assertThat(run.exitCode()).isEqualTo(10);
      assertThat(run.err())
          .isEqualTo(
              """
              error: `tests/test_state.py` is in two group lists
                why: tests/test_state.py: config/pytest-groups/long.txt:1 and config/pytest-groups/light.txt:1

              hint: keep it in one: `plimsoll groups move tests/test_state.py long`, or delete a line
              """);
    }
    assertThat(groups("move", "tests/test_state.py", "long").exitCode()).isZero();
    assertThat(groups("sync").exitCode()).isZero();
    assertThat(list("light")).isEmpty();
  }

  @Test
  void listsThatAreNone() throws IOException {
    Path light = root.resolve("config/pytest-groups/light.txt");
    write("config/pytest-groups/light.txt", "a\0b");
    assertThat(groups("sync").exitCode()).isEqualTo(10);
    Files.write(light, new byte[] {(byte) 0xc3, '\n'});
    CommandRun run = groups("sync");
    assertThat(run.exitCode()).isEqualTo(10);
    assertThat(run.err()).contains("light.txt").contains("it is not UTF-8 text");
    assertThat(Files.readAllBytes(light)).containsExactly(0xc3, '\n');
    assertThat(root.resolve("config/pytest-groups/heavy.txt")).doesNotExist();
  }

  @Test
  void entriesThatAreNoFiles() throws IOException {
    for (String entry :
        List.of(
            "tests/perf",
            "tests/perf/*",
            "tests/test_state.py::test_it",
            "<<<<<<< HEAD",
            "=======",
            "/home/me/tests/test_state.py")) {
      write("config/pytest-groups/heavy.txt", "# top\n" + entry + "\n");
      CommandRun run = groups("sync");
      assertThat(run.exitCode()).isEqualTo(10);
      assertThat(run.err())
          .startsWith(
              "error: config/pytest-groups/heavy.txt, line 2: `"
                  + entry
                  + "` is not a test file\n");
      assertThat(list("heavy")).isEqualTo("# top\n" + entry + "\n");
    }
  }

  @Test
  void otherGroupsInAnotherFolder() throws IOException {
    write(
        "plimsoll.toml",
        """
        [groups]
        folder = "lists"
        order = ["state", "other"]
        [groups.state]
        words = ["STATE"]
        markers = ["perfomance"]
        """);
    write("lists/light.txt", "tests/test_state.py\n");
    CommandRun run = groups("sync");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err())
        .contains(
            "warning: ignored lists/light.txt, which belongs to no group; to use it, add `light`")
        .contains("warning: no test has the marker `perfomance` of `groups.state.markers`")
        .contains("did you mean `performance`?");
    assertThat(root.resolve("lists/state.txt")).hasContent("tests/test_state.py\n");
    assertThat(Files.readString(root.resolve("lists/other.txt")).lines()).hasSize(3);
  }

  @Test
  void wrongUse() {
    CommandRun run = groups("move", "tests/test_state.py", "lung");
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("did you mean `long`?");
    assertThat(groups("move", "tests/no.py", "long").exitCode()).isEqualTo(4);
    assertThat(groups("move", "tests", "long").exitCode()).isEqualTo(4);
  }

  @Test
  void aPythonThatIsNone() {
    CommandRun run =
        CommandRun.of("groups", "list", "-C", root.toString(), "--python", "/no/such/python");
    assertThat(run.exitCode()).isEqualTo(11);
    assertThat(run.err()).startsWith("error: no Python at `/no/such/python`\n");
    assertThat(CommandRun.of("groups", "list", "-C", root.toString(), "--python", "false").err())
        .contains("does not start");
  }

  @Test
  void aProjectBelowPytestsRoot() throws IOException {
    write("backend/plimsoll.toml", "");
    write("backend/tests/test_load.py", "def test_it(): pass\n");
    write("pytest.ini", INI);
    CommandRun run =
        CommandRun.of(
            "groups", "list", "long", "-C", root.resolve("backend") + "", "--python", "python3");
    assertThat(run.out()).isEqualTo("tests/test_load.py\n");
  }

  @Test
  void initWritesOnceAndNeverOver() throws IOException {
    CommandRun first = CommandRun.of("init", "-C", root.toString(), "--python", "python3");
    assertThat(first.exitCode()).isZero();
    assertThat(first.out())
        .startsWith("wrote " + root.resolve("plimsoll.toml") + "\n")
        .contains("heavy: 2 files, long: 1 file, light: 1 file");
    assertThat(CommandRun.of("config", "-C", root.toString()).out())
        .contains("# file: " + root.resolve("plimsoll.toml"));
    Files.writeString(root.resolve("plimsoll.toml"), "workers = 2\n");
    test("tests/test_new.py");
    CommandRun second = CommandRun.of("init", "-C", root.toString());
    assertThat(second)
        .isEqualTo(
            new CommandRun(
                0,
                root.resolve("plimsoll.toml")
                    + " exists already; it was not changed.\n"
                    + "The group lists exist already; `plimsoll groups sync` updates them.\n",
                ""));
    assertThat(root.resolve("plimsoll.toml")).hasContent("workers = 2\n");
    assertThat(list("light")).isEqualTo("tests/test_state.py\n");
  }

  @Test
  void whatPytestDoesNotCollectIsNotListed() throws IOException {
    groups("sync");
    write("tests/helper.py", "");
    write("tests/conftest.py", "collect_ignore = ['test_state.py']\n");
    CommandRun list = groups("list", "light");
    assertThat(list.out()).isEmpty();
    assertThat(list.err()).startsWith("left out: = light  tests/test_state.py");
    assertThat(groups("move", "tests/helper.py", "long").err())
        .contains("pytest does not collect it");
    assertThat(groups("move", "tests", "long").err()).contains("it is a directory");
    assertThat(groups("explain", "test_marked.py").err())
        .contains("hint: did you mean `tests/test_marked.py`?");
  }
}
