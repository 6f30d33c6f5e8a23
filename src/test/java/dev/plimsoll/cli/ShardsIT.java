package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Shards of a real suite; the first test is the short form of `bin/shards`.
class ShardsIT {
  @TempDir private Path root;

  @Test
  void shardsInAnyOrderGiveTheOutcomesOfSerialPytestAndLossesAreFound() throws Exception {
    String text =
        ProgramRun.check(
            root.resolve("log"),
            "bench/shards/check.py",
            "--runs",
            "1",
            "--reruns",
            "1",
            "--seed",
            "4");
    assertThat(text).contains("6 of 6 losses and differences found");
  }

  /// Two tests, three shards without a plan: one of them has none.
  @Test
  void aShardWithoutTestsIsGreenAndAnArchiveIsReadWhereItIs() throws Exception {
    Files.createDirectories(root.resolve(".git"));
    Files.writeString(root.resolve("test_a.py"), "def test_a(): pass\ndef test_b(): pass\n");
    var counts = new ArrayList<Integer>();
    for (int shard = 1; shard <= 3; shard++) {
      var run = ProgramRun.of(root, Map.of("CI", "true"), "run", "--shard", shard + "/3", "--json");
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.err()).contains("`--plan` is missing");
      counts.add(run.tests().size());
    }
    assertThat(counts).contains(0);
    assertThat(counts.stream().mapToInt(n -> n).sum()).isEqualTo(2);
    pack(root.resolve("plimsoll-shards"), root.resolve("artifacts"));

    var merged = ProgramRun.of(root, "merge", "artifacts", "--shards", "3", "--json");
    assertThat(merged.exitCode()).as(merged.err()).isZero();
    assertThat(merged.tests("outcome").values()).containsExactly("passed", "passed");
    assertThat(root.resolve("escaped.jsonl")).doesNotExist();
    assertThat(root.resolve(".pytest_cache/v/cache/lastfailed")).exists();
    var again = ProgramRun.of(root, "history", "--json");
    assertThat(again.out()).contains("\"run\" : \"merged-");
  }

  /// The records in an archive, beside an entry whose name leads out of the folder.
  private static void pack(Path records, Path into) throws Exception {
    Files.createDirectories(into);
    try (var zip = new ZipOutputStream(Files.newOutputStream(into.resolve("records.zip")));
        var files = Files.list(records)) {
      zip.putNextEntry(new ZipEntry("../../escaped.jsonl"));
      zip.write("{}\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      for (Path file : files.toList()) {
        zip.putNextEntry(new ZipEntry("folder/" + file.getFileName()));
        zip.write(Files.readAllBytes(file));
      }
    }
  }

  /// The commands of the documented recipes, in a shell with the variables of their systems.
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"GitHub Actions", "GitLab"})
  void theRecipesRun(String system) throws Exception {
    Files.createDirectories(root.resolve(".git"));
    Files.writeString(
        root.resolve("test_a.py"),
        "import pytest\n@pytest.mark.parametrize('x', range(12))\ndef test_a(x): pass\n");
    List<String> commands = commands(system);
    assertThat(commands).hasSize(3);
    shell(commands.getFirst(), "0");
    for (int shard = 1; shard <= 4; shard++) {
      shell(commands.get(1), "" + shard);
    }
    if (commands.getLast().contains("records")) {
      Path records = Files.createDirectories(root.resolve("records"));
      Files.move(root.resolve("plimsoll-shards"), records.resolve("artifact"));
    }
    shell(commands.getLast(), "0");
    assertThat(root.resolve("report.xml")).content().contains("tests=\"12\"", "failures=\"0\"");
  }

  /// What `launch slurm` prints, with the variables that Slurm sets; `bin/cluster` has the rest.
  @Test
  void theTasksOfAnArrayAreTheShards() throws Exception {
    Files.createDirectories(root.resolve(".git"));
    Files.writeString(
        root.resolve("test_a.py"),
        "import pytest\n@pytest.mark.parametrize('x', range(12))\ndef test_a(x): pass\n");
    shell("plimsoll plan --shards 3 --output plan.json", "0");
    var printed = ProgramRun.of(root, "launch", "slurm", "--plan", "plan.json", "--", "-v");
    assertThat(printed.exitCode()).as(printed.err()).isZero();
    for (int task = 1; task <= 3; task++) {
      shell(printed.out(), "" + task);
      assertThat(root.resolve("shell.log")).content().contains("of 4.0 GiB");
    }
    var merged = ProgramRun.of(root, "merge", "plimsoll-shards", "--plan", "plan.json", "--json");
    assertThat(merged.exitCode()).as(merged.err()).isZero();
    assertThat(merged.tests()).hasSize(12);
    var unknown =
        ProgramRun.of(
            root, Map.of("PATH", "/nowhere"), "launch", "slurm", "--plan", "plan.json", "--submit");
    assertThat(unknown.exitCode()).isEqualTo(12);
    assertThat(unknown.err()).contains("`sbatch` did not submit the job");
  }

  /// The command of a pod, as Kubernetes gives it to the shell; its indexes begin with 0.
  @Test
  void thePodOfAnIndexRunsItsShard() throws Exception {
    Files.createDirectories(root.resolve(".git"));
    Files.writeString(root.resolve("test_a.py"), "def test_a(): pass\ndef test_b(): pass\n");
    shell("plimsoll plan --shards 3 --output plan.json", "0");
    var printed =
        ProgramRun.of(
            root, "launch kubernetes --image suite --plan plan.json --claim c".split(" "));
    assertThat(printed.exitCode()).as(printed.err()).isZero();
    String line = printed.out().lines().filter(text -> text.contains("exec ")).findFirst().get();
    String command = line.strip().replaceFirst("^- \"", "").replaceFirst("\"$", "");
    shell(command.replace("$$(", "$(").replace("/plimsoll/", root + "/"), "2");
    try (var records = Files.list(root.resolve("records"))) {
      assertThat(records.map(file -> file.getFileName().toString()))
          .singleElement()
          .asString()
          .startsWith("shard-3-of-3");
    }
  }

  private static List<String> commands(String system) throws Exception {
    String page = Files.readString(Path.of("docs/several-machines.md"));
    String recipe = page.split("\n## " + system + "\n", 2)[1].split("\n## ", 2)[0];
    return recipe
        .lines()
        .map(String::strip)
        .filter(line -> line.matches("- (run: )?plimsoll .*"))
        .map(line -> line.replaceFirst("- (run: )?", ""))
        .toList();
  }

  private void shell(String command, String shard) throws Exception {
    String program = "'" + String.join("' '", ProgramRun.command()) + "'";
    Path folder = Files.createDirectories(root.resolve(".bin"));
    Path bin = folder.resolve("plimsoll");
    Files.writeString(bin, "#!/bin/sh\nexec " + program + " \"$@\"\n");
    assertThat(bin.toFile().setExecutable(true)).isTrue();
    var builder = new ProcessBuilder("sh", "-ec", command).directory(root.toFile());
    builder.environment().merge("PATH", folder.toString(), (path, own) -> own + ":" + path);
    builder
        .environment()
        .putAll(
            Map.of(
                "CI", "true", "SHARD", shard + "/4", "CI_NODE_INDEX", shard, "CI_NODE_TOTAL", "4"));
    builder
        .environment()
        .putAll(
            Map.of(
                "SLURM_ARRAY_TASK_ID", shard,
                "SLURM_MEM_PER_NODE", "4096",
                "JOB_COMPLETION_INDEX", shard));
    builder.environment().remove("GITHUB_ACTIONS");
    Path log = root.resolve("shell.log");
    int status = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
    assertThat(status).as(command + "\n" + Files.readString(log)).isZero();
  }

  @Test
  void whatCannotBeAShardIsRefused() {
    assertThat(TestingCli.run("run", "-C", root, "--shard", "4/3").exitCode()).isEqualTo(4);
    assertThat(TestingCli.run("run", "-C", root, "--plan", "plan.json").exitCode()).isEqualTo(4);
    assertThat(TestingCli.run("run", "-C", root, "--shard", "1/2", "--all").exitCode())
        .isEqualTo(4);
    assertThat(TestingCli.run("merge", "-C", root, "nowhere", "--shards", "2").exitCode())
        .isEqualTo(4);
    assertThat(TestingCli.run("plan", "-C", root, "--machine", "big").exitCode()).isEqualTo(4);
  }
}
