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
          "A command line for the shell; `{workers}` is the number of workers.");
  public static final Key<String> JUNIT =
      new Key<>(
          "junit",
          Types.TEXT,
          "",
          "The JUnit XML file that `command` writes; without one its exit code tells all.");
  public static final Key<Optional<List<String>>> PLAYWRIGHT =
      new Key<>(
          "playwright",
          Types.orNone(Types.list(Types.TEXT)),
          Optional.empty(),
          "A Playwright selection: what follows `playwright test`; `[]` is the whole suite.");
  public static final Key<Optional<List<String>>> PYTEST =
      new Key<>(
          "pytest",
          Types.orNone(Types.list(Types.TEXT)),
          Optional.empty(),
          "A pytest selection: what follows `pytest`; `[]` is the whole suite.");
  public static final Key<List<String>> NEEDS =
      new Key<>(
          "needs",
          Types.list(Types.TEXT),
          List.of(),
          "The stages that must have succeeded before.");
  public static final Key<Workers> WORKERS =
      new Key<>(
          "workers",
          Types.WORKERS,
          new Workers.Auto(),
          "How many tests of the stage run at once; `auto` is what was measured here.");
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
          "How long no test of a Playwright stage may begin or end before the stage is ended: a"
              + " test that loops without yielding escapes Playwright's own limits.");
  public static final Key<Boolean> SERVER =
      new Key<>(
          "server",
          Types.SWITCH,
          false,
          "Whether the `[server]` must be up; Playwright stages have it unless they say `false`.");
  public static final Key<Boolean> EXCLUSIVE =
      new Key<>(
          "exclusive",
          Types.SWITCH,
          false,
          "Whether no other suite of yours may run on this machine meanwhile; Playwright stages"
              + " have it unless they say `false`.");

  public static final Section SECTION =
      Section.named(
          "stages",
          "A step of the chain that `plimsoll stages run` goes through: one of `command`,"
              + " `playwright` and `pytest`.",
          List.of(
              COMMAND,
              JUNIT,
              PLAYWRIGHT,
              PYTEST,
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
