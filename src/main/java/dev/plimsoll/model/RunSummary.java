package dev.plimsoll.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A finished run: what history keeps, reports show and calibration judges.
///
/// @param id run id, unique on this machine
/// @param command what was run, for people: the arguments of `plimsoll`
/// @param engine `fork`, `spawn`, `xdist`, `playwright` or `command`; `stages` for several of them
/// @param mode `phased` or `packed`
/// @param workers worker count of each group, in the order they ran
/// @param duration wall-clock time of the whole run
/// @param results one for each collected test
/// @param peak peak memory of the run's processes together
/// @param source how `peak` was taken
/// @param machinePeak highest use of the whole machine's memory during the run
/// @param swapBefore swap in use when the run began
/// @param evidence lines that prove or suggest OOM or SIGKILL (kernel log, counters), empty in a
///   clean run
/// @param interrupted why it ended before its end, empty when it did not
/// @param exitCode what the program ends with
/// @param parts the stages of a chain in their order, and the server under test; empty for others
/// @param kept files that were kept for failures, relative to the project: screenshots, traces
/// @param also what pytest and its plugins count beside the outcomes, such as warnings; not
///   recorded
/// @param unlisted one line for each group with test files that ran and are in no group list; not
///   recorded
public record RunSummary(
    String id,
    String command,
    String engine,
    String mode,
    Map<String, Integer> workers,
    Machine machine,
    Instant start,
    Duration duration,
    List<TestResult> results,
    Bytes peak,
    PeakSource source,
    Bytes machinePeak,
    Bytes budget,
    Bytes swapBefore,
    RamAfter after,
    List<String> evidence,
    String interrupted,
    int exitCode,
    List<Part> parts,
    List<String> kept,
    Map<String, Integer> also,
    List<String> unlisted) {
  public RunSummary {
    unlisted = List.copyOf(unlisted);
    workers = Collections.unmodifiableMap(new LinkedHashMap<>(workers));
    results = List.copyOf(results);
    evidence = List.copyOf(evidence);
    parts = List.copyOf(parts);
    kept = List.copyOf(kept);
    also = Collections.unmodifiableMap(new LinkedHashMap<>(also));
  }

  /// What the user typed: `pytest --plimsoll` starts `plimsoll run` with pytest's words after `--`.
  public String commandLine() {
    int words = command.indexOf(" -- ");
    return command.startsWith("run --pytest-output ") && words >= 0
        ? "pytest " + command.substring(words + " -- ".length())
        : "plimsoll " + command;
  }

  /// A run without parts that kept no files.
  public RunSummary(
      String id,
      String command,
      String engine,
      String mode,
      Map<String, Integer> workers,
      Machine machine,
      Instant start,
      Duration duration,
      List<TestResult> results,
      Bytes peak,
      PeakSource source,
      Bytes machinePeak,
      Bytes budget,
      Bytes swapBefore,
      RamAfter after,
      List<String> evidence,
      String interrupted,
      int exitCode) {
    this(
        id,
        command,
        engine,
        mode,
        workers,
        machine,
        start,
        duration,
        results,
        peak,
        source,
        machinePeak,
        budget,
        swapBefore,
        after,
        evidence,
        interrupted,
        exitCode,
        List.of(),
        List.of(),
        Map.of(),
        List.of());
  }

  /// How many workers could run tests of a group at once: in a packed run all groups share them.
  public int workersOf(String group) {
    return workersOf(group, workers, mode);
  }

  /// The same of a run of which only this is known.
  ///
  /// @param workers those of each group
  /// @param mode the word of its {@link Mode}
  public static int workersOf(String group, Map<String, Integer> workers, String mode) {
    int most = workers.values().stream().mapToInt(count -> count).max().orElse(1);
    return mode.equals(Mode.PACKED.word()) ? most : workers.getOrDefault(group, most);
  }

  /// The same run with these parts and kept files.
  public RunSummary with(List<Part> ownParts, List<String> ownKept) {
    return with(ownParts, ownKept, also, unlisted, exitCode);
  }

  /// The same run with these counts beside the outcomes.
  public RunSummary withAlso(Map<String, Integer> counts) {
    return with(parts, kept, counts, unlisted, exitCode);
  }

  /// The same run with these lines on files that are in no group list.
  public RunSummary withUnlisted(List<String> lines) {
    return with(parts, kept, also, lines, exitCode);
  }

  /// The same run with another exit code: that of a larger run which it is a part of.
  public RunSummary withExitCode(int code) {
    return with(parts, kept, also, unlisted, code);
  }

  private RunSummary with(
      List<Part> ownParts,
      List<String> ownKept,
      Map<String, Integer> counts,
      List<String> lines,
      int code) {
    return new RunSummary(
        id,
        command,
        engine,
        mode,
        workers,
        machine,
        start,
        duration,
        results,
        peak,
        source,
        machinePeak,
        budget,
        swapBefore,
        after,
        evidence,
        interrupted,
        code,
        ownParts,
        ownKept,
        counts,
        lines);
  }

  /// Whether nothing was to run: the runner was asked to show its tests, or its options.
  public boolean showsOnly() {
    return exitCode == ExitCode.OK.code()
        && results.stream().allMatch(result -> result.outcome() == Outcome.NOT_RUN);
  }

  /// How many tests ended in each outcome; every outcome has a key.
  public Map<Outcome, Integer> counts() {
    var counts = new EnumMap<Outcome, Integer>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      counts.put(outcome, 0);
    }
    results.forEach(result -> counts.merge(result.outcome(), 1, Integer::sum));
    return counts;
  }
}
