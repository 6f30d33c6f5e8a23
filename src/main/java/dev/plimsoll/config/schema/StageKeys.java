package dev.plimsoll.config.schema;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The keys of `[stages.NAME]`: the steps of a chain. Each has one of `command`, `playwright` and
/// `pytest`.
public final class StageKeys {
  public static final Key<String> COMMAND =
      new Key<>(
          "command",
          Types.TEXT,
          "",
          "A shell command; `{workers}` is replaced by the number of workers.");
  public static final Key<String> JUNIT =
      new Key<>(
          "junit",
          Types.TEXT,
          "",
          "The JUnit XML file that `command` writes; without it, only the exit code counts.");
  public static final Key<Optional<List<String>>> PLAYWRIGHT =
      new Key<>(
          "playwright",
          Types.orNone(Types.list(Types.TEXT)),
          Optional.empty(),
          "A Playwright selection: the arguments of `playwright test`; `[]` is the whole suite.");
  public static final Key<Optional<List<String>>> PYTEST =
      new Key<>(
          "pytest",
          Types.orNone(Types.list(Types.TEXT)),
          Optional.empty(),
          "A pytest selection: the arguments of `pytest`; `[]` is the whole suite.");
  public static final Key<String> FOLDER =
      new Key<>(
          "folder",
          Types.TEXT,
          "",
          "The directory in which the stage runs, relative to the project; paths in its arguments"
              + " start there.");
  public static final Key<List<String>> NEEDS =
      new Key<>(
          "needs",
          Types.list(Types.TEXT),
          List.of(),
          "The stages that must succeed before this one starts.");
  public static final Key<Workers> WORKERS =
      new Key<>(
          "workers",
          Types.WORKERS,
          new Workers.Auto(),
          "How many tests of the stage run at the same time; `auto` uses the number calibrated on"
              + " this machine.");
  public static final Key<String> MEASURED_ON =
      new Key<>("measured-on", Types.TEXT, "", GroupKeys.MEASURED_ON.doc());
  public static final Key<Map<String, String>> ENV =
      new Key<>("env", Types.table(Types.TEXT), Map.of(), "Environment variables of the stage.");
  public static final Key<Optional<Duration>> TIMEOUT =
      new Key<>(
          "timeout",
          Types.orNone(Types.DURATION),
          Optional.empty(),
          "The time limit of the whole stage.");
  public static final Key<Optional<Duration>> STALL =
      new Key<>(
          "stall",
          Types.orNone(Types.DURATION),
          Optional.of(Duration.ofMinutes(10)),
          "Stop a Playwright stage if no test starts or ends for this long. Playwright's own time"
              + " limits cannot stop a test that loops without yielding.");
  public static final Key<Boolean> SERVER =
      new Key<>(
          "server",
          Types.SWITCH,
          false,
          "Whether the stage needs the `[server]`; the default for Playwright stages is `true`.");
  public static final Key<Boolean> EXCLUSIVE =
      new Key<>(
          "exclusive",
          Types.SWITCH,
          false,
          "Whether to run only while none of your other suites runs on this machine; the default"
              + " for Playwright stages is `true`.");

  public static final Section SECTION =
      Section.named(
          "stages",
          "A stage of the chain that `plimsoll stages run` runs. Set one of `command`, `playwright`"
              + " and `pytest`.",
          List.of(
              COMMAND,
              JUNIT,
              PLAYWRIGHT,
              PYTEST,
              FOLDER,
              NEEDS,
              WORKERS,
              MEASURED_ON,
              ENV,
              TIMEOUT,
              STALL,
              SERVER,
              EXCLUSIVE));

  private StageKeys() {}
}
