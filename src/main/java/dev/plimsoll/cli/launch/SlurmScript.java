package dev.plimsoll.cli.launch;

import java.util.List;

/// The script of a job array: one task for each machine.
///
/// @param more options of `sbatch`, one each
record SlurmScript(Launch launch, List<String> more) {
  SlurmScript {
    more = List.copyOf(more);
  }

  /// Its text. The shell becomes Plimsoll, so that the signal before the time limit, which goes to
  /// the shell alone, reaches it.
  String text() {
    var script =
        new StringBuilder(
            """
            #!/bin/sh
            #SBATCH --job-name=plimsoll
            #SBATCH --array=1-%d
            #SBATCH --requeue
            #SBATCH --open-mode=append
            #SBATCH --cpus-per-task=%d
            #SBATCH --mem=%dM
            #SBATCH --signal=B:TERM@60
            """
                .formatted(
                    launch.count(), launch.machine().cores(), launch.machine().memory().toMib()));
    more.forEach(option -> script.append("#SBATCH ").append(option).append('\n'));
    script.append(
        """
        # Not every cluster enforces the memory of a task.
        export PLIMSOLL_MEMORY="${PLIMSOLL_MEMORY:-${SLURM_MEM_PER_NODE}m}"
        exec %s
        """
            .formatted(launch.command("\"$SLURM_ARRAY_TASK_ID\"")));
    return script.toString();
  }
}
