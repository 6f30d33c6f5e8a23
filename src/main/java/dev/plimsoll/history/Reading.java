package dev.plimsoll.history;

import dev.plimsoll.estimate.Sample;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The questions that are asked of the history.
final class Reading {
  private static final String RUNS =
      """
      select run.*, machine.key, machine.name as machine_name, cores, memory, kind
        from run join machine on machine.id = run.machine
      """;

  private final Connection connection;

  Reading(Connection connection) {
    this.connection = connection;
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
        row.getString("key"),
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

  /// Name of the newest run in which a test was red.
  Optional<String> lastFailure(String test) throws SQLException {
    String sql =
        """
        select run.name from result join run on run.id = result.run
          where test = (select id from test where name = ?) and outcome in (?, ?, ?)
          order by run.id desc limit 1
        """;
    return list(
            sql,
            row -> row.getString(1),
            test,
            Outcome.FAILED.word(),
            Outcome.ERROR.word(),
            Outcome.CRASHED.word())
        .stream()
        .findFirst();
  }

  private List<TestResult> results(String run) throws SQLException {
    String sql =
        """
        select result.*, test.name, test.path, coalesce(failure.text, '') as text
          from result join test on test.id = result.test
          left join failure on failure.run = result.run and failure.test = result.test
          where result.run = (select id from run where name = ?)
          order by attempts = 0, start, result.test
        """;
    return list(sql, Reading::result, run);
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
        Rows.texts(row.getString("notes")));
  }

  /// The samples of every test on one machine, the newest first. A row for each sample would cost
  /// more than all else at the start of a run.
  Map<String, List<Sample>> samples(String machine) throws SQLException {
    String sql =
        """
        select test.name,
            group_concat(duration || ' ' || peak || ' ' || source, char(10) order by run desc)
          from sample join test on test.id = sample.test
          where machine = (select id from machine where key = ?) group by sample.test
        """;
    var samples = new HashMap<String, List<Sample>>();
    list(sql, row -> samples.put(row.getString(1), PackedSamples.of(row.getString(2))), machine);
    return samples;
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
