package dev.plimsoll.config.schema;

import dev.plimsoll.model.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The keys of `[groups.NAME]`. The defaults of heavy, long and light are those of R7.
public final class GroupKeys {
  public static final Key<List<String>> PATHS =
      new Key<>(
          "paths",
          Types.list(Types.TEXT),
          List.of(),
          "Globs of test files, relative to the project: `*` stays inside a folder, `**` does not.");
  public static final Key<List<String>> WORDS =
      new Key<>(
          "words",
          Types.list(Types.WORD),
          List.of(),
          "Parts of a test file's name, in any case: `load` takes `test_payload.py` too.");
  public static final Key<List<String>> MARKERS =
      new Key<>(
          "markers",
          Types.list(Types.WORD),
          List.of(),
          "pytest markers: a file with one of them anywhere belongs to the group.");
  public static final Key<Workers> WORKERS =
      new Key<>(
          "workers",
          Types.WORKERS,
          new Workers.Auto(),
          "How many tests of the group run at once; `auto` is what was measured here.");
  public static final Key<String> MEASURED_ON =
      new Key<>(
          "measured-on",
          Types.TEXT,
          "",
          "The machine that `workers` was measured on, as `plimsoll apply` writes it: another one"
              + " takes what was measured on itself, or this number with a warning.");
  public static final Key<Optional<Bytes>> MEMORY =
      new Key<>(
          "memory",
          Types.orNone(Types.SIZE),
          Optional.empty(),
          "The memory that each test of the group is said to need.");
  public static final Key<Map<String, Bytes>> MEMORY_BY_PATH =
      new Key<>(
          "memory-by-path",
          Types.table(Types.SIZE),
          Map.of(),
          "The same for some files only: globs as in `paths` and sizes.");
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
          "The same for some files only: globs as in `paths` and times.");

  public static final Section SECTION =
      Section.named(
              "groups",
              "A group of test files. The first group of `groups.order` with a rule that fits takes"
                  + " a file; the last one without rules takes the rest.",
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
