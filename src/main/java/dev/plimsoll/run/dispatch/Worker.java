package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.WorkerName;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.schedule.WorkerState;
import dev.plimsoll.verdict.KillReason;
import java.time.Instant;
import java.util.ArrayDeque;

/// A live worker as the dispatcher knows it.
final class Worker {
  final int number;
  private WorkerState state = WorkerState.STARTING;
  long pid = -1;

  /// Tests it was given and has not ended, the first of them running.
  final ArrayDeque<Integer> tests = new ArrayDeque<>();

  Instant since = Instant.EPOCH;

  /// The test that it ended last, -1 before the first.
  int last = -1;

  /// When it was ordered to end, and whether the user knows that it takes its time.
  Instant retiredAt = Instant.MAX;

  boolean toldSlow;

  /// What it held when its running test began.
  Bytes base = Bytes.ZERO;

  /// What it holds by the last look.
  Bytes size = Bytes.ZERO;

  /// What it had allocated itself at its first look, when its running test began, and by the last
  /// look.
  private Bytes ownFirst = Bytes.ZERO;

  private Bytes ownBefore = Bytes.ZERO;
  private Bytes own = Bytes.ZERO;

  /// What was done to it, and the test for which it was, -1 for none.
  private KillReason kill = new KillReason.None();

  private int condemned = -1;

  /// When TERM follows the dump of the stack of a test that is to be ended, and KILL follows TERM.
  Instant endAt = Instant.MAX;

  Instant killAt = Instant.MAX;

  Worker(int number) {
    this.number = number;
  }

  String name() {
    return WorkerName.of(number);
  }

  /// What its running test has allocated so far.
  Bytes growth() {
    return size.minus(base).max(Bytes.ZERO);
  }

  /// What it still holds after its tests, beyond what it began with: what is there now was there
  /// before the running test began, too.
  Bytes kept() {
    Bytes lasting = running() < 0 ? own : own.min(ownBefore);
    return lasting.minus(ownFirst).max(Bytes.ZERO);
  }

  /// The next of its tests begins.
  void begin(Instant now) {
    since = now;
    base = size;
    ownBefore = own;
  }

  /// Take what was seen of it. Nothing is seen of a process that is just ending: what it held
  /// before stays known.
  void sense(Bytes tree, Bytes itself) {
    if (tree.equals(Bytes.ZERO)) {
      return;
    }
    if (size.equals(Bytes.ZERO)) {
      base = tree;
    }
    if (ownFirst.equals(Bytes.ZERO)) {
      ownFirst = itself;
      ownBefore = itself;
    }
    size = tree;
    own = itself;
  }

  /// Its test ended, or was given back, a moment before it was to be ended: the next one is not to
  /// suffer for that.
  void endedInTime() {
    if (killAt.isBefore(Instant.MAX)) {
      spare();
      endAt = Instant.MAX;
      killAt = Instant.MAX;
    }
  }

  /// Its process is ready to run tests.
  void ready(long process) {
    pid = process;
    state = WorkerState.READY;
  }

  boolean isStarting() {
    return state == WorkerState.STARTING;
  }

  /// It is to end after its tests.
  void retire(Instant now) {
    retiredAt = now;
    state = WorkerState.RETIRING;
  }

  /// It is to be ended, for this test.
  void condemn(KillReason reason, int test) {
    kill = reason;
    condemned = test;
    state = WorkerState.KILLING;
  }

  boolean isCondemned() {
    return state == WorkerState.KILLING;
  }

  private void spare() {
    kill = new KillReason.None();
    condemned = -1;
    state = WorkerState.READY;
  }

  /// Why it was killed while it ran a test: a kill that was meant for the one before is none for
  /// this.
  ///
  /// @param test the test that ran, -1 for none
  KillReason killedFor(int test) {
    return isCondemned() && test >= 0 && test != condemned ? new KillReason.Crossed() : kill;
  }

  int running() {
    return isStarting() || tests.isEmpty() ? -1 : tests.getFirst();
  }
}
