package dev.plimsoll.run.dispatch;

import dev.plimsoll.schedule.Memory;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes two things happen to a run, one right after the other, as soon as both can.
final class PairScript implements TestingHost.Script {
  /// What can happen to a run while tests run.
  enum Kind {
    /// The worker dies.
    GONE,
    /// Its test ends.
    RESULT,
    /// It gives back what it has not begun.
    DROP,
    /// The dispatcher takes back what it has not begun.
    RECALL,
    /// It ends, as it was ordered to.
    RETIRE,
    /// Its test is over its time limit.
    TIME_LIMIT,
    /// The dispatcher kills it, after its time limit.
    KILL,
    /// Its test can never go on.
    STUCK,
    /// Memory is short: the dispatcher kills a worker.
    PREEMPTION,
    /// pytest wants no further tests.
    STOP,
    /// The user wants the run to end.
    INTERRUPTION,
    /// Another worker dies.
    SECOND_DEATH;

    /// The order that is its moment, empty when it can happen at any.
    String order() {
      return switch (this) {
        case RECALL -> "drop";
        case RETIRE -> "retire";
        case TIME_LIMIT -> "dump";
        case KILL -> "kill now";
        case GONE, RESULT, DROP, STUCK, PREEMPTION, STOP, INTERRUPTION, SECOND_DEATH -> "";
      };
    }
  }

  /// What is ordered once a test is over its limit.
  private static final Set<String> OVERTIME = Set.of("dump", "kill now");

  private final Kind first;
  private final Kind second;
  private final Duration gap;
  private final int signal;
  private int skip;
  private int stage;
  private boolean fired;
  private boolean hung;
  @Nullable TestingRun run;

  /// @param gap the time between the two
  /// @param skip at how many moments that would do nothing happens
  /// @param signal what a worker dies of
  PairScript(Kind first, Kind second, Duration gap, int skip, int signal) {
    this.first = first;
    this.second = second;
    this.gap = gap;
    this.skip = skip;
    this.signal = signal;
  }

  /// Whether both happened.
  boolean fired() {
    return fired;
  }

  /// Whether it may leave tests without an outcome.
  boolean stops() {
    var stopping = Set.of(Kind.STOP, Kind.INTERRUPTION);
    return stopping.contains(first) || stopping.contains(second);
  }

  private TestingRun run() {
    return java.util.Objects.requireNonNull(run);
  }

  @Override
  public void begins(int worker, int item) {
    if (OVERTIME.contains(awaited()) && !hung && (stage == 1 || skip-- <= 0)) {
      hang(item);
    }
    if (!first.order().isEmpty() || !second.order().isEmpty() || stage > 0 || skip-- > 0) {
      return;
    }
    stage = 2;
    run()
        .clock
        .after(
            Duration.ofMillis(7),
            () -> {
              happen(first, worker);
              later(worker);
            });
  }

  @Override
  public void arrives(String order, int worker, Runnable carryOut) {
    boolean skipped = stage == 0 && !OVERTIME.contains(order) && skip > 0;
    if (!order.equals(awaited()) || skipped) {
      skip -= order.equals(awaited()) ? 1 : 0;
      carryOut.run();
      return;
    }
    if (stage == 1) {
      stage = 2;
      after(gap, carryOut, true);
    } else if (first.order().isEmpty()) {
      stage = 2;
      happen(first, worker);
      after(gap, carryOut, true);
    } else {
      carryOut.run();
      stage = second.order().isEmpty() ? 2 : 1;
      if (stage == 2) {
        later(worker);
      } else if (OVERTIME.contains(second.order())) {
        hangOne();
      }
    }
  }

  /// The order that is waited for, empty when none is.
  private String awaited() {
    return switch (stage) {
      case 0 -> first.order().isEmpty() ? second.order() : first.order();
      case 1 -> second.order();
      default -> "";
    };
  }

  private void hang(int item) {
    hung = true;
    run().host.hang(item, awaited().equals("kill now"));
  }

  private void hangOne() {
    run().host.workers().values().stream()
        .filter(process -> process.running >= 0)
        .findFirst()
        .ifPresent(process -> hang(process.running));
  }

  private void later(int worker) {
    after(gap, () -> happen(second, worker), false);
  }

  private void after(Duration delay, Runnable action, boolean counts) {
    fired |= counts;
    if (delay.isZero()) {
      action.run();
    } else {
      run().clock.after(delay, action);
    }
  }

  private void happen(Kind kind, int worker) {
    TestingHost host = run().host;
    fired |= kind == second;
    switch (kind) {
      case GONE -> host.die(worker, signal);
      case RESULT -> host.end(worker);
      case DROP -> host.giveBack(worker);
      case STUCK -> {
        TestingHost.Slot process = host.workers().get(worker);
        if (process != null && process.running >= 0) {
          host.hang(process.running, false);
          host.say(
              new dev.plimsoll.engine.pytest.HostMessage.Stuck(
                  worker, process.running, !host.spawns()));
        }
      }
      case PREEMPTION -> run().memory.next(Memory.State.CRITICAL);
      case STOP -> host.stop("stopping after 1 failures");
      case INTERRUPTION -> run().interrupt();
      case SECOND_DEATH ->
          host.workers().keySet().stream()
              .filter(other -> other != worker)
              .findFirst()
              .ifPresent(other -> host.die(other, signal));
      case RECALL, RETIRE, TIME_LIMIT, KILL -> throw new AssertionError(kind + " has its moment");
    }
  }
}
