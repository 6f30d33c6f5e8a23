package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.model.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigCommandTest {
  @TempDir private Path root;

  private CommandRun run(String... more) {
    var args = new ArrayList<String>();
    args.addAll(List.of("config", "--config", root.resolve("plimsoll.toml").toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  @Test
  void printsValuesAndOrigins() throws IOException {
    Files.writeString(root.resolve("plimsoll.toml"), "engine = 'spawn'\ngroups.long.workers = 2\n");
    CommandRun run = run("--workers", "6");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .containsPattern("\nengine = \"spawn\" +# plimsoll.toml:1\n")
        .containsPattern("\nworkers = 6 +# --workers\n")
        .containsPattern("\nmode = \"phased\" +# default\n")
        .containsPattern("\ngroups.long.workers = 2 +# plimsoll.toml:2, below --workers\n")
        .containsPattern("\ngroups.heavy.markers = \\[\"performance\"] +# default\n");
  }

  @Test
  void theOutputIsAConfigurationAgain() throws IOException {
    Files.writeString(root.resolve("plimsoll.toml"), "engine = 'spawn'\n");
    String first = run().out();
    Files.writeString(root.resolve("plimsoll.toml"), first);
    assertThat(run().exitCode()).isZero();
    assertThat(run().out().replaceAll("#.*", "")).isEqualTo(first.replaceAll("#.*", ""));
  }

  @Test
  void json() throws IOException {
    Files.writeString(root.resolve("plimsoll.toml"), "workers = 3\n");
    CommandRun run = run("--json");
    String settings = String.valueOf(JSON.std.mapFrom(run.out()).get("settings"));
    assertThat(settings)
        .contains("{key=workers, value=3, origin={kind=file, file=" + root)
        .contains("{key=mode, value=phased, origin={kind=default}}");
  }

  @Test
  void aMistake() throws IOException {
    Files.writeString(root.resolve("plimsoll.toml"), "\nmemory = '8gigs'\n");
    CommandRun run = run();
    assertThat(run.exitCode()).isEqualTo(10);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo(
            """
            error: %s, line 2: invalid value `"8gigs"` for `memory`
              why: must be a size such as `8g` or `512m`, a percentage such as `60%%`, or `auto`
            """
                .formatted(root.resolve("plimsoll.toml")));
  }

  @Test
  void aWrongFlag() throws IOException {
    Files.writeString(root.resolve("plimsoll.toml"), "");
    CommandRun run = run("--engine", "frok");
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err())
        .contains("invalid value `frok` for `--engine`")
        .contains("did you mean `fork`?");
  }

  @ParameterizedTest
  @CsvSource({
    "run, '', -Z, true, false",
    "run, '', --runslow, true, false",
    "run, '', --engin=fork, true, true",
    "diagnose, t.py::t, --lf, true, false",
    "config, '', -x, false, false",
  })
  void anUnknownOptionFollowsTwoDashes(
      String command, String test, String option, boolean passedOn, boolean near) {
    var args = Stream.of(command, test, option).filter(arg -> !arg.isEmpty());
    CommandRun run = CommandRun.of(args.toArray(String[]::new));
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.code());
    String name = "plimsoll " + command;
    String way = "put it after `--`: `" + name + " -- " + option + "`";
    assertThat(run.err().contains(way)).as(run.err()).isEqualTo(passedOn);
    assertThat(run.err().contains("did you mean `--engine`?")).as(run.err()).isEqualTo(near);
    assertThat(run.err()).contains("`" + name + " --help` shows the options");
  }

  @Test
  void keys() {
    assertThat(CommandRun.of("config", "--keys").out())
        .contains("calibrate.levels = [1, 2, 3, 4, 6, 8, 12, 16]\n")
        .contains("[groups.NAME]\n  paths = []\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config", "init", "groups sync", "history", "run"})
  void aFolderThatIsNotThere(String command) {
    var args = new ArrayList<>(List.of(command.split(" ")));
    args.addAll(List.of("--directory", root.resolve("nosuch").toString()));
    CommandRun run = CommandRun.of(args.toArray(String[]::new));
    assertThat(run.err())
        .startsWith("error: the directory does not exist: `" + root.resolve("nosuch") + "`");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(root).isEmptyDirectory();
  }
}
