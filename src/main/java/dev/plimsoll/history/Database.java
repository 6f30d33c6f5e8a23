package dev.plimsoll.history;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/// The SQLite file of one project, opened at first use.
///
/// It keeps a rollback journal, not a write-ahead log: a log needs shared memory between processes,
/// which network file systems and the Windows drives of WSL2 do not give
/// (https://sqlite.org/wal.html), and a run writes a few short transactions only. Two processes
/// wait for each other for up to {@link #BUSY_MILLIS}.
///
/// A file that SQLite calls corrupt is set aside under another name and a new one begun. Several
/// processes may find that at once: one of them, under a lock, looks again before it does so.
final class Database implements AutoCloseable {
  static final int BUSY_MILLIS = 20_000;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

  private final Path folder;
  private final Path file;
  private final InstantSource clock;
  private final Consumer<String> warning;
  private @Nullable Connection connection;

  /// Work with an open connection.
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /// @param folder where the file is kept; made when missing
  Database(Path folder, InstantSource clock, Consumer<String> warning) {
    this.folder = folder;
    this.file = folder.resolve("history.db");
    this.clock = clock;
    this.warning = warning;
  }

  boolean exists() {
    return Files.exists(file);
  }

  /// Work on the database; after setting aside a corrupt file, once more on a new one.
  <T> T use(Work<T> work) throws SQLException, IOException {
    try {
      return work.with(connection());
    } catch (SQLException e) {
      if (!isCorrupt(e)) {
        throw e;
      }
      setAside();
      return work.with(connection());
    }
  }

  /// Work in one transaction: all of it is kept, or nothing.
  <T> T change(Work<T> work) throws SQLException, IOException {
    return use(connection -> inTransaction(connection, work));
  }

  private static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      T result = work.with(connection);
      connection.commit();
      connection.setAutoCommit(true);
      return result;
    } catch (SQLException e) {
      undo(connection, e);
      throw e;
    }
  }

  private static void undo(Connection connection, SQLException cause) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private Connection connection() throws SQLException, IOException {
    if (connection != null) {
      return connection;
    }
    OwnFolder.make(folder);
    Connection opened = connect();
    try {
      if (!DatabaseSchema.update(opened)) {
        throw new SQLException("it was written by a newer Plimsoll");
      }
    } catch (SQLException e) {
      opened.close();
      throw e;
    }
    connection = opened;
    return opened;
  }

  private Connection connect() throws SQLException {
    NativeLibrary.prepare(System.getenv());
    var config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setJournalMode(SQLiteConfig.JournalMode.DELETE);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setGetGeneratedKeys(false); // the driver would ask for one after each row
    return new JDBC().connect("jdbc:sqlite:" + file, config.toProperties());
  }

  private static boolean isCorrupt(SQLException e) {
    int code = e.getErrorCode() & 0xff;
    return code == SQLiteErrorCode.SQLITE_CORRUPT.code
        || code == SQLiteErrorCode.SQLITE_NOTADB.code;
  }

  private void setAside() throws SQLException, IOException {
    close();
    Path lock = file.resolveSibling("history.lock");
    try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = channel.lock()) {
      if (held.isValid() && isDamaged()) {
        String name = file.getFileName() + ".corrupt-" + STAMP.format(clock.instant());
        Path journal = file.resolveSibling(file.getFileName() + "-journal");
        Files.move(file, file.resolveSibling(name));
        Files.deleteIfExists(journal);
        warning.accept("the history is damaged; moved it to `" + name + "` and started a new one");
      }
    }
  }

  private boolean isDamaged() throws SQLException {
    try (Connection fresh = connect();
        var statement = fresh.createStatement();
        var row = statement.executeQuery("pragma quick_check(1)")) {
      return !"ok".equals(row.getString(1));
    } catch (SQLException e) {
      if (isCorrupt(e)) {
        return true;
      }
      throw e;
    }
  }

  @Override
  public void close() throws SQLException {
    if (connection != null) {
      Connection old = connection;
      connection = null;
      old.close();
    }
  }
}
