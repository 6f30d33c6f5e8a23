package dev.plimsoll.history;

import dev.plimsoll.estimate.ClassSamples;
import dev.plimsoll.estimate.Estimate;
import dev.plimsoll.estimate.Estimator;
import dev.plimsoll.estimate.GroupTimes;
import dev.plimsoll.estimate.Sample;
import dev.plimsoll.estimate.TestCost;
import dev.plimsoll.learn.BesideOthers;
import dev.plimsoll.model.Attempt;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Conditions;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The questions that are asked of the history.
final class Reading {
  /// Classes that lend samples to one that lacks them: more would cost time at each start.
  private static final int OTHER_CLASSES = 3;

  private static final String RUNS =
      """
      select run.*, machine.name as machine_name, cores, memory, kind, cpu
        from run join machine on machine.id = run.machine
      """;

  /// So many samples of a test say what it will take; all that are kept would be held in memory for
  /// each test.
  static final int ESTIMATED = 20;

  private final Connection connection;
  private final int most;

  Reading(Connection connection) {
    this(connection, ESTIMATED);
  }

  /// @param samples the most samples to read of a test
  Reading(Connection connection, int samples) {
    this.connection = connection;
    this.most = samples;
  }

  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> list(String sql, Row<T> row, Object... values) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      Rows.set(statement, values);
      try (var rows = statement.executeQuery()) {
        var list = new ArrayList<T>();
        while (rows.next()) {
          list.add(row.read(rows));
        }
        return list;
      }
    }
  }

  List<RunLine> runs(int limit) throws SQLException {
    return list(RUNS + " order by run.id desc limit ?", this::line, limit);
  }

  List<RunLine> ownRuns(int limit) throws SQLException {
    return list(RUNS + " where run.trial = 0 order by run.id desc limit ?", this::line, limit);
  }

  private RunLine line(ResultSet row) throws SQLException {
    return new RunLine(
        row.getString("name"),
        Rows.instant(row.getLong("start")),
        Rows.duration(row.getLong("duration")),
        row.getInt("finished") == 1,
        row.getString("command"),
        row.getString("engine"),
        row.getString("mode"),
        Rows.numbers(row.getString("workers")),
        Rows.machine(row),
        counts(row.getLong("id")),
        Rows.bytes(row, "peak"),
        PeakSource.ofWord(row.getString("source")),
        row.getInt("exit_code"));
  }

  private Map<Outcome, Integer> counts(long run) throws SQLException {
    var counts = new EnumMap<Outcome, Integer>(Outcome.class);
    list(
        "select outcome, count(*) as n from result where run = ? group by outcome",
        row -> counts.put(Outcome.ofWord(row.getString("outcome")), row.getInt("n")),
        run);
    return counts;
  }

  Optional<RunSummary> run(String name) throws SQLException {
    List<TestResult> results = results(name);
    return list(RUNS + " where run.name = ?", row -> Rows.summary(row, results), name).stream()
        .findFirst();
  }

  List<RunSummary> runsOf(String code) throws SQLException {
    var runs = new ArrayList<RunSummary>();
    String sql = "select name from run where code = ? order by id desc";
    for (String name : list(sql, row -> row.getString(1), code)) {
      run(name).ifPresent(runs::add);
    }
    return runs;
  }

  /// What became of a test in the runs of the code that this run ran.
  List<BesideOthers.Ran> sameCode(String run, String test) throws SQLException {
    String sql =
        """
        select run.workers, run.mode, grp, %s as red
          from result join run on run.id = result.run
          where test = (select id from test where name = ?) and %s
            and run.code <> '' and run.code = (select code from run where name = ?)
        """
            .formatted(Flakiness.RED, Flakiness.JUDGED);
    return list(
        sql,
        row ->
            new BesideOthers.Ran(
                RunSummary.workersOf(
                    row.getString("grp"),
                    Rows.numbers(row.getString("workers")),
                    row.getString("mode")),
                row.getBoolean("red")),
        test,
        run);
  }

  Optional<RunSummary> newestOwn() throws SQLException {
    String sql = "select name from run where trial = 0 order by id desc limit 1";
    List<String> names = list(sql, row -> row.getString(1));
    return names.isEmpty() ? Optional.empty() : run(names.getFirst());
  }

  /// Name of the newest run in which a test was red.
  Optional<String> lastFailure(String test) throws SQLException {
    String sql =
        """
        select run.name from result join run on run.id = result.run
          where test = (select id from test where name = ?) and %s
          order by run.id desc limit 1
        """
            .formatted(Flakiness.RED);
    return list(sql, row -> row.getString(1), test).stream().findFirst();
  }

  WorkerSequence sequence(String run, String worker) throws SQLException {
    String attempts =
        """
        with made as (
          select test, worker, start from result where attempts > 0 and worker <> ''
              and run = (select id from run where name = ?1)
          union all
          select test, worker, start from attempt where worker <> ''
              and run = (select id from run where name = ?1))
        """;
    List<String> workers =
        list(
            attempts + "select worker from made group by worker order by min(start), worker",
            row -> row.getString(1),
            run);
    return new WorkerSequence(
        workers,
        list(
            attempts
                + "select name, path from made join test on test.id = made.test"
                + " where worker = ?2 order by start",
            row -> new WorkerSequence.Ran(row.getString(1), row.getString(2)),
            run,
            worker));
  }

  List<String> testIds(String prefix, int limit) throws SQLException {
    return list(
        "select name from test where substr(name, 1, length(?1)) = ?1 order by name limit ?2",
        row -> row.getString(1),
        prefix,
        limit);
  }

  private List<TestResult> results(String run) throws SQLException {
    String sql =
        """
        select result.*, test.name, test.path, test.unit, coalesce(failure.text, '') as text,
            machine.name as machine_name, cores, memory, kind, cpu
          from result join test on test.id = result.test
          left join machine on machine.id = result.machine
          left join failure on failure.run = result.run and failure.test = result.test
          where result.run = (select id from run where name = ?)
          order by attempts = 0, start, result.test
        """;
    Map<String, List<Attempt>> earlier = earlier(run);
    return list(
        sql,
        row -> {
          TestResult result = result(row);
          List<Attempt> before = earlier.getOrDefault(result.id(), List.of());
          return before.isEmpty() ? result : result.after(before);
        },
        run);
  }

  /// The attempts before the last one, by test.
  private Map<String, List<Attempt>> earlier(String run) throws SQLException {
    String sql =
        """
        select test.name, attempt.* from attempt join test on test.id = attempt.test
          where attempt.run = (select id from run where name = ?) order by attempt.number
        """;
    var earlier = new HashMap<String, List<Attempt>>();
    list(
        sql,
        row ->
            earlier
                .computeIfAbsent(row.getString("name"), _ -> new ArrayList<>())
                .add(attempt(row)),
        run);
    return earlier;
  }

  private static Attempt attempt(ResultSet row) throws SQLException {
    return new Attempt(
        Outcome.ofWord(row.getString("outcome")),
        row.getString("worker"),
        Rows.instant(row.getLong("start")),
        Rows.duration(row.getLong("duration")),
        row.getString("reason"),
        row.getString("text"));
  }

  private static TestResult result(ResultSet row) throws SQLException {
    return new TestResult(
            row.getString("name"),
            row.getString("path"),
            row.getString("grp"),
            Outcome.ofWord(row.getString("outcome")),
            row.getString("worker"),
            Rows.instant(row.getLong("start")),
            Rows.duration(row.getLong("duration")),
            Rows.bytes(row, "peak"),
            PeakSource.ofWord(row.getString("source")),
            row.getInt("attempts"),
            row.getString("text"),
            row.getString("reason"),
            Rows.texts(row.getString("notes")))
        .under(
            new Conditions(
                row.getString("unit"),
                row.getString("machine_name") == null ? Machine.UNKNOWN : Rows.machine(row),
                Rows.duration(row.getLong("waited")),
                Rows.duration(row.getLong("cpu_time"))));
  }

  /// The samples of every test that apply to this machine, the newest first: those of its class,
  /// and where it has none those of other classes.
  Map<String, List<Sample>> samples(Machine here) throws SQLException {
    Map<String, List<Long>> classes = machineClasses();
    Map<String, List<Sample>> own = samples(classes.getOrDefault(here.classKey(), List.of()));
    var others = new ArrayList<Map<String, List<Sample>>>();
    for (var entry : classes.entrySet()) {
      if (!entry.getKey().equals(here.classKey()) && others.size() < OTHER_CLASSES) {
        others.add(samples(entry.getValue()));
      }
    }
    return ClassSamples.complete(own, others);
  }

  /// The numbers of the recorded machines by class, the most recently used class first.
  private Map<String, List<Long>> machineClasses() throws SQLException {
    String sql =
        """
        select machine.id, machine.name as machine_name, cores, memory, kind, cpu from machine
          left join run on run.machine = machine.id
          where exists (select * from sample where sample.machine = machine.id)
          group by machine.id order by coalesce(max(run.id), 0) desc, machine.id desc
        """;
    var classes = new LinkedHashMap<String, List<Long>>();
    list(
        sql,
        row ->
            classes
                .computeIfAbsent(Rows.machine(row).classKey(), _ -> new ArrayList<>())
                .add(row.getLong("id")));
    return classes;
  }

  /// The samples of every test on these machines. A row for each sample would cost more than all
  /// else at the start of a run.
  private Map<String, List<Sample>> samples(List<Long> machines) throws SQLException {
    return samples(machines, "duration");
  }

  /// @param time the expression of a sample's time
  private Map<String, List<Sample>> samples(List<Long> machines, String time) throws SQLException {
    if (machines.isEmpty()) {
      return Map.of();
    }
    String sql =
        """
        select test.name,
            group_concat(%s || ' ' || waited || ' ' || cpu || ' ' || peak || ' ' || source
              || ' ' || outcome, char(10) order by run desc)
          from sample join test on test.id = sample.test
          where machine in (%s) group by sample.test
        """
            .formatted(time, numbers(machines));
    var samples = new HashMap<String, List<Sample>>();
    list(sql, row -> samples.put(row.getString(1), PackedSamples.of(row.getString(2), most)));
    return samples;
  }

  /// What every test costs, in times of the machine class that ran tests last.
  List<TestCost> costs() throws SQLException {
    var classes = new ArrayList<Map<String, List<Sample>>>();
    for (List<Long> machines : machineClasses().values()) {
      classes.add(samples(machines, "max(0, duration - waited)"));
    }
    if (classes.isEmpty()) {
      return List.of();
    }
    Map<String, List<Sample>> all =
        ClassSamples.complete(classes.getFirst(), classes.subList(1, classes.size()));
    String sql = "select name, unit, grp from test order by id";
    return list(sql, row -> cost(row, all)).stream().flatMap(Optional::stream).toList();
  }

  private static Optional<TestCost> cost(ResultSet row, Map<String, List<Sample>> all)
      throws SQLException {
    List<Sample> samples = all.getOrDefault(row.getString("name"), List.of());
    if (samples.isEmpty()) {
      return Optional.empty();
    }
    var nothing = new Estimate(Duration.ZERO, Bytes.ZERO, Estimate.Basis.PRIOR);
    return Optional.of(
        new TestCost(
            row.getString("name"),
            row.getString("unit"),
            row.getString("grp"),
            Estimator.planningTime(samples, Duration.ZERO),
            Estimator.estimate(samples, nothing).peak()));
  }

  /// What the newest attempts took on machines of this class, by the group that the tests ran in
  /// last. An attempt whose processor time was not measured counts as one that computed all the
  /// time.
  Map<String, GroupTimes> groupTimes(Machine here) throws SQLException {
    String sql =
        """
        with newest as (select test, max(run), max(duration - waited, 0) as wall, cpu from sample
            where machine in (%s) group by test)
          select test.grp, sum(wall) as wall, sum(iif(cpu > 0, cpu, wall)) as cpu,
              max(wall) as longest
            from newest join test on test.id = newest.test where grp <> '' group by grp
        """
            .formatted(numbers(machineClasses().getOrDefault(here.classKey(), List.of())));
    var times = new HashMap<String, GroupTimes>();
    list(
        sql,
        row ->
            times.put(
                row.getString("grp"),
                new GroupTimes(
                    Rows.duration(row.getLong("wall")),
                    Rows.duration(row.getLong("cpu")),
                    Rows.duration(row.getLong("longest")))));
    return times;
  }

  private static String numbers(List<Long> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  List<TestLine> tests(TestSorting order, int limit) throws SQLException {
    String by =
        switch (order) {
          case SLOWEST -> "mean";
          case LARGEST -> "largest";
        };
    // A column beside a single max() comes from the row of the maximum:
    // https://sqlite.org/lang_select.html#bareagg
    String sql =
        """
        with time as (select test, count(*) as runs, avg(duration) as mean,
            max(duration) as longest from sample group by test),
          memory as (select test, max(peak) as largest, source from sample group by test),
          newest as (select test, max(run), outcome from sample group by test)
        select test.name, runs, mean, longest, largest, source, outcome
          from time join memory using (test) join newest using (test)
          join test on test.id = time.test
          order by %s desc, test.name limit ?
        """
            .formatted(by);
    return list(sql, Reading::testLine, limit);
  }

  private static TestLine testLine(ResultSet row) throws SQLException {
    return new TestLine(
        row.getString("name"),
        row.getInt("runs"),
        Rows.duration((long) row.getDouble("mean")),
        Rows.duration(row.getLong("longest")),
        Rows.bytes(row, "largest"),
        PeakSource.ofWord(row.getString("source")),
        Outcome.ofWord(row.getString("outcome")));
  }
}
