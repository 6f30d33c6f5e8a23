package dev.plimsoll.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Edits of pytest's configuration. `@` marks the number in a text.
class PytestFileTest {
  private static final List<String> SPELLINGS =
      List.of(
          "-n @",
          "-n@",
          "-n=@",
          "--numprocesses=@",
          "--numprocesses @",
          "-qn@",
          "-xvsn @",
          "-n  @",
          "-n '@'",
          "-n \"@\"",
          "'-n@'");

  private static final List<String> OTHERS =
      List.of(
          "-q",
          "-ra",
          "--strict-markers",
          "-m \"not slow\"",
          "--ignore='a b/c'",
          "-p no:cacheprovider",
          "--dist=loadfile",
          "--maxprocesses=4",
          "-k 'x # y'",
          "--cov=pkg\\ name",
          "-n 9");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[pytest]\naddopts = -q -n @ # ra\n",
        "# a\n\n[pytest]\r\ntestpaths = tests\r\naddopts=-n@\r\nmarkers =\r\n    slow: x\r\n",
        "\ufeff[pytest]\naddopts: --numprocesses=@",
        "[pytest]\naddopts =\n    -q\n    # not -n 3\n\n    -n @\n    --strict\nmarkers = -n 7\n",
        "[other]\naddopts = -n 5\n[pytest] ; a comment\naddopts = -m \"a -n 3\" -n \"@\" -x\n",
        "[pytest]\naddopts = -n 4 --numprocesses @\n",
      })
  void anIniFileChangesInOneNumber(String text) {
    check("pytest.ini", text);
    check("tox.ini", text);
    check("setup.cfg", text.replace("[pytest]", "[tool:pytest]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[tool.pytest.ini_options]\naddopts = \"-q -n @\" # -n 3\n",
        "[tool.x]\naddopts = '-n 3'\n[tool.pytest.ini_options]\r\naddopts = '-m \"a b\" -n@'\r\n",
        "[tool.pytest.ini_options]\naddopts = [\"-q\", \"-n\", \"@\",] # c\n",
        "[tool.pytest.ini_options]\naddopts = [\n  '-q', # -n 3\n  \"-n=@\",\n]\nx = 1\n",
        "[tool.pytest]\nini_options.addopts = \"\"\"\\\n  -ra\n  -n @\n\"\"\"\n",
        "[tool.pytest.ini_options]\naddopts = \"-m \\\"a\\\\u0041\\\" \\u002dn @\"\n",
        "tool.pytest.ini_options = { addopts = \"-n @\", x = [1, {a = 2}] }\n",
        "[tool.pytest]\naddopts = ['-ra', '-n@']\n",
      })
  void aTomlFileChangesInOneNumber(String text) {
    check("pyproject.toml", text);
  }

  @Test
  void addoptsThatAreATableOrANumber() {
    for (String text :
        List.of(
            "[tool.pytest.ini_options.addopts]\nx = 1\n",
            "[tool.pytest]\nini_options.addopts = { x = 1 }\n",
            "[tool.pytest.ini_options.addopts.x]\n",
            "[[tool.pytest.ini_options.addopts]]\n",
            "[tool.pytest.ini_options]\naddopts = 1\n")) {
      assertThatThrownBy(() -> with("pyproject.toml", text))
          .as(text)
          .isInstanceOf(Unreadable.class);
    }
  }

  @Test
  void charactersOfSeveralUnitsStandBeforeTheNumber() {
    check("pyproject.toml", "[tool.pytest.ini_options]\naddopts = ['-k \ud83d\ude00', '-n@']\n");
    check(
        "pyproject.toml",
        "\ufefftool.pytest.'ini_options' = { 'x\ud83d\ude00' = 1, addopts = '-n@' }\n");
  }

  @Test
  void pytestsOwnTomlFile() {
    check("pytest.toml", "[pytest]\naddopts = [\"-n\", \"@\"]\n");
    assertThat(with(".pytest.toml", "[pytest]\nx = 1\n"))
        .isEqualTo("[pytest]\nx = 1\naddopts = [\"-n6\"]\n");
  }

  private static void check(String name, String text) {
    for (String number : List.of("1", "4", "16", "auto", "logical")) {
      String before = text.replace("@", number);
      assertThat(PytestFile.of(name, before).orElseThrow().workers()).contains(number);
      String after = with(name, before);
      assertThat(after).isEqualTo(text.replace("@", "6"));
      assertThat(with(name, after)).isEqualTo(after);
    }
  }

  private static String with(String name, String text) {
    return PytestFile.of(name, text).orElseThrow().withWorkers(6);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void everyCharacterOutsideOfTheNumberIsKept(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 25; i++) {
      check("pytest.ini", TestingConfigs.ini(random, OTHERS, SPELLINGS));
      check("pyproject.toml", TestingConfigs.toml(random, OTHERS, SPELLINGS));
    }
  }

  /// Reads each pair of files with pytest itself, and the number with argparse as pytest uses it.
  private static final String ORACLE =
      """
      import argparse, pathlib, shlex, sys
      from _pytest.config.findpaths import load_config_dict_from_file

      def read(folder, name):
          text = load_config_dict_from_file(folder / name)["addopts"]
          text = getattr(text, "value", text)
          args = shlex.split(text) if isinstance(text, str) else text
          parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
          parser.add_argument("-n", "--numprocesses")
          for flag in "qvxs":
              parser.add_argument("-" + flag, action="count")
          known, rest = parser.parse_known_args(args)
          return known.numprocesses.strip(), rest

      for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
          (name,) = {path.name for path in folder.glob("*/*")}
          before, after = read(folder / "before", name), read(folder / "after", name)
          assert (before[0], after[0]) == ("4", "6"), (folder, before, after)
          assert before[1] == after[1], (folder, before, after)
          print("ok")
      """;

  @Test
  void pytestReadsTheSameAsWeDo(@TempDir Path folder) throws Exception {
    var random = new SplittableRandom(4);
    for (int i = 0; i < 100; i++) {
      boolean ini = i % 2 == 0;
      String name = ini ? "pytest.ini" : "pyproject.toml";
      String text =
          ini
              ? TestingConfigs.ini(random, OTHERS, SPELLINGS).replace("\ufeff", "")
              : TestingConfigs.toml(random, OTHERS, SPELLINGS);
      String before = text.replace("@", "4");
      write(folder.resolve(i + "/before/" + name), before);
      write(folder.resolve(i + "/after/" + name), with(name, before));
    }
    Path out = Files.createTempFile("oracle", ".txt");
    int status =
        new ProcessBuilder("python3", "-c", ORACLE, folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start()
            .waitFor();
    assertThat(status).as(Files.readString(out)).isZero();
    assertThat(Files.readAllLines(out)).hasSize(100);
    Files.delete(out);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  @Test
  void aNumberIsAddedWhereNoneIs() {
    assertThat(with("pytest.ini", "[pytest]\naddopts = -q\n"))
        .isEqualTo("[pytest]\naddopts = -q -n 6\n");
    assertThat(with("pytest.ini", "[pytest]\naddopts =\nx=1"))
        .isEqualTo("[pytest]\naddopts = -n 6\nx=1");
    assertThat(with("pytest.ini", "[pytest]\r\naddopts =\r\n  -q\r\n\r\n"))
        .isEqualTo("[pytest]\r\naddopts =\r\n  -q\r\n  -n 6\r\n\r\n");
    assertThat(with("pytest.ini", "[pytest]")).isEqualTo("[pytest]\naddopts = -n 6\n");
    assertThat(with("pytest.ini", "")).isEqualTo("[pytest]\naddopts = -n 6\n");
    assertThat(with("pytest.ini", "# c\n[x]\n"))
        .isEqualTo("# c\n[x]\n\n[pytest]\naddopts = -n 6\n");
    assertThat(with("pyproject.toml", "[tool.pytest.ini_options]\naddopts = '-q '\n"))
        .isEqualTo("[tool.pytest.ini_options]\naddopts = '-q -n 6 '\n");
    assertThat(with("pyproject.toml", "[tool.pytest.ini_options]\naddopts = []\n"))
        .isEqualTo("[tool.pytest.ini_options]\naddopts = [\"-n6\"]\n");
    assertThat(
            with("pyproject.toml", "[tool.pytest.ini_options]\naddopts = [\n  '-q', # c\n]\nx=1\n"))
        .isEqualTo("[tool.pytest.ini_options]\naddopts = [\n  '-q',\n  \"-n6\", # c\n]\nx=1\n");
    assertThat(with("pyproject.toml", "[tool.pytest.ini_options]\nx = 1\n\n[b]\n"))
        .isEqualTo("[tool.pytest.ini_options]\nx = 1\naddopts = \"-n 6\"\n\n[b]\n");
    assertThat(PytestFile.fresh("pyproject.toml", "[project]\nname = 'x'").withWorkers(2))
        .isEqualTo("[project]\nname = 'x'\n\n[tool.pytest.ini_options]\naddopts = \"-n 2\"\n");
    assertThat(PytestFile.fresh("pytest.ini", "").withWorkers(2))
        .isEqualTo("[pytest]\naddopts = -n 2\n");
  }

  @ParameterizedTest
  @CsvSource({
    "pytest.ini, '', true",
    ".pytest.ini, '', false",
    ".pytest.ini, '[pytest]', true",
    "tox.ini, '[tox]', false",
    "tox.ini, '[pytest]', true",
    "setup.cfg, '[pytest]', false",
    "setup.cfg, '[tool:pytest]', true",
    "pyproject.toml, '[project]', false",
    "pyproject.toml, '[tool.pytest.ini_options]', true",
    "pyproject.toml, 'tool.pytest.ini_options.x = 1', true",
    "pyproject.toml, '[tool.pytest]', true",
    "pytest.toml, '', false",
    "pytest.toml, '[pytest]', true",
  })
  void whichFilesCount(String name, String text, boolean counts) {
    assertThat(PytestFile.of(name, text).isPresent()).isEqualTo(counts);
  }

  @Test
  void whatCannotBeReadIsNotEdited() {
    assertThatThrownBy(() -> with("pytest.ini", "[pytest]\naddopts = -n 4 'a\n"))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("quotation");
    assertThatThrownBy(() -> with("pyproject.toml", "[tool.pytest.ini_options]\naddopts = 4\n"))
        .isInstanceOf(Unreadable.class);
    assertThatThrownBy(() -> with("pyproject.toml", "[tool.pytest.ini_options\naddopts = ''\n"))
        .isInstanceOf(Unreadable.class);
    assertThatThrownBy(() -> with("pyproject.toml", "[tool.pytest.ini_options]\na = \"\"\"x"))
        .isInstanceOf(Unreadable.class);
  }

  @Test
  void xdistThatIsSwitchedOff() {
    assertThat(PytestFile.of("pytest.ini", "[pytest]\naddopts = -p no:xdist").orElseThrow().isOff())
        .isTrue();
    assertThat(PytestFile.of("pytest.ini", "[pytest]\naddopts = -p xdist").orElseThrow().isOff())
        .isFalse();
  }

  @Test
  void whatOnlyLooksLikeANumberOfWorkers() {
    for (String addopts : List.of("-k n4", "--new-first", "-- -n 4", "-n", "-n x")) {
      assertThat(
              PytestFile.of("pytest.ini", "[pytest]\naddopts = " + addopts).orElseThrow().workers())
          .as(addopts)
          .isEmpty();
    }
  }
}
