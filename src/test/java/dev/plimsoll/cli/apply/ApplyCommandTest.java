package dev.plimsoll.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.cli.CommandRun;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Machine;
import dev.plimsoll.run.plan.ThisMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole runs of `plimsoll apply`.
class ApplyCommandTest {
  private static final Machine HERE = ThisMachine.read();

  @TempDir private Path root;

  @BeforeEach
  void project() throws IOException {
    Files.createDirectories(root.resolve(".git"));
    calibrate("heavy", 1);
    calibrate("long", 2);
    calibrate("light", 6);
    for (String group : List.of("heavy", "long", "light")) {
      write("config/pytest-groups/" + group + ".txt", "tests/test_" + group + ".py\n");
    }
  }

  private void calibrate(String group, int workers) throws IOException {
    TestingCalibrations.put(root, HERE, group, "xdist", workers, "no more levels");
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  private String read(String name) throws IOException {
    return Files.readString(root.resolve(name));
  }

  private CommandRun apply(String... options) {
    var all = new ArrayList<>(List.of("apply", "-C", root.toString()));
    all.addAll(List.of(options));
    return CommandRun.of(all.toArray(String[]::new));
  }

  /// Every file with its bytes as text, and what kind of file it is.
  private Map<String, String> everything() throws IOException {
    var all = new TreeMap<String, String>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> !Files.isDirectory(f)).toList()) {
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        all.put(file.toString(), Files.isSymbolicLink(file) + bytes);
      }
    }
    return all;
  }

  @Test
  void allPlacesAndRepeatedUseChangesNothing() throws IOException {
    write("pytest.ini", "[pytest]\n# why four?\naddopts = -q -n 4\n");
    write("README.md", "# Mine\n\ntext");
    CommandRun run = apply();
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("wrote pytest.ini", "wrote plimsoll.toml", "wrote README.md", "run.sh");
    assertThat(read("pytest.ini")).isEqualTo("[pytest]\n# why four?\naddopts = -q -n 1\n");
    String key = HERE.key();
    assertThat(read("plimsoll.toml"))
        .isEqualTo(
            """
            [groups.heavy]
            workers = 1
            measured-on = "%1$s"

            [groups.long]
            workers = 2
            measured-on = "%1$s"

            [groups.light]
            workers = 6
            measured-on = "%1$s"
            """
                .formatted(key));
    assertThat(read("README.md"))
        .startsWith("# Mine\n\ntext\n\n<!-- plimsoll:begin ")
        .contains("`plimsoll run` runs heavy, then long, then light.")
        .contains("| light | 6 | `plimsoll run --group light` |")
        .contains("`sh config/pytest-groups/run.sh light`")
        .contains("A plain `pytest` uses `-n 1` from `pytest.ini`, the lowest of these")
        .contains("| workers | outcome |", "| **6** | 12 passed |")
        .endsWith("<!-- plimsoll:end -->\n");
    assertThat(Files.isExecutable(root.resolve("config/pytest-groups/run.sh"))).isTrue();
    Map<String, String> before = everything();
    assertThat(apply("--check")).isEqualTo(new CommandRun(0, "", upToDate()));
    assertThat(apply().exitCode()).isZero();
    assertThat(everything()).isEqualTo(before);
    assertThat(CommandRun.of("config", "-C", root.toString()).out())
        .contains("groups.light.workers = 6 ", "# plimsoll.toml:10\n");
  }

  private static String upToDate() {
    return """
    pytest.ini is up to date
    plimsoll.toml is up to date
    config/pytest-groups/run.sh is up to date
    README.md is up to date
    """;
  }

  @Test
  void aDiffWithoutWriting() throws IOException {
    write("pytest.ini", "[pytest]\r\naddopts = -n 4\r\n");
    Map<String, String> before = everything();
    CommandRun dry = apply("--dry-run", "--skip", "readme,script,plimsoll");
    assertThat(dry.exitCode()).isZero();
    assertThat(dry.out())
        .isEqualTo(
            """
            --- pytest.ini
            +++ pytest.ini
            @@ -1,2 +1,2 @@
             [pytest]\r
            -addopts = -n 4\r
            +addopts = -n 1\r
            """);
    CommandRun check = apply("--check");
    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.out()).contains("--- /dev/null\n+++ README.md\n");
    assertThat(check.err()).endsWith("hint: `plimsoll apply` updates these files\n");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void onlyWhereXdistIsUsed() throws IOException {
    for (String group : List.of("heavy", "long", "light")) {
      TestingCalibrations.put(root, HERE, group, "fork", 3, "done");
    }
    write("pytest.ini", "[pytest]\naddopts = -q\n");
    assertThat(apply().exitCode()).isZero();
    assertThat(read("pytest.ini")).isEqualTo("[pytest]\naddopts = -q\n");
    assertThat(read("config/pytest-groups/run.sh"))
        .contains("group light 1 \"$@\"  # not measured with pytest-xdist\n");
    write("pytest.ini", "[pytest]\naddopts = -q -n auto\n");
    assertThat(apply().err())
        .contains(
            "warning: `-n` in pytest.ini stays as it is, because it was not measured with"
                + " pytest-xdist: heavy, long, light",
            "warning: run.sh runs heavy, long, light with 1 worker");
    assertThat(read("pytest.ini")).isEqualTo("[pytest]\naddopts = -q -n auto\n");
  }

  @Test
  void eachEngineKeepsItsMeasurements() throws IOException {
    for (String group : List.of("heavy", "long", "light")) {
      TestingCalibrations.put(root, HERE, group, "fork", 6, "done");
      TestingCalibrations.put(root, HERE, group + ".xdist", group, "xdist", 2, "done");
    }
    write("pytest.ini", "[pytest]\naddopts = -q -n auto\n");
    assertThat(apply().err()).doesNotContain("warning");
    assertThat(read("plimsoll.toml")).contains("[groups.light]\nworkers = 6\n");
    assertThat(read("config/pytest-groups/run.sh")).contains("group light 2 \"$@\"\n");
    assertThat(read("pytest.ini")).isEqualTo("[pytest]\naddopts = -q -n 2\n");
    assertThat(read("README.md"))
        .contains(
            "| light | 6 | `plimsoll run --group light` | `sh config/pytest-groups/run.sh light`"
                + " (`-n 2`) |");
    assertThat(apply("--check").exitCode()).isZero();
  }

  @Test
  void theFileThatPytestReads() throws IOException {
    write("tox.ini", "[pytest]\naddopts = -n 4\n");
    write("pyproject.toml", "[tool.pytest.ini_options]\naddopts = ['-n', '4'] # c\n");
    assertThat(apply("light").exitCode()).isZero();
    assertThat(read("pyproject.toml"))
        .isEqualTo("[tool.pytest.ini_options]\naddopts = ['-n', '6'] # c\n");
    assertThat(read("tox.ini")).isEqualTo("[pytest]\naddopts = -n 4\n");
    assertThat(read("plimsoll.toml")).contains("[groups.light]").doesNotContain("heavy");
    assertThat(read("README.md")).contains("| heavy | 1 |");
  }

  @Test
  void bothEditsOfPyproject() throws IOException {
    String text = "[tool.plimsoll.groups.light]\nworkers = 2 # two\n[tool.pytest.ini_options]\nx=1";
    write("pyproject.toml", text);
    assertThat(apply("light").exitCode()).isZero();
    assertThat(read("pyproject.toml"))
        .isEqualTo(
            """
            [tool.plimsoll.groups.light]
            workers = 6 # two
            measured-on = "%s"
            [tool.pytest.ini_options]
            x=1
            addopts = "-n 6"
            """
                .formatted(HERE.key()));
    assertThat(root.resolve("plimsoll.toml")).doesNotExist();
    assertThat(apply("light", "--check").exitCode()).isZero();
  }

  @Test
  void theSectionHasTheLanguageOfTheKeyAndTheHeadingsOfTheFile() throws IOException {
    write("plimsoll.toml", "[apply]\nlanguage = \"de\"\n");
    write("README.md", "Mein Projekt\n============\n\nInstallation\n------------\n\nText\n");
    assertThat(apply().exitCode()).isZero();
    assertThat(read("README.md"))
        .contains("Tests ausführen\n---------------\n\n`plimsoll run` führt heavy, dann long, dann")
        .contains("| Suite | Worker | Befehl | ohne Plimsoll |", "### light\n\n| Worker | Läufe |")
        .contains("| **6** | ", "Gemessen auf ")
        .doesNotContain("workers |", "Measured", "not faster", "fastest");
    assertThat(apply("--check").exitCode()).isZero();
    write("plimsoll.toml", read("plimsoll.toml").replace("\"de\"", "\"la\""));
    CommandRun wrong = apply();
    assertThat(wrong.exitCode()).isEqualTo(10);
    assertThat(wrong.err()).contains("apply.language", "`en`, `de`, `es`");
  }

  @Test
  void anEditedSectionIsKeptAndTheRestIsWritten() throws IOException {
    apply();
    String edited = read("README.md").replace("## Running the tests", "## My own words");
    write("README.md", edited);
    calibrate("light", 4);
    CommandRun run = apply();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("warning: README.md was not changed", "`--force`");
    assertThat(read("README.md")).isEqualTo(edited);
    assertThat(read("plimsoll.toml")).contains("workers = 4");
    assertThat(apply("--check").exitCode()).isEqualTo(1);
    assertThat(apply("--force").exitCode()).isZero();
    assertThat(read("README.md")).contains("## Running the tests", "| light | 4 |");
  }

  @Test
  void symbolicLinksStay() throws IOException {
    write("shared/ini", "[pytest]\naddopts = -n 4\n");
    Files.createSymbolicLink(root.resolve("pytest.ini"), Path.of("shared/ini"));
    Files.createSymbolicLink(root.resolve("README.md"), Path.of("shared/new.md"));
    assertThat(apply().exitCode()).isZero();
    assertThat(root.resolve("pytest.ini")).isSymbolicLink();
    assertThat(read("shared/ini")).contains("-n 1");
    assertThat(root.resolve("README.md")).isSymbolicLink();
    assertThat(read("shared/new.md")).contains("plimsoll:begin");
  }

  @Test
  void aByteOrderMarkAndWindowsLineBreaks() throws IOException {
    write("plimsoll.toml", "\ufeff# c\r\n[groups.light]\r\nworkers = 2\r\n");
    write("README.md", "\ufeff# Mine\r\n");
    assertThat(apply("light").exitCode()).isZero();
    assertThat(read("plimsoll.toml"))
        .isEqualTo(
            "\ufeff# c\r\n[groups.light]\r\nworkers = 6\r\nmeasured-on = \"%s\"\r\n"
                .formatted(HERE.key()));
    assertThat(read("README.md").replace("\r\n", "")).doesNotContain("\n");
  }

  @Test
  void oneFileThatCannotBeEditedStopsAll() throws IOException {
    write("pytest.ini", "[pytest]\naddopts = -n 4\n");
    for (String name : List.of("README.md", "plimsoll.toml", "pytest.ini")) {
      write(name, read0(name));
      Files.setPosixFilePermissions(
          root.resolve(name), PosixFilePermissions.fromString("r--r--r--"));
      refused(name, "it is read-only");
      Files.setPosixFilePermissions(
          root.resolve(name), PosixFilePermissions.fromString("rw-r--r--"));
    }
    Files.write(root.resolve("README.md"), new byte[] {(byte) 0xe4, '\n'});
    refused("README.md", "it is not UTF-8 text");
    Files.delete(root.resolve("README.md"));
    Files.createDirectories(root.resolve("README.md"));
    refused("README.md", "it is a directory");
    Files.delete(root.resolve("README.md"));
    write("pytest.ini", "[pytest]\naddopts = -n 4 'open\n");
    refused("pytest.ini", "a quotation in `addopts` has no end");
  }

  private String read0(String name) throws IOException {
    return Files.exists(root.resolve(name)) ? read(name) : "";
  }

  private void refused(String name, String why) throws IOException {
    Map<String, String> before = everything();
    CommandRun run = apply();
    assertThat(run.exitCode()).isEqualTo(ExitCode.CONFIG.code());
    assertThat(run.err()).contains("error: `" + name + "` cannot be edited").contains(why);
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void pytestsConfigurationAboveTheProjectIsLeftAlone() throws IOException {
    write("pytest.ini", "[pytest]\n");
    write("backend/plimsoll.toml", "");
    Path backend = root.resolve("backend");
    TestingCalibrations.put(backend, HERE, "light", "xdist", 4, "done");
    CommandRun run = CommandRun.of("apply", "-C", backend.toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.err())
        .contains("no `-n` written: pytest reads " + root.resolve("pytest.ini"))
        .contains("no script written: the groups have no lists yet");
    assertThat(backend.resolve("pytest.ini")).doesNotExist();
    assertThat(read("pytest.ini")).isEqualTo("[pytest]\n");
  }

  @Test
  void figuresOfAnotherMachineComeWithAWarning() throws IOException {
    deleteCalibrations();
    var other = new Machine("other", 64, Bytes.gib(256), "bare");
    TestingCalibrations.put(root, other, "light", "fork", 32, "done");
    CommandRun run = apply();
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("warning: no calibrations on this machine");
    assertThat(read("plimsoll.toml")).contains("workers = 32\nmeasured-on = \"other/64c/262144m\"");
    assertThat(CommandRun.of("config", "-C", root.toString()).out())
        .contains("; on this machine 32, plimsoll.toml:2, measured on other/64c/262144m");
  }

  private void deleteCalibrations() throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve(".plimsoll"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void whatHasNoChoice() throws IOException {
    TestingCalibrations.put(root, HERE, "light", "fork", 0, "");
    TestingCalibrations.put(root, HERE, "long", "fork", 0, "every level failed");
    TestingCalibrations.put(root, HERE, "gone", "fork", 2, "done");
    CommandRun run = apply();
    assertThat(run.err())
        .contains("ignored the unfinished calibration of light")
        .contains("no number of workers to recommend for long")
        .contains("ignored the calibration of gone");
    assertThat(read("plimsoll.toml")).contains("[groups.heavy]").doesNotContain("light");
    assertThat(read("config/pytest-groups/run.sh"))
        .contains("group light 1 \"$@\"  # not measured with pytest-xdist\n");
    assertThat(apply("light").exitCode()).isEqualTo(ExitCode.USAGE.code());
    deleteCalibrations();
    assertThat(apply().err()).contains("error: there are no numbers to apply");
    assertThat(apply("--skip", "all").exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(apply("lihgt").err()).contains("no calibration");
  }

  @Test
  void aReadmeInAnotherFormat() throws IOException {
    write("README.rst", "Mine\n====\n");
    CommandRun run = apply();
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("the project has a README.rst and no README.md");
    assertThat(root.resolve("README.md")).doesNotExist();
    assertThat(apply("--readme", root.resolve("docs/tests.md").toString()).exitCode()).isZero();
  }

  @Test
  void stagesToo() throws IOException {
    write("plimsoll.toml", "[stages.web]\ncommand = 'true {workers}' # c\n");
    TestingCalibrations.put(root, HERE, "web", "command", 4, "done");
    assertThat(apply("web").exitCode()).isZero();
    assertThat(read("plimsoll.toml"))
        .startsWith("[stages.web]\ncommand = 'true {workers}' # c\nworkers = 4\nmeasured-on = ");
    assertThat(read("README.md")).contains("| web | 4 | `plimsoll run --stage web` |  |");
  }

  private void oldCommands() throws IOException {
    write("LIESMICH.md", "# Lager\r\n\r\nAlle Prüfungen: `pytest -n 8`.\r\n");
    write(
        "Makefile", "test:\n\tpytest -n 6\nlight:\n\tpython3 -m pytest -n8 tests/test_light.py\n");
    write("scripts/test.sh", "#!/bin/sh\npytest -n 1\n");
    write("CHANGELOG.md", "- tests run with `pytest -n 6`\n");
    write(".github/workflows/ci.yml", "      - run: pytest -n auto # all\n");
  }

  @Test
  void oldCommandsAreListedAndLeftAlone() throws IOException {
    oldCommands();
    Map<String, String> before = everything();
    CommandRun run = apply();
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .containsSubsequence(
            "  .github/workflows/ci.yml:1: pytest -n auto (measured: -n 1)",
            "  LIESMICH.md:3: pytest -n 8 (measured: -n 1)",
            "  Makefile:2: pytest -n 6 (measured: -n 1)",
            "  Makefile:4: pytest -n8 tests/test_light.py (measured: -n 6)")
        .doesNotContain("CHANGELOG", "test.sh");
    assertThat(everything()).containsAllEntriesOf(before);
  }

  @Test
  void oldCommandsChangeOnRequestAndNoOtherByte() throws IOException {
    oldCommands();
    Map<String, String> before = everything();
    CommandRun diff = apply("--update-commands", "--dry-run", "--skip", "readme");
    assertThat(diff.out()).contains("-\tpytest -n 6", "+\tpytest -n 1");
    assertThat(everything()).isEqualTo(before);

    CommandRun run = apply("--update-commands", "--skip", "readme");
    assertThat(run.out()).contains("-\tpytest -n 6", "+\tpytest -n 1");
    assertThat(read("LIESMICH.md")).isEqualTo("# Lager\r\n\r\nAlle Prüfungen: `pytest -n 1`.\r\n");
    assertThat(read("Makefile"))
        .isEqualTo("test:\n\tpytest -n 1\nlight:\n\tpython3 -m pytest -n6 tests/test_light.py\n");
    assertThat(read(".github/workflows/ci.yml")).isEqualTo("      - run: pytest -n 1 # all\n");
    assertThat(read("CHANGELOG.md")).contains("-n 6");
    assertThat(apply().err()).doesNotContain("other numbers");
  }

  @Test
  void oldCommandsOfGroupsThatPytestXdistDidNotMeasureStay() throws IOException {
    write("Makefile", "test:\n\tpytest -n 6 tests/test_new.py tests/test_light.py\n");
    write("latin.md", "");
    Files.write(
        root.resolve("latin.md"), "pytest -n 6 \u00fc".getBytes(StandardCharsets.ISO_8859_1));
    TestingCalibrations.put(root, HERE, "new", "fork", 4, "no more levels");
    write("plimsoll.toml", "[groups]\norder = ['heavy', 'long', 'light', 'new']\n");
    write("config/pytest-groups/new.txt", "tests/test_new.py\n");
    String before = read("Makefile");
    CommandRun run = apply("--update-commands");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("Makefile:2: pytest -n 6 tests/test_new.py tests/test_light.py")
        .contains("(not measured with pytest-xdist)");
    assertThat(read("Makefile")).isEqualTo(before);
  }

  @Test
  void aListThatChangedSinceItsCalibrationIsNamed() throws IOException {
    TestingCalibrations.put(
        root, HERE, "light", "light", "fork", 6, "no more levels", List.of("tests/test_light.py"));
    assertThat(apply("--dry-run").err()).doesNotContain("have changed since");
    write("config/pytest-groups/light.txt", "tests/test_new.py\n");
    String warning =
        "warning: group lists have changed since their calibration: light (2 files, calibrated on"
            + " 2026-11-25); `plimsoll calibrate light` measures again\n";
    assertThat(apply("--dry-run").err()).containsOnlyOnce(warning);
    assertThat(CommandRun.of("config", "-C", root.toString()).err()).containsOnlyOnce(warning);
  }
}
