package dev.plimsoll.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The tables, and the steps from each older version of them to the present one.
///
/// The number of steps taken stands in SQLite's `user_version`. Times are microseconds. `sample`
/// keeps the last measurements of each test on each machine apart from the runs, so that pruning
/// runs forgets nothing of a test that is rarely run and one read gets them all.
final class DatabaseSchema {
  private static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              create table machine (id integer primary key, key text not null unique,
                name text not null, cores integer not null, memory integer not null,
                kind text not null)
              """,
              """
              create table run (id integer primary key autoincrement, name text not null unique,
                machine integer not null references machine, command text not null,
                engine text not null, mode text not null, workers text not null,
                start integer not null, duration integer not null, finished integer not null,
                peak integer not null, source text not null, machine_peak integer not null,
                budget integer not null, swap_before integer not null, used integer not null,
                free integer not null, buff_cache integer not null, available integer not null,
                swap_after integer not null, evidence text not null, interrupted text not null,
                exit_code integer not null)
              """,
              """
              create table test (id integer primary key, name text not null unique,
                path text not null)
              """,
              """
              create table result (run integer not null references run,
                test integer not null references test, grp text not null, outcome text not null,
                worker text not null, start integer not null, duration integer not null,
                peak integer not null, source text not null, attempts integer not null,
                reason text not null, notes text not null, primary key (run, test)) without rowid
              """,
              """
              create table failure (run integer not null, test integer not null,
                text text not null, primary key (run, test))
              """,
              """
              create table sample (machine integer not null references machine,
                test integer not null references test, run integer not null,
                at integer not null, duration integer not null, peak integer not null,
                source text not null, outcome text not null,
                primary key (machine, test, run)) without rowid
              """),
          List.of(
              "alter table run add column parts text not null default '[]'",
              "alter table run add column kept text not null default '[]'"),
          List.of("alter table machine add column cpu text not null default ''"),
          List.of(
              "alter table run add column code text not null default ''",
              "alter table run add column trial integer not null default 0"),
          List.of(
              """
              create table attempt (run integer not null, test integer not null,
                number integer not null, outcome text not null, worker text not null,
                start integer not null, duration integer not null, reason text not null,
                text text not null, primary key (run, test, number)) without rowid
              """),
          // A machine of null is that of the run.
          List.of(
              "alter table test add column unit text not null default ''",
              "alter table test add column grp text not null default ''",
              "alter table result add column machine integer references machine",
              "alter table result add column waited integer not null default 0",
              "alter table sample add column waited integer not null default 0"),
          List.of("alter table sample add column cpu integer not null default 0"),
          List.of("alter table result add column cpu_time integer not null default 0"));

  static final int VERSION = STEPS.size();

  private DatabaseSchema() {}

  /// Bring the tables up to date, in one transaction.
  ///
  /// @return false when a newer Plimsoll made them, which this one must not touch
  static boolean update(Connection connection) throws SQLException {
    int version = version(connection);
    if (version == VERSION) {
      return true;
    }
    if (version > VERSION) {
      return false;
    }
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      // `Plim` in ASCII.
      statement.executeUpdate("pragma application_id = 1349282157");
      // Another process may have taken steps while this one waited for the lock.
      for (int step = version(connection); step < VERSION; step++) {
        for (String sql : STEPS.get(step)) {
          statement.executeUpdate(sql);
        }
      }
      statement.executeUpdate("pragma user_version = " + VERSION);
      connection.commit();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
    return true;
  }

  private static int version(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("pragma user_version")) {
      return row.getInt(1);
    }
  }
}
