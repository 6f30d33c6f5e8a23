package dev.plimsoll.cli.run;

import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.history.WorkerSequence;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// What `run --replay RUN:WORKER` runs: the tests of one worker of a recorded run, in its order.
///
/// @param tests node ids
/// @param files their files, in the order of their first tests
/// @param repeated attempts that are left out, as each test runs once
record Replay(List<String> tests, List<String> files, int repeated) {
  /// @param wanted the argument of the option
  /// @throws UserError when no such sequence is recorded
  static Replay of(String wanted, Path root, HistoryStore store) {
    int colon = wanted.lastIndexOf(':');
    if (colon <= 0 || colon == wanted.length() - 1) {
      throw new UserError(
          "`--replay " + wanted + "` cannot be used",
          "it must name a run and one of its workers, such as `RUN:gw2`",
          "`plimsoll history` lists the runs",
          ExitCode.USAGE);
    }
    String run = wanted.substring(0, colon);
    WorkerSequence recorded = store.sequence(run, wanted.substring(colon + 1));
    if (recorded.workers().isEmpty()) {
      throw new UserError(
          "there is no recorded run `" + run + "` with tests that ran",
          "it was not recorded in this project, or it was old and has been deleted",
          "`plimsoll history` lists the runs",
          ExitCode.USAGE);
    }
    if (recorded.attempts().isEmpty()) {
      throw new UserError(
          "run `" + run + "` has no worker `" + wanted.substring(colon + 1) + "`",
          "its workers are "
              + recorded.workers().stream().sorted().collect(Collectors.joining(", ")),
          "",
          ExitCode.USAGE);
    }
    List<WorkerSequence.Ran> tests = recorded.tests();
    return new Replay(
        tests.stream().map(WorkerSequence.Ran::id).toList(),
        tests.stream().map(test -> file(root, test.path())).distinct().toList(),
        recorded.attempts().size() - tests.size());
  }

  private static String file(Path root, String path) {
    Path file = root.resolve(path);
    return Files.exists(file) ? file.toString() : path;
  }

  /// What the user should know before it begins.
  String words() {
    return "replay: %d tests in one worker, in the recorded order%s"
        .formatted(
            tests.size(),
            repeated == 0 ? "" : "; later attempts of the same test are left out: " + repeated);
  }
}
