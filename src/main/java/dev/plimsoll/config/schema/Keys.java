package dev.plimsoll.config.schema;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.Language;
import dev.plimsoll.model.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The table of keys. A new key is one constant here and its name in {@link #ALL}.
public final class Keys {
  public static final Key<String> PYTHON =
      new Key<>(
          "python",
          Types.TEXT,
          "auto",
          "The Python that runs pytest: a path or a name, or `auto` to find the project's.");
  public static final Key<EngineName> ENGINE =
      new Key<>(
          "engine",
          Types.choice(EngineName.class),
          EngineName.AUTO,
          "How pytest runs in parallel: `fork` starts workers as copies of the process that"
              + " collected, `spawn` as processes that collect for themselves, `auto` forks unless"
              + " the project holds something that forked workers cannot share; `xdist` is the"
              + " project's own pytest-xdist.");
  public static final Key<Mode> MODE =
      new Key<>(
          "mode",
          Types.choice(Mode.class),
          Mode.PHASED,
          "`phased` runs the groups one after another, `packed` runs all of them in one pool.");
  public static final Key<Workers> WORKERS =
      new Key<>(
          "workers",
          Types.WORKERS,
          new Workers.Auto(),
          "The maximum number of workers. `auto` uses the number calibrated on this machine, or a"
              + " safe start, which is higher for tests that wait. If you set `auto` explicitly, a"
              + " calibrated number comes before the numbers of groups and stages.");
  public static final Key<MemoryShare> MEMORY =
      new Key<>(
          "memory",
          Types.MEMORY,
          new MemoryShare.Auto(),
          "The memory that a run may use; `auto` is the available memory minus the `reserve`.");
  public static final Key<MemoryShare> RESERVE =
      new Key<>(
          "reserve",
          Types.MEMORY,
          new MemoryShare.Auto(),
          "The memory to leave free for everything else; `auto` is 10 %, at least 512 MiB.");
  public static final Key<MemoryShare> WORKER_GROWTH =
      new Key<>(
          "worker-growth",
          Types.MEMORY,
          new MemoryShare.Auto(),
          "How much more memory a worker may hold after its tests than before its first one"
              + " (leaks). Plimsoll replaces a worker that exceeds it. `auto` is a quarter of the"
              + " worker's share of the budget, at least 128 MiB; a percentage is of the budget.");
  public static final Key<Optional<Duration>> TIMEOUT =
      new Key<>(
          "timeout",
          Types.orNone(Types.DURATION),
          Optional.empty(),
          "The time limit of each test.");
  public static final Key<Integer> RETRIES =
      new Key<>(
          "retries",
          Types.ZERO_OR_MORE,
          0,
          "How often a failed test runs again, alone, at the end of its group. A test that passes"
              + " then is flaky, and does not fail the run.");
  public static final Key<Boolean> FAIL_ON_FLAKY =
      new Key<>(
          "fail-on-flaky",
          Types.SWITCH,
          false,
          "Whether a run fails if a test passed only when it ran again.");
  public static final Key<TestOrder> ORDER =
      new Key<>(
          "order",
          Types.choice(TestOrder.class),
          TestOrder.AUTO,
          "The order of tests inside a group: `longest` expected duration first, by `path`, or"
              + " `failed-first`: the tests that are most likely to fail for the time they take, by"
              + " how their last runs ended. `auto` keeps the order that an option such as `--ff`,"
              + " a plugin or a conftest chose; otherwise it uses the path, but begins tests early"
              + " that would run on at the end while other workers are idle. With `mode ="
              + " \"packed\"` and several workers it begins the longest first.");
  public static final Key<Isolation> ISOLATE =
      new Key<>(
          "isolate",
          Types.choice(Isolation.class),
          Isolation.NONE,
          "What gets a fresh worker process: nothing, each file, or each test.");
  public static final Key<Boolean> REQUIRE_CONTAINMENT =
      new Key<>(
          "require-containment",
          Types.SWITCH,
          false,
          "Whether a run fails if the kernel cannot enforce memory limits on this machine.");
  public static final Key<ProgressUse> TERMINAL_PROGRESS =
      new Key<>(
          "terminal-progress",
          Types.choice(ProgressUse.class),
          ProgressUse.AUTO,
          "Whether the terminal shows the progress in its tab or in the task bar; `auto` does so"
              + " where the terminal is known to support it.");
  public static final Key<List<String>> PYTEST_ARGS =
      new Key<>(
          "pytest-args",
          Types.list(Types.TEXT),
          List.of(),
          "Arguments for every pytest run, before those on the command line.");
  public static final Key<String> GROUPS_FOLDER =
      new Key<>(
          "groups.folder",
          Types.TEXT,
          "config/pytest-groups",
          "The directory of the group lists, relative to the project.");
  public static final Key<List<String>> GROUPS_ORDER =
      new Key<>(
          "groups.order",
          Types.list(Types.TEXT),
          List.of("heavy", "long", "light"),
          "The groups, in the order in which they run and in which Plimsoll applies their rules.");
  public static final Key<List<String>> PREFLIGHT_CONFLICTS =
      new Key<>(
          "preflight.conflicts",
          Types.list(Types.TEXT),
          List.of(
              "ollama",
              "llama-server",
              "vllm",
              "lm-studio",
              "next dev",
              "vite",
              "webpack",
              "uvicorn"),
          "Programs that compete for memory; each entry is part of a command line.");
  public static final Key<ConflictAction> PREFLIGHT_ACTION =
      new Key<>(
          "preflight.action",
          Types.choice(ConflictAction.class),
          ConflictAction.REPORT,
          "What to do about them. `stop` stops only programs in the `conflicts` of your own"
              + " configuration file.");
  public static final Key<Language> APPLY_LANGUAGE =
      new Key<>(
          "apply.language",
          Types.choice(Language.class),
          Language.EN,
          "The language of the section that `plimsoll apply` writes into the README. Only the"
              + " English one explains the choice; `plimsoll report` does too.");
  public static final Key<List<Integer>> CALIBRATE_LEVELS =
      new Key<>(
          "calibrate.levels",
          Types.list(Types.COUNT),
          List.of(1, 2, 3, 4, 6, 8, 12, 16),
          "The numbers of workers to try, in ascending order.");
  public static final Key<Integer> CALIBRATE_RUNS =
      new Key<>(
          "calibrate.runs",
          Types.COUNT,
          3,
          "How many runs in a row must pass before a level counts as stable.");
  public static final Key<Double> CALIBRATE_TOLERANCE =
      new Key<>(
          "calibrate.tolerance",
          Types.PERCENT,
          0.03,
          "Prefer a lower level if its duration is within this percentage of the fastest.");
  public static final Key<Bytes> CALIBRATE_SWAP =
      new Key<>(
          "calibrate.swap",
          Types.SIZE,
          Bytes.mib(256),
          "Reject a level if swap usage grows by more than this.");
  public static final Key<Optional<Duration>> CALIBRATE_BUDGET =
      new Key<>(
          "calibrate.budget",
          Types.orNone(Types.DURATION),
          Optional.empty(),
          "The time limit of a calibration.");

  public static final Key<List<MachineSpec>> SHARDS_MACHINES =
      new Key<>(
          "shards.machines",
          Types.list(MachineSpec.TYPE),
          List.of(),
          "The machines among which `plimsoll plan` divides the suite, one shard each, in the order"
              + " of the shards: count, cores, memory, and how fast they are compared with the"
              + " machine that ran the tests last. Without it, `--shards N` means N machines like"
              + " the one that makes the plan.");

  static final List<Key<?>> ALL =
      List.of(
          PYTHON,
          ENGINE,
          MODE,
          WORKERS,
          MEMORY,
          RESERVE,
          WORKER_GROWTH,
          TIMEOUT,
          RETRIES,
          FAIL_ON_FLAKY,
          ORDER,
          ISOLATE,
          REQUIRE_CONTAINMENT,
          TERMINAL_PROGRESS,
          PYTEST_ARGS,
          GROUPS_FOLDER,
          GROUPS_ORDER,
          PREFLIGHT_CONFLICTS,
          PREFLIGHT_ACTION,
          CALIBRATE_LEVELS,
          CALIBRATE_RUNS,
          CALIBRATE_TOLERANCE,
          CALIBRATE_SWAP,
          CALIBRATE_BUDGET,
          APPLY_LANGUAGE,
          SHARDS_MACHINES);

  private Keys() {}
}
