package dev.plimsoll.run.chain;

import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.MachineLock;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.stages.Stage.Exclusivity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The place of a chain among the runs on this machine: stages that want to be alone wait for other
/// suites, and those for them.
///
/// The lock is kept from a stage to the next that wants it in the same way, so that nobody gets in
/// between while the server under test is up.
final class StageLock implements AutoCloseable {
  private final MachineLock lock;
  private final String where;
  private final CancellationToken cancellation;
  private final Consumer<String> tell;
  private MachineLock.@Nullable Lease lease;
  private Exclusivity held = Exclusivity.ANY;

  /// @param where the project, for those who wait
  /// @param tell receives for whom a stage waits
  StageLock(MachineLock lock, String where, CancellationToken cancellation, Consumer<String> tell) {
    this.lock = lock;
    this.where = where;
    this.cancellation = cancellation;
    this.tell = tell;
  }

  /// Wait until the stage may run.
  ///
  /// @throws UserError when the cancellation token is pulled meanwhile
  void enter(Stage stage) {
    if (stage.exclusivity() == held) {
      return;
    }
    close();
    if (stage.exclusivity() != Exclusivity.ANY) {
      lease = acquire(stage);
      held = stage.exclusivity();
    }
  }

  private MachineLock.Lease acquire(Stage stage) {
    var mode =
        stage.exclusivity() == Exclusivity.ALONE
            ? MachineLock.Mode.EXCLUSIVE
            : MachineLock.Mode.SHARED;
    Thread waiting = Thread.currentThread();
    var wake = cancellation.onPull().thenAccept(_ -> waiting.interrupt());
    try {
      return lock.acquire(
          mode,
          "stage " + stage.name() + " in " + where,
          who -> tell.accept("stage " + stage.name() + " " + MachineLock.waits(who)));
    } catch (InterruptedException e) {
      throw new UserError("interrupted while waiting", "", "", ExitCode.INTERRUPTED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      wake.cancel(false);
      var _ = Thread.interrupted();
    }
  }

  @Override
  public void close() {
    MachineLock.Lease given = lease;
    lease = null;
    held = Exclusivity.ANY;
    if (given != null) {
      try {
        given.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
