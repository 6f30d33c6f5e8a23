package dev.plimsoll.config.schema;

import dev.plimsoll.model.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The keys of `[groups.NAME]`, with the default rules of the groups heavy and long.
public final class GroupKeys {
  public static final Key<List<String>> PATHS =
      new Key<>(
          "paths",
          Types.list(Types.TEXT),
          List.of(),
          "Globs of test files, relative to the project: `*` matches inside one directory, `**`"
              + " across directories.");
  public static final Key<List<String>> WORDS =
      new Key<>(
          "words",
          Types.list(Types.WORD),
          List.of(),
          "Parts of a test file's name, case-insensitive: `load` matches `test_payload.py` too.");
  public static final Key<List<String>> MARKERS =
      new Key<>(
          "markers",
          Types.list(Types.WORD),
          List.of(),
          "pytest markers: a file belongs to the group if any of its tests has one of them.");
  public static final Key<Workers> WORKERS =
      new Key<>(
          "workers",
          Types.WORKERS,
          new Workers.Auto(),
          "How many tests of the group run at the same time; `auto` uses the number calibrated on"
              + " this machine.");
  public static final Key<String> MEASURED_ON =
      new Key<>(
          "measured-on",
          Types.TEXT,
          "",
          "The machine on which `workers` was measured; `plimsoll apply` writes it. A different"
              + " machine uses its own calibration, or this number with a warning.");
  public static final Key<Optional<Bytes>> MEMORY =
      new Key<>(
          "memory",
          Types.orNone(Types.SIZE),
          Optional.empty(),
          "The memory that each test of the group needs.");
  public static final Key<Map<String, Bytes>> MEMORY_BY_PATH =
      new Key<>(
          "memory-by-path",
          Types.table(Types.SIZE),
          Map.of(),
          "The memory that each test of some files needs: globs as in `paths`, with sizes.");
  public static final Key<Optional<Duration>> TIMEOUT =
      new Key<>(
          "timeout",
          Types.orNone(Types.DURATION),
          Optional.empty(),
          "The time limit of each test of the group, instead of the general `timeout`.");
  public static final Key<Map<String, Duration>> TIMEOUT_BY_PATH =
      new Key<>(
          "timeout-by-path",
          Types.table(Types.DURATION),
          Map.of(),
          "The time limit of each test of some files: globs as in `paths`, with durations.");

  public static final Section SECTION =
      Section.named(
              "groups",
              "A group of test files. A file belongs to the first group in `groups.order` with a"
                  + " matching rule, or else to the last group without rules.",
              List.of(
                  PATHS,
                  WORDS,
                  MARKERS,
                  WORKERS,
                  MEASURED_ON,
                  MEMORY,
                  MEMORY_BY_PATH,
                  TIMEOUT,
                  TIMEOUT_BY_PATH))
          .preset("heavy", PATHS, List.of("tests/perf/**", "**/test_browser*.py"))
          .preset("heavy", MARKERS, List.of("performance"))
          .preset("long", WORDS, List.of("integration", "e2e", "stream", "load", "latency"));

  private GroupKeys() {}
}
