package dev.plimsoll.cli.launch;

import dev.plimsoll.report.ShellWord;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The script of a job array: one task for each machine.
///
/// @param more options of `sbatch`, one each
/// @param shared folder on a disk of all nodes where the first task keeps a store, null when the
///   machines need none or have one
record SlurmScript(Launch launch, List<String> more, @Nullable Path shared) {
  /// What follows the options where the first task has the store. A store that Slurm starts again
  /// works on a copy: the one before may still run on a node that was cut off.
  private static final String WITH_STORE =
      """
      umask 077
      run={folder}/plimsoll-$SLURM_ARRAY_JOB_ID
      export PLIMSOLL_BOARD_PASSWORD_FILE="$run/password"

      # Slurm sends the signal before the time limit to this shell alone.
      stopped= child=
      trap 'stopped=1; [ -z "$child" ] || kill -TERM "$child"' TERM
      attended() {
        "$@" &
        child=$! status=0
        wait "$child" || status=$?
        while kill -0 "$child" 2>/dev/null; do
          wait "$child" || status=$?
        done
        child=
        return $status
      }

      # The run is over for all tasks when this file exists.
      over() {
        echo "$1" > "$run/exit.new" && mv "$run/exit.new" "$run/exit"
      }

      store=
      if [ "$SLURM_ARRAY_TASK_ID" = 1 ] && [ ! -f "$run/exit" ]; then
        mkdir -p "$run"
        if [ ! -f "$run/password" ]; then
          od -An -N24 -tx1 /dev/urandom | tr -d ' \\n' > "$run/password.new"
          mv "$run/password.new" "$run/password"
        fi
        server=$(command -v valkey-server || command -v redis-server) || {
          echo "plimsoll: task 1 found neither valkey-server nor redis-server on its node" >&2
          over 12
          exit 12
        }
        data="$run/store-${SLURM_RESTART_COUNT:-0}"
        if [ ! -d "$data" ]; then
          before=$(ls -dt "$run"/store-* 2>/dev/null | head -n 1)
          mkdir "$data"
          [ -z "$before" ] || cp -R "$before/." "$data"
        fi
        host=$(scontrol show node "$SLURMD_NODENAME" 2>/dev/null | sed -n 's/.*NodeAddr=\\([^ ]*\\).*/\\1/p')
        for try in 0 1 2 3 4; do
          port=$((20000 + (SLURM_ARRAY_JOB_ID + 7 * try) % 20000))
          {
            printf 'port %s\\nrequirepass %s\\n' "$port" "$(cat "$run/password")"
            printf 'dir "%s"\\nappendonly yes\\nsave ""\\nmaxmemory-policy noeviction\\n' "$data"
          } > "$data/conf"
          rm -f "$data/log"
          "$server" "$data/conf" > "$data/log" 2>&1 &
          store=$!
          while kill -0 "$store" 2>/dev/null && ! grep -qs "Ready to accept connections" "$data/log"; do
            sleep 1
          done
          if kill -0 "$store" 2>/dev/null; then
            break
          fi
          store=
        done
        if [ -z "$store" ]; then
          cat "$data/log" >&2
          over 12
          exit 12
        fi
        echo "redis://${host:-$(hostname)}:$port/run-$SLURM_ARRAY_JOB_ID ${SLURM_RESTART_COUNT:-0}" > "$run/board.new"
        mv "$run/board.new" "$run/board"
      fi

      # Wait for the store, and for the next one if it is lost.
      used=
      while :; do
        waited=0
        until [ -f "$run/exit" ] || [ "$(cat "$run/board" 2>/dev/null)" != "$used" ]; do
          if [ -n "$stopped" ] || { [ -n "$used" ] && [ "$waited" -ge 900 ]; }; then
            exit 3
          fi
          sleep 1
          waited=$((waited + 1))
        done
        if [ -f "$run/exit" ]; then
          exit "$(cat "$run/exit")"
        fi
        used=$(cat "$run/board")
        board=${used%% *}
        attended {join}
        status=$?
        if [ "$status" != 3 ] || [ -n "$stopped" ] || [ -n "$store" ]; then
          break
        fi
      done
      if [ -z "$store" ]; then
        exit "$status"
      fi

      # The store ends with the run: when no machine takes part.
      while [ -z "$stopped" ] && plimsoll board status "$board" --json | grep -qE '"state" : "(joined|away)"'; do
        sleep 2
      done
      plimsoll finish "$board" --json > "$run/report.json" 2> /dev/null
      plimsoll finish "$board" --junit "$run/report.xml"
      status=$?
      if [ -z "$stopped" ]; then
        over "$status"
        sleep 10
      fi
      kill "$store"
      wait "$store"
      exit "$status"
      """;

  SlurmScript {
    more = List.copyOf(more);
  }

  /// Its text. Without a store the shell becomes Plimsoll, so that the signal before the time
  /// limit, which goes to the shell alone, reaches it.
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
        """);
    Path folder = shared;
    return script
        .append(
            folder == null
                ? "exec %s\n".formatted(launch.command("\"$SLURM_ARRAY_TASK_ID\""))
                : WITH_STORE
                    .replace("{folder}", ShellWord.quoted(folder.toString()))
                    .replace("{join}", launch.joining("\"$board\"")))
        .toString();
  }
}
