package dev.plimsoll.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.cli.TestingCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `launch` prints; `bin/cluster` runs it on a real Slurm.
class LaunchCommandTest {
  private static final String BOARD = "rediss://store.example/run-4711";

  @TempDir private Path root;

  @BeforeEach
  void project() throws IOException {
    Files.createDirectory(root.resolve(".git"));
  }

  private TestingCli launch(String system, String... more) {
    var words = new java.util.ArrayList<Object>(java.util.List.of("launch", system, "-C", root));
    words.addAll(java.util.List.of(more));
    return TestingCli.run(words.toArray());
  }

  @Test
  void aTaskOfTheArrayIsAMachineOfTheBoard() {
    var run =
        launch(
            "slurm",
            "-N",
            "8",
            "--machine",
            "4c 15g",
            "--join",
            BOARD,
            "--sbatch=--time=30",
            "--",
            "-k",
            "a or $b",
            "it's");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
            #!/bin/sh
            #SBATCH --job-name=plimsoll
            #SBATCH --array=1-8
            #SBATCH --requeue
            #SBATCH --open-mode=append
            #SBATCH --cpus-per-task=4
            #SBATCH --mem=15360M
            #SBATCH --signal=B:TERM@60
            #SBATCH --time=30
            # Not every cluster enforces the memory of a task.
            export PLIMSOLL_MEMORY="${PLIMSOLL_MEMORY:-${SLURM_MEM_PER_NODE}m}"
            exec plimsoll run --join rediss://store.example/run-4711 -k 'a or $b' 'it'\\''s'
            """);
    assertThat(run.err()).contains("plimsoll finish " + BOARD);
  }

  @Test
  void aTaskOfTheArrayIsAShardAlsoWhenItRunsAgain() {
    plan("3");
    var run = launch("slurm", "--machine", "4c 15g", "--plan", "plan.json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("--array=1-3\n")
        .endsWith("exec plimsoll run --shard \"$SLURM_ARRAY_TASK_ID\"/3 --plan plan.json\n");
    assertThat(run.err()).contains("plimsoll merge plimsoll-shards --plan plan.json");
  }

  private void plan(String shards) {
    var made = TestingCli.run("plan", "-C", root, "--shards", shards, "--output", "plan.json");
    assertThat(made.exitCode()).as(made.err()).isZero();
  }

  @Test
  void theFirstTaskOfTheArrayKeepsTheStore() throws Exception {
    var run =
        launch("slurm", "-N", "2", "--machine", "4c 15g", "--shared", "a disk", "--", "-k", "a b");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("run='" + root.resolve("a disk") + "'/plimsoll-$SLURM_ARRAY_JOB_ID\n")
        .contains("attended plimsoll run --join \"$board\" -k 'a b'\n");
    assertThat(run.err()).contains("task 1 reports the run");
    Path script = Files.writeString(root.resolve("script"), run.out());
    assertThat(new ProcessBuilder("sh", "-n", script.toString()).start().waitFor()).isZero();
    assertThat(launch("slurm", "-N", "2", "--shared", "d", "--join", BOARD).exitCode())
        .isEqualTo(4);
  }

  @Test
  void theConfigurationSaysWhatMachinesThereAre() throws IOException {
    Files.writeString(root.resolve("plimsoll.toml"), "[shards]\nmachines = [\"5x 2c 1536m\"]\n");
    assertThat(launch("slurm", "--join", BOARD).out())
        .contains("--array=1-5\n", "--cpus-per-task=2\n", "--mem=1536M\n");
    assertThat(launch("slurm", "--join", BOARD, "-N", "2").out())
        .contains("--array=1-2\n", "--cpus-per-task=2\n", "--mem=1536M\n");
  }

  @Test
  void whatCannotBeLaunchedIsRefused() throws IOException {
    assertThat(launch("slurm", "-N", "2").err()).contains("nobody knows what the machines run");
    assertThat(launch("slurm", "--join", BOARD).err()).contains("the number of machines");
    assertThat(launch("slurm", "-N", "2", "--join", "store").exitCode()).isEqualTo(4);
    plan("3");
    assertThat(launch("slurm", "-N", "2", "--plan", "plan.json").err())
        .contains("does not fit the plan");
    Files.writeString(
        root.resolve("plimsoll.toml"), "[shards]\nmachines = [\"1x 2c 4g\", \"1x 4c 4g\"]\n");
    assertThat(launch("slurm", "--join", BOARD).err()).contains("the machines differ");
  }
}
