package dev.plimsoll.history;

import dev.plimsoll.estimate.ClassSamples;
import dev.plimsoll.estimate.GroupTimes;
import dev.plimsoll.estimate.Sample;
import dev.plimsoll.estimate.TestCost;
import dev.plimsoll.learn.BesideOthers;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The recorded runs of one project, in `.plimsoll/history.db`.
///
/// Nothing is opened before the first call, and reading never makes a file. Safe for several
/// threads and several processes.
public final class HistoryStore implements AutoCloseable {
  /// The folder under the project root.
  public static final String FOLDER = ".plimsoll";

  private final Database database;
  private final Path root;
  private final Path file;

  /// @param warning receives warnings for the user, such as a damaged file that was moved aside
  public HistoryStore(Path root, InstantSource clock, Consumer<String> warning) {
    this.root = root;
    this.file = root.resolve(FOLDER).resolve("history.db");
    this.database = new Database(root.resolve(FOLDER), clock, warning);
  }

  /// What the last attempts of every test took on machines of the same class as this one, by test
  /// id, the newest first; at most {@value Reading#ESTIMATED} each. Tests that no such machine ran
  /// have the samples of another class, with the times scaled by {@link ClassSamples}.
  public synchronized Map<String, List<Sample>> samples(Machine machine) {
    return read(Map.of(), connection -> new Reading(connection).samples(machine));
  }

  /// What every test costs, for a plan over several machines; the tests in the order in which they
  /// were recorded first.
  public synchronized List<TestCost> costs() {
    return read(List.of(), connection -> new Reading(connection).costs());
  }

  /// The same, with all the attempts that are kept, for a report: {@value Writing#SAMPLES} each.
  public synchronized Map<String, List<Sample>> past(Machine machine) {
    return read(Map.of(), connection -> new Reading(connection, Writing.SAMPLES).samples(machine));
  }

  /// What the tests of each group took when they ran last, on machines of the same class as this
  /// one; by the name of the group.
  public synchronized Map<String, GroupTimes> groupTimes(Machine machine) {
    return read(Map.of(), connection -> new Reading(connection).groupTimes(machine));
  }

  /// The newest runs, the newest first.
  public synchronized List<RunLine> runs(int limit) {
    return read(List.of(), connection -> new Reading(connection).runs(limit));
  }

  /// The newest runs that were no trials of a calibration, the newest first.
  public synchronized List<RunLine> ownRuns(int limit) {
    return read(List.of(), connection -> new Reading(connection).ownRuns(limit));
  }

  public synchronized Optional<RunSummary> run(String id) {
    return read(Optional.empty(), connection -> new Reading(connection).run(id));
  }

  /// What a worker of a run did, in order; nothing where that is not recorded.
  public synchronized WorkerSequence sequence(String run, String worker) {
    return read(
        new WorkerSequence(List.of(), List.of()),
        connection -> new Reading(connection).sequence(run, worker));
  }

  /// Recorded tests whose node id begins with this text, at most so many.
  public synchronized List<String> testIds(String prefix, int limit) {
    return read(List.of(), connection -> new Reading(connection).testIds(prefix, limit));
  }

  /// The newest run in which a test failed.
  public synchronized Optional<RunSummary> lastFailure(String test) {
    return read(
        Optional.empty(),
        connection -> {
          var reading = new Reading(connection);
          Optional<String> run = reading.lastFailure(test);
          return run.isPresent() ? reading.run(run.get()) : Optional.empty();
        });
  }

  public synchronized List<TestLine> tests(TestSorting order, int limit) {
    return read(List.of(), connection -> new Reading(connection).tests(order, limit));
  }

  /// The tests whose outcome changed between runs of the same code, those that failed most often
  /// first.
  public synchronized List<FlakyTest> flaky(int limit) {
    return read(List.of(), connection -> new Flakiness(connection).tests(limit));
  }

  /// The runs of the same code, the newest first, also those that did not finish.
  ///
  /// @param code what {@link CodeState#of} says of it
  public synchronized List<RunSummary> runsOf(String code) {
    return code.isEmpty()
        ? List.of()
        : read(List.of(), connection -> new Reading(connection).runsOf(code));
  }

  /// What became of a test in all runs of the code that this run ran, itself included.
  public synchronized List<BesideOthers.Ran> sameCode(String run, String test) {
    return read(List.of(), connection -> new Reading(connection).sameCode(run, test));
  }

  /// The newest run that was no trial of a calibration.
  public synchronized Optional<RunSummary> newestOwn() {
    return read(Optional.empty(), connection -> new Reading(connection).newestOwn());
  }

  private <T> T read(T nothing, Database.Work<T> work) {
    try {
      return database.exists() ? database.use(work) : nothing;
    } catch (SQLException | IOException e) {
      throw new UserError(
          "the history `" + file + "` cannot be read",
          String.valueOf(e.getMessage()),
          "make it and its directory writable, or move it away to start a new history",
          ExitCode.INTERNAL_ERROR);
    }
  }

  /// Say of a recorded run what code it ran, and whether it was a trial of a calibration.
  synchronized void label(String run, String code, boolean trial) throws SQLException, IOException {
    database.change(connection -> {
      try (var writing = new Writing(connection)) {
        writing.label(run, code, trial);
      }
      return true;
    });
  }

  /// The state of the code now.
  String code() {
    return CodeState.of(root);
  }

  /// Record a run that goes on, with the results so far.
  synchronized void recordPart(RunSummary run, Collection<TestResult> results)
      throws SQLException, IOException {
    write(run, false, results);
  }

  /// Record a finished run, with the results that changed since the last part, and forget all but
  /// the newest `keep` runs.
  synchronized void recordEnd(RunSummary run, Collection<TestResult> changed, int keep)
      throws SQLException, IOException {
    write(run, true, changed);
    database.change(connection -> {
      try (var writing = new Writing(connection)) {
        writing.prune(keep, run.start());
      }
      return true;
    });
  }

  private void write(RunSummary run, boolean finished, Collection<TestResult> results)
      throws SQLException, IOException {
    database.change(connection -> {
      try (var writing = new Writing(connection)) {
        writing.run(run, finished);
        writing.results(run.id(), results);
      }
      return true;
    });
  }

  @Override
  public synchronized void close() {
    try {
      database.close();
    } catch (SQLException e) {
      // What was committed is safe, and nothing else is lost.
    }
  }
}
