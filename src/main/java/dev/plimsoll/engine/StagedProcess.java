package dev.plimsoll.engine;

import dev.plimsoll.model.RunEvent;
import dev.plimsoll.process.Child;
import dev.plimsoll.process.SteadyClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Runs a runner's process until it ends, its time is up or the cancellation token is pulled; then
/// nothing of it is left.
public final class StagedProcess {
  /// `oom_score_adj` of what runs tests: before the shell, the editor and systemd.
  private static final int OOM_SCORE = 500;

  private static final Duration GRACE = Duration.ofSeconds(2);

  /// How long a runner may take to end in order: to close its browsers and to write its reports.
  private static final Duration ORDERLY = Duration.ofSeconds(8);

  private StagedProcess() {}

  /// How it ended.
  ///
  /// @param status exit code, 128 + n after signal n
  /// @param halted why it was ended before its end, empty when it was not
  /// @param left number of processes it had left behind, which were ended
  public record Ended(int status, String halted, int left, Duration duration) {
    /// This one, after which some of its tests ran again: what failed here counts no more, unless
    /// it failed for another reason than a test.
    public Ended then(Ended again) {
      int all = status == TESTS_FAILED && halted.isEmpty() ? again.status : status;
      String why = halted.isEmpty() ? again.halted : halted;
      return new Ended(all, why, left + again.left, duration.plus(again.duration));
    }
  }

  /// With what test runners end when tests failed.
  private static final int TESTS_FAILED = 1;

  /// Run a command line.
  ///
  /// @param env added to the environment, in place of the request's
  /// @param events receives the process and each line that it prints
  public static Ended run(
      RunnerRequest request,
      List<String> command,
      Map<String, String> env,
      CancellationToken cancellation,
      Consumer<RunEvent> events)
      throws IOException {
    long start = System.nanoTime();
    Child child =
        Child.start(
            new Child.Start(
                request.care().wrap().apply(command),
                request.folder(),
                env,
                request.run(),
                request.output(),
                OOM_SCORE),
            line -> events.accept(new RunEvent.Output(SteadyClock.now(), line)));
    events.accept(new RunEvent.WorkerStarted(SteadyClock.now(), request.stage(), child.pid()));
    try {
      String halted = await(child, request.limit(), cancellation);
      if (cancellation.isPulled()) {
        endInOrder(child, cancellation);
      }
      var stopped = child.stop(halted.isEmpty() ? Duration.ZERO : GRACE);
      int status = child.onExit().join();
      int left = halted.isEmpty() ? stopped.ended().size() : 0;
      return new Ended(status, halted, left, Duration.ofNanos(System.nanoTime() - start));
    } finally {
      child.stop(Duration.ZERO);
    }
  }

  /// What a terminal does on Ctrl-C: it signals the whole foreground process group, without
  /// browsers.
  private static void endInOrder(Child child, CancellationToken cancellation) throws IOException {
    if (!cancellation.onHurry().isDone() && child.isAlive()) {
      child.interrupt();
      try {
        CompletableFuture.anyOf(child.onExit(), cancellation.onHurry())
            .get(ORDERLY.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException tooLong) {
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException e) {
        throw new CompletionException(e.getCause());
      }
    }
  }

  private static String await(Child child, Duration limit, CancellationToken cancellation) {
    var first = CompletableFuture.anyOf(child.onExit(), cancellation.onPull());
    try {
      if (limit.isPositive()) {
        first.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      } else {
        first.get();
      }
      return child.isAlive() ? cancellation.reason() : "";
    } catch (TimeoutException e) {
      return "the time limit of " + limit.toSeconds() + " s was over";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }
}
