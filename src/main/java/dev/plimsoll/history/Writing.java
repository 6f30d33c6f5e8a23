package dev.plimsoll.history;

import dev.plimsoll.model.Attempt;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// The statements that change the history; each call belongs inside a transaction.
final class Writing implements AutoCloseable {
  /// Samples of each test on each machine that are kept.
  static final int SAMPLES = 30;

  /// Failures are kept up to this length: history is for figures, not an archive of output.
  private static final int MOST_TEXT = 64 * 1024;

  private static final Duration FORGET = Duration.ofDays(400);

  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  Writing(Connection connection) {
    this.connection = connection;
  }

  /// Record a run as it stands, over what was recorded of it before.
  void run(RunSummary run, boolean finished) throws SQLException {
    machine(run.machine());
    String sql =
        """
        insert into run (name, machine, command, engine, mode, workers, start, duration, finished,
          peak, source, machine_peak, budget, swap_before, used, free, buff_cache, available,
          swap_after, evidence, interrupted, exit_code, parts, kept)
        values (?, (select id from machine where key = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
          ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (name) do update set workers = excluded.workers, duration = excluded.duration,
          command = excluded.command, engine = excluded.engine, mode = excluded.mode,
          finished = excluded.finished, peak = excluded.peak, source = excluded.source,
          machine_peak = excluded.machine_peak, budget = excluded.budget,
          swap_before = excluded.swap_before, used = excluded.used, free = excluded.free,
          buff_cache = excluded.buff_cache, available = excluded.available,
          swap_after = excluded.swap_after, evidence = excluded.evidence,
          interrupted = excluded.interrupted, exit_code = excluded.exit_code,
          parts = excluded.parts, kept = excluded.kept
        """;
    execute(
        sql,
        run.id(),
        run.machine().key(),
        run.command(),
        run.engine(),
        run.mode(),
        Rows.json(run.workers()),
        run.start(),
        run.duration(),
        finished ? 1 : 0,
        run.peak(),
        run.source(),
        run.machinePeak(),
        run.budget(),
        run.swapBefore(),
        run.after().used(),
        run.after().free(),
        run.after().buffCache(),
        run.after().available(),
        run.after().swapUsed(),
        Rows.json(run.evidence()),
        run.interrupted(),
        run.exitCode(),
        Rows.json(run.parts().stream().map(Rows::fields).toList()),
        Rows.json(run.kept()));
  }

  /// Say what code a run ran, and whether it was a trial of a calibration.
  void label(String run, String code, boolean trial) throws SQLException {
    execute("update run set code = ?, trial = ? where name = ?", code, trial ? 1 : 0, run);
  }

  private void machine(Machine machine) throws SQLException {
    execute(
        "insert into machine (key, name, cores, memory, kind, cpu) values (?, ?, ?, ?, ?, ?)"
            + " on conflict (key) do update set kind = excluded.kind, cpu = excluded.cpu",
        machine.key(),
        machine.name(),
        machine.cores(),
        machine.memory(),
        machine.kind(),
        machine.cpu());
  }

  /// Record results of a run that {@link #run} recorded, over what was recorded of these tests.
  void results(String run, Collection<TestResult> results) throws SQLException {
    long number = number("select id from run where name = ?", run);
    long own = number("select machine from run where id = ?", number);
    long start = number("select start from run where id = ?", number);
    boolean hasFailures =
        number("select exists (select * from failure where run = ?)", number) == 1;
    Map<String, Long> known = known(results.size());
    var machines = new HashMap<Machine, Long>();
    for (TestResult result : results) {
      Long at =
          known.get(key(result.id(), result.path(), result.conditions().unit(), result.group()));
      long test = at == null ? test(result) : at;
      long machine = own;
      if (!result.conditions().machine().equals(Machine.UNKNOWN)) {
        Long seen = machines.get(result.conditions().machine());
        machine = seen == null ? numberOf(result.conditions().machine()) : seen;
        machines.put(result.conditions().machine(), machine);
      }
      result(number, test, result, machine);
      failure(number, test, result, hasFailures);
      attempts(number, test, result);
      sample(machine, test, number, start, result);
    }
  }

  private long numberOf(Machine machine) throws SQLException {
    machine(machine);
    return number("select id from machine where key = ?", machine.key());
  }

  private static String key(String id, String path, String unit, String group) {
    return String.join("\0", id, path, unit, group);
  }

  /// The numbers of all tests, when most of them will be asked for: one question for each costs
  /// more.
  private Map<String, Long> known(int asked) throws SQLException {
    var known = new HashMap<String, Long>();
    if (number("select coalesce(max(id), 0) from test") > 3L * asked) {
      return known;
    }
    try (var rows = prepared("select id, name, path, unit, grp from test").executeQuery()) {
      while (rows.next()) {
        String key =
            key(rows.getString(2), rows.getString(3), rows.getString(4), rows.getString(5));
        known.put(key, rows.getLong(1));
      }
    }
    return known;
  }

  /// The number of a test that may be new, or have moved. One that did not run says nothing of what
  /// it stays together with.
  private long test(TestResult result) throws SQLException {
    execute(
        "insert into test (name, path, unit, grp) values (?, ?, ?, ?)"
            + " on conflict (name) do update set path = excluded.path,"
            + " unit = iif(?, excluded.unit, unit), grp = iif(?, excluded.grp, grp)",
        result.id(),
        result.path(),
        result.conditions().unit(),
        result.group(),
        result.ran() ? 1 : 0,
        result.ran() ? 1 : 0);
    return number("select id from test where name = ?", result.id());
  }

  private void result(long run, long test, TestResult result, long machine) throws SQLException {
    boolean elsewhere = !result.conditions().machine().equals(Machine.UNKNOWN);
    execute(
        "insert or replace into result (run, test, grp, outcome, worker, start, duration, peak,"
            + " source, attempts, reason, notes, waited, cpu_time, machine)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, iif(?, ?, null))",
        run,
        test,
        result.group(),
        result.outcome().word(),
        result.worker(),
        result.start(),
        result.duration(),
        result.peak(),
        result.source(),
        result.attempts(),
        result.reason(),
        Rows.json(result.notes()),
        result.conditions().waited(),
        result.conditions().cpu(),
        elsewhere ? 1 : 0,
        machine);
  }

  /// @param hasFailures whether the run has any by now, so that one may have to go
  private void failure(long run, long test, TestResult result, boolean hasFailures)
      throws SQLException {
    String text = result.text();
    if (text.isEmpty()) {
      if (hasFailures) {
        execute("delete from failure where run = ? and test = ?", run, test);
      }
      return;
    }
    execute("insert or replace into failure values (?, ?, ?)", run, test, kept(text));
  }

  private void attempts(long run, long test, TestResult result) throws SQLException {
    int number = 0;
    for (Attempt attempt : result.earlier()) {
      execute(
          "insert or replace into attempt values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          run,
          test,
          ++number,
          attempt.outcome().word(),
          attempt.worker(),
          attempt.start(),
          attempt.duration(),
          attempt.reason(),
          kept(attempt.text()));
    }
  }

  private static String kept(String text) {
    return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "\n[truncated]";
  }

  private void sample(long machine, long test, long run, long start, TestResult result)
      throws SQLException {
    if (!result.ran() || result.outcome() == Outcome.SKIPPED) {
      return;
    }
    execute(
        "insert or replace into sample (machine, test, run, at, duration, peak, source, outcome,"
            + " waited, cpu) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        machine,
        test,
        run,
        start,
        result.duration(),
        result.peak(),
        result.source(),
        result.outcome().word(),
        result.conditions().waited(),
        result.conditions().cpu());
    execute(
        """
        delete from sample where machine = ?1 and test = ?2 and run <=
          (select run from sample where machine = ?1 and test = ?2 order by run desc
           limit 1 offset ?3)
        """,
        machine,
        test,
        SAMPLES);
  }

  /// Forget all but the newest runs, and samples older than 400 days.
  void prune(int keep, Instant now) throws SQLException {
    long last =
        numberOr("select id from run order by id desc limit 1 offset ?", 0, Math.max(1, keep));
    if (last == 0) {
      return;
    }
    execute("delete from result where run <= ?", last);
    execute("delete from failure where run <= ?", last);
    execute("delete from attempt where run <= ?", last);
    execute("delete from run where id <= ?", last);
    execute("delete from sample where at < ?", now.minus(FORGET));
    execute(
        """
        delete from test
          where id not in (select test from result) and id not in (select test from sample)
        """);
  }

  private void execute(String sql, Object... values) throws SQLException {
    PreparedStatement statement = prepared(sql);
    Rows.set(statement, values);
    statement.executeUpdate();
  }

  private long number(String sql, Object... values) throws SQLException {
    return numberOr(sql, -1, values);
  }

  private long numberOr(String sql, long otherwise, Object... values) throws SQLException {
    PreparedStatement statement = prepared(sql);
    Rows.set(statement, values);
    try (var row = statement.executeQuery()) {
      return row.next() ? row.getLong(1) : otherwise;
    }
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement known = statements.get(sql);
    if (known != null) {
      return known;
    }
    PreparedStatement made = connection.prepareStatement(sql);
    statements.put(sql, made);
    return made;
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : statements.values()) {
      statement.close();
    }
  }
}
