package dev.plimsoll.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.EngineName;
import dev.plimsoll.config.schema.GroupKeys;
import dev.plimsoll.config.schema.Key;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.Section;
import dev.plimsoll.config.schema.Types;
import dev.plimsoll.config.schema.Workers;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Mode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
  @TempDir private Path root;

  private Config load(String toml) throws IOException {
    Files.writeString(root.resolve("plimsoll.toml"), toml);
    return new ConfigLoader(ConfigSchema.STANDARD).load(root, Overrides.NONE);
  }

  private UserError error(String toml) {
    UserError error = catchThrowableOfType(UserError.class, () -> load(toml));
    assertThat(error).as("an error for %s", toml).isNotNull();
    return error;
  }

  @Test
  void nothingAtAll() {
    Config config = new ConfigLoader(ConfigSchema.STANDARD).load(root, Overrides.NONE);
    assertThat(config.root()).isEqualTo(root);
    assertThat(config.file()).isEmpty();
    assertThat(config.get(Keys.ENGINE)).isEqualTo(EngineName.AUTO);
    assertThat(config.groups()).extracting(Entry::name).containsExactly("heavy", "long", "light");
    assertThat(config.group("long").orElseThrow().get(GroupKeys.WORDS)).contains("load");
    assertThat(config.group("light").orElseThrow().get(GroupKeys.PATHS)).isEmpty();
    assertThat(config.groupsFolder()).isEqualTo(root.resolve("config/pytest-groups"));
  }

  @Test
  void valuesKeepTheirOrigin() throws IOException {
    Config config = load("engine = 'spawn'\n\n[calibrate]\nlevels = [1, 2]\nswap = '1g'\n");
    assertThat(config.get(Keys.ENGINE)).isEqualTo(EngineName.SPAWN);
    assertThat(config.origin(Keys.ENGINE).text()).isEqualTo("plimsoll.toml:1");
    assertThat(config.get(Keys.CALIBRATE_LEVELS)).containsExactly(1, 2);
    assertThat(config.origin(Keys.CALIBRATE_LEVELS).text()).isEqualTo("plimsoll.toml:4");
    assertThat(config.get(Keys.CALIBRATE_SWAP)).isEqualTo(Bytes.gib(1));
    assertThat(config.origin(Keys.MODE).text()).isEqualTo("default");
  }

  @Test
  void flagsWin() throws IOException {
    Files.writeString(root.resolve("plimsoll.toml"), "workers = 2\n");
    Overrides overrides = Overrides.NONE.with(Keys.WORKERS, "--workers", "6");
    Config config = new ConfigLoader(ConfigSchema.STANDARD).load(root, overrides);
    assertThat(config.get(Keys.WORKERS)).isEqualTo(new Workers.Count(6));
    assertThat(config.origin(Keys.WORKERS).text()).isEqualTo("--workers");
  }

  @Test
  void aWrongFlagIsWrongUsage() {
    UserError error =
        catchThrowableOfType(
            UserError.class, () -> Overrides.NONE.with(Keys.ENGINE, "--engine", "frok"));
    assertThat(error.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(error.hint()).isEqualTo("did you mean `fork`?");
  }

  @Test
  void aGroupsKeyReplacesOnlyThatDefault() throws IOException {
    Config config = load("[groups.heavy]\npaths = ['slow/**']\nworkers = 1\n");
    Entry heavy = config.group("heavy").orElseThrow();
    assertThat(heavy.get(GroupKeys.PATHS)).containsExactly("slow/**");
    assertThat(heavy.get(GroupKeys.MARKERS)).containsExactly("performance");
    assertThat(heavy.get(GroupKeys.WORKERS)).isEqualTo(new Workers.Count(1));
    assertThat(heavy.values().setting(GroupKeys.PATHS).name()).isEqualTo("groups.heavy.paths");
    assertThat(heavy.values().setting(GroupKeys.PATHS).origin().text())
        .isEqualTo("plimsoll.toml:2");
  }

  @Test
  void otherGroups() throws IOException {
    Config config =
        load(
            """
            [groups]
            order = ['gpu', 'rest']
            folder = 'lists'
            [groups.gpu]
            markers = ['gpu']
            """);
    assertThat(config.groups()).extracting(Entry::name).containsExactly("gpu", "rest");
    assertThat(config.groupsFolder()).isEqualTo(root.resolve("lists"));
    assertThat(config.group("rest").orElseThrow().get(GroupKeys.WORDS)).isEmpty();
  }

  @Test
  void memoryByPathAndTimeouts() throws IOException {
    Config config =
        load(
            """
            timeout = '1m'
            [groups.long]
            timeout = 'none'
            memory-by-path = {'tests/a.py' = '2g', 'tests/b/**' = '300m'}
            """);
    Entry longGroup = config.group("long").orElseThrow();
    assertThat(longGroup.get(GroupKeys.MEMORY_BY_PATH))
        .containsExactly(
            Map.entry("tests/a.py", Bytes.gib(2)), Map.entry("tests/b/**", Bytes.mib(300)));
    assertThat(config.timeout(longGroup)).isEmpty();
    assertThat(config.timeout(config.group("light").orElseThrow())).contains(Duration.ofMinutes(1));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "wokers = 4 | unknown key `wokers` | did you mean `workers`?",
        "memory = '8gigs' | invalid value `\"8gigs\"` for `memory` | ''",
        "workers = '4' | invalid value `\"4\"` for `workers` | ''",
        "workers = 0 | invalid value `0` for `workers` | ''",
        "engine = 'frok' | invalid value `\"frok\"` for `engine` | did you mean `fork`?",
        "timeout = '5 parsecs' | invalid value `\"5 parsecs\"` for `timeout` | ''",
        "reserve = '120%' | invalid value `\"120%\"` for `reserve` | ''",
        "calibrate = 3 | invalid value `3` for `calibrate` | ''",
        "levels = [1] | unknown key `levels` | did you mean `calibrate.levels`?",
        "calibrat.runs = 3 | unknown key `calibrat` | did you mean `calibrate`?",
        "groups.hevy.workers = 1 | unknown group `groups.hevy` | did you mean `groups.heavy`?",
        "groups.gpu.workers = 1 | unknown group `groups.gpu` | add `gpu` to `groups.order` at the"
            + " position where it runs",
        "groups.heavy.worker = 1 | unknown key `groups.heavy.worker` | did you mean"
            + " `groups.heavy.workers`?",
        "groups.heavy = 1 | invalid value `1` for `groups.heavy` | ''",
        "groups.foldr = 'x' | unknown key `groups.foldr` | did you mean `groups.folder`?",
        "groups.order = [] | `groups.order` is empty | ''",
        "groups.order = ['a', 'A'] | `groups.order` contains `A` twice | ''",
        "groups.order = ['../x'] | invalid group name `../x` in `groups.order` | ''",
        "pytest-args = '-q' | invalid value `\"-q\"` for `pytest-args` | ''",
        "require-containment = 'yes' | invalid value `\"yes\"` for `require-containment` | ''",
        "workers = 1979-05-27 | invalid value `1979-05-27` for `workers` | ''",
      })
  void mistakes(String line, String what, String hint) {
    UserError error = error("# a comment\n" + line + "\n");
    assertThat(error.exitCode()).isEqualTo(ExitCode.CONFIG);
    assertThat(error.what()).isEqualTo("plimsoll.toml, line 2: " + what);
    assertThat(error.why()).isNotEmpty();
    if (!hint.isEmpty()) {
      assertThat(error.hint()).isEqualTo(hint);
    }
  }

  @Test
  void allMistakesAtOnce() {
    UserError error = error("wokers = 1\nengine = 'x'\n");
    assertThat(error.what()).isEqualTo("plimsoll.toml has 2 errors");
    assertThat(error.why())
        .contains("line 1: unknown key `wokers`")
        .contains("line 2: ", "for `engine`");
  }

  @Test
  void noToml() {
    assertThat(error("workers = \n").what()).startsWith("plimsoll.toml, line 1: not TOML");
    assertThat(error("a = 1\na = 2\n").what()).startsWith("plimsoll.toml, line 2");
  }

  @Test
  void notText() throws IOException {
    Files.write(root.resolve("plimsoll.toml"), new byte[] {(byte) 0xff, 0, 1});
    assertThat(unreadable().why()).isEqualTo("it is not UTF-8 text");
  }

  @Test
  void aFolderOrABrokenLinkIsNoMissingFile() throws IOException {
    Path file = root.resolve("plimsoll.toml");
    Files.createDirectory(file);
    assertThat(unreadable().why()).containsIgnoringCase("is a directory");
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("nowhere.toml"));
    assertThat(unreadable().why()).isEqualTo("`" + file + "` does not exist");
  }

  private UserError unreadable() {
    UserError error =
        catchThrowableOfType(
            UserError.class,
            () -> new ConfigLoader(ConfigSchema.STANDARD).load(root, Overrides.NONE));
    assertThat(error).isNotNull();
    assertThat(error.what()).isEqualTo("cannot read plimsoll.toml");
    return error;
  }

  @Test
  void aByteOrderMarkAndCrLfAreFine() throws IOException {
    assertThat(load("\ufeffworkers = 3\r\nmode = 'packed'\r\n").get(Keys.MODE))
        .isEqualTo(Mode.PACKED);
  }

  @Test
  void pyproject() throws IOException {
    Files.writeString(
        root.resolve("pyproject.toml"), "[project]\nname = 'x'\n[tool.plimsoll]\nworkers = 3\n");
    Config config = new ConfigLoader(ConfigSchema.STANDARD).load(root, Overrides.NONE);
    assertThat(config.origin(Keys.WORKERS).text()).isEqualTo("pyproject.toml:4");
    Files.writeString(root.resolve("plimsoll.toml"), "workers = 5\n");
    Config both = new ConfigLoader(ConfigSchema.STANDARD).load(root, Overrides.NONE);
    assertThat(both.get(Keys.WORKERS)).isEqualTo(new Workers.Count(5));
    assertThat(both.warnings()).hasSize(1);
  }

  @Test
  void someoneElsesBrokenPyprojectIsNotOurs() throws IOException {
    Files.writeString(root.resolve("pyproject.toml"), "[project\n");
    assertThat(new ConfigLoader(ConfigSchema.STANDARD).load(root, Overrides.NONE).file()).isEmpty();
  }

  @Test
  void theProjectIsFoundFromASubfolder() throws IOException {
    Path inner = Files.createDirectories(root.resolve("a/b"));
    Files.createDirectories(root.resolve(".git"));
    assertThat(new ConfigLoader(ConfigSchema.STANDARD).load(inner, Overrides.NONE).root())
        .isEqualTo(root);
    Files.writeString(root.resolve("a/plimsoll.toml"), "");
    assertThat(new ConfigLoader(ConfigSchema.STANDARD).load(inner, Overrides.NONE).root())
        .isEqualTo(root.resolve("a"));
  }

  @Test
  void theSearchEndsAtTheTopOfTheWorkTree() throws IOException {
    Files.writeString(root.resolve("plimsoll.toml"), "workers = 9\n");
    Path inner = Files.createDirectories(root.resolve("clone/tests"));
    Files.createDirectories(root.resolve("clone/.git"));
    Config config = new ConfigLoader(ConfigSchema.STANDARD).load(inner, Overrides.NONE);
    assertThat(config.file()).isEmpty();
    assertThat(config.root()).isEqualTo(root.resolve("clone"));
  }

  @Test
  void sectionsThatAreAddedElsewhere() throws IOException {
    Key<String> run = new Key<>("run", Types.TEXT, "", "What runs.");
    Section stage = Section.list("stage", "A stage.", List.of(run));
    Section steps = Section.named("steps", "A step.", List.of(run));
    Files.writeString(
        root.resolve("plimsoll.toml"),
        "[[stage]]\nrun = 'a'\n[[stage]]\nrun = 'b'\n[steps.one]\nrun = 'c'\n");
    Config config =
        new ConfigLoader(ConfigSchema.STANDARD.with(stage).with(steps)).load(root, Overrides.NONE);
    assertThat(config.entries(stage)).extracting(entry -> entry.get(run)).containsExactly("a", "b");
    assertThat(config.entries(steps)).extracting(Entry::name).containsExactly("one");
    assertThat(config.entries(stage).get(1).origin().text()).isEqualTo("plimsoll.toml:3");
  }

  @Test
  void withoutGitTheProjectIsWherePytestHasItsSettings() throws IOException {
    Path sub = Files.createDirectories(root.resolve("project/sub/deep"));
    Path project = root.resolve("project");
    for (String file : List.of("tox.ini", "setup.cfg", "pyproject.toml", "pytest.ini")) {
      String text =
          switch (file) {
            case "tox.ini" -> "[tox]\n[pytest]\n";
            case "setup.cfg" -> "[tool:pytest]\n";
            case "pyproject.toml" -> "[project]\n[tool.pytest.ini_options]\n";
            default -> "";
          };
      Files.writeString(project.resolve(file), text);
      Files.writeString(sub.resolve("tox.ini"), "[tox]\n");
      assertThat(new ConfigLoader(ConfigSchema.STANDARD).load(sub, Overrides.NONE).root())
          .as(file)
          .isEqualTo(project);
      Files.delete(project.resolve(file));
    }
    assertThat(new ConfigLoader(ConfigSchema.STANDARD).load(sub, Overrides.NONE).root())
        .isEqualTo(sub);
  }

  @Test
  void aWrongValueOfASubTableIsNamedWhereItStands() {
    UserError error = error("[groups.long.memory-by-path]\n'a' = '1g'\n'tests/b' = '8gigs'\n");
    assertThat(error.what())
        .isEqualTo(
            "plimsoll.toml, line 3: invalid value `\"8gigs\"` for"
                + " `groups.long.memory-by-path.\"tests/b\"`");
  }

  @Test
  void valuesThatWouldFitEverythingOrNothing() {
    assertThat(error("[groups.long]\nwords = ['']\n").what()).contains("groups.long.words");
    assertThat(error("[server]\nport = 70000\n").why()).contains("65535");
    assertThat(error("memory = ''\n").what()).contains("invalid value `\"\"` for `memory`");
    assertThat(error("mem = '1g'\n").hint()).contains("`memory`");
    assertThat(error("engine = 'froked'\n").hint()).contains("`fork`");
    assertThat(error("[tool.plimsoll]\nworkers = 2\n").hint()).contains("remove");
  }

  @Test
  void aMisspeltTableIsTold() throws IOException {
    Files.writeString(root.resolve("pyproject.toml"), "[tool.plimsol]\nworkers = 2\n");
    Config config = new ConfigLoader(ConfigSchema.STANDARD).load(root, Overrides.NONE);
    assertThat(config.warnings()).singleElement().asString().contains("[tool.plimsol]");
  }
}
