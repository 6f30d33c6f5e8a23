package dev.plimsoll.history;

import dev.plimsoll.history.FlakyTest.Neighbour;
import dev.plimsoll.model.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Find the tests whose outcome changed although the code did not. Runs whose code is not known
/// prove nothing and are left out; so are tests that were skipped or did not run.
final class Flakiness {
  /// Neighbours that are named for a test.
  private static final int NEIGHBOURS = 3;

  /// Whether a result is red.
  static final String RED = "outcome in " + words(Outcome.FAILED, Outcome.ERROR, Outcome.CRASHED);

  /// Whether a test ran and told something.
  static final String JUDGED =
      "attempts > 0 and outcome not in "
          + words(Outcome.SKIPPED, Outcome.NOT_RUN, Outcome.UNREPORTED);

  /// What each test did in each run of known code, and the tests that did both with one code.
  private static final String CHANGED =
      """
      with judged as (
          select run.code, result.test, result.run, result.worker, result.start, result.duration,
              %s as red
            from result join run on run.id = result.run
            where run.code <> '' and %s
          union all
          select run.code, attempt.test, attempt.run, attempt.worker, attempt.start,
              attempt.duration, 1
            from attempt join run on run.id = attempt.run
            where run.code <> '' and attempt.outcome in ('failed', 'error')),
        changed as (
          select code, test from judged group by code, test having min(red) = 0 and max(red) = 1)
      """
          .formatted(RED, JUDGED);

  private static String words(Outcome... outcomes) {
    return Stream.of(outcomes)
        .map(outcome -> "'" + outcome.word() + "'")
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private final Connection connection;

  Flakiness(Connection connection) {
    this.connection = connection;
  }

  private record Counted(long test, String id, int failed, int passed, long last, String runs) {}

  /// The tests that failed most often first.
  List<FlakyTest> tests(int limit) throws SQLException {
    String sql =
        CHANGED
            + """
            select test, (select name from test where id = test) as name, sum(red), sum(1 - red),
                max(case when red then (select start from run where id = run) end),
                group_concat(case when red then (select name from run where id = run) end, char(10)
                  order by run desc)
              from judged join changed using (code, test)
              group by test order by sum(red) desc, name limit ?
            """;
    var tests = new ArrayList<FlakyTest>();
    for (Counted counted : counted(sql, limit)) {
      tests.add(
          new FlakyTest(
              counted.id(),
              counted.failed(),
              counted.passed(),
              Rows.instant(counted.last()),
              Arrays.asList(counted.runs().split("\n", -1)),
              neighbours(counted)));
    }
    return tests;
  }

  private List<Counted> counted(String sql, int limit) throws SQLException {
    var all = new ArrayList<Counted>();
    try (var statement = connection.prepareStatement(sql)) {
      Rows.set(statement, limit);
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          all.add(
              new Counted(
                  row.getLong(1),
                  row.getString(2),
                  row.getInt(3),
                  row.getInt(4),
                  row.getLong(5),
                  row.getString(6)));
        }
      }
    }
    return all;
  }

  /// Those that ran at the same time in the largest part of the failures and the smallest of the
  /// passes.
  private List<Neighbour> neighbours(Counted test) throws SQLException {
    String sql =
        CHANGED
            + """
            select (select name from test where id = other.test) as name, sum(red), sum(1 - red)
              from judged join changed using (code, test)
              join result as other on other.run = judged.run and other.worker <> judged.worker
                and other.attempts > 0 and other.start < judged.start + judged.duration
                and other.start + other.duration > judged.start
              where judged.test = ? group by other.test having sum(red) > 0
              order by sum(red) * ? - sum(1 - red) * ? desc, name limit ?
            """;
    var neighbours = new ArrayList<Neighbour>();
    try (var statement = connection.prepareStatement(sql)) {
      Rows.set(statement, test.test(), test.passed(), test.failed(), NEIGHBOURS);
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          neighbours.add(new Neighbour(row.getString(1), row.getInt(2), row.getInt(3)));
        }
      }
    }
    return neighbours;
  }
}
