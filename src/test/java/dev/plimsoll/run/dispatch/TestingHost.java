package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.Host;
import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A pytest session that follows the protocol on a virtual clock: orders and messages take a time
/// on their way, and so cross. A script makes workers die, tests hang, and orders wait.
///
/// It holds the dispatcher to what must never happen: a test in two workers at once, or once more
/// after its outcome.
final class TestingHost implements Host {
  static final int SIGKILL = 9;
  private static final int SIGTERM = 15;

  /// A test that takes longer is named.
  private static final Duration LONG = Duration.ofMillis(500);

  private static final Duration BOOT = Duration.ofMillis(5);

  /// What a script may do with an order before it is carried out.
  interface Script {
    /// An order arrives.
    ///
    /// @param order its name in the protocol
    /// @param carryOut carries it out
    default void arrives(String order, int worker, Runnable carryOut) {
      carryOut.run();
    }

    /// A test has begun in a worker.
    default void begins(int worker, int item) {}
  }

  /// A worker's process: its tests, the first of which runs.
  static final class Slot {
    final int number;
    final long pid;
    final ArrayDeque<Integer> given = new ArrayDeque<>();
    final Set<Integer> repeat = new HashSet<>();
    boolean ready;
    boolean retired;
    int running = HostMessage.NONE;
    int last = HostMessage.NONE;
    int turn;
    String overdue = "";
    Instant since = Instant.EPOCH;

    Slot(int number, long pid) {
      this.number = number;
      this.pid = pid;
    }
  }

  private final TestingClock clock;
  private final List<HostMessage> collection;
  private final List<Duration> durations;
  private final Duration way;
  private final Script script;
  private final Map<Integer, Slot> workers = new TreeMap<>();
  private final Map<Integer, Outcome> told = new HashMap<>();
  private final Map<Integer, Integer> begun = new HashMap<>();

  /// How many more attempts of an item fail.
  final Map<Integer, Integer> failing = new HashMap<>();

  private final Set<Integer> stubborn = new HashSet<>();
  private final Set<Integer> hanging = new HashSet<>();
  private final Set<Integer> disturbed = new HashSet<>();
  private final Set<Integer> crashed = new HashSet<>();
  final List<String> orders = new ArrayList<>();
  private @Nullable Consumer<HostMessage> sink;
  private boolean collecting;
  private boolean stopped;
  private boolean finishing;
  private boolean ended;
  private boolean spawns;
  private long pids = 1000;

  /// @param collection what it says before a test runs
  /// @param durations how long each item takes
  /// @param way how long an order or a message is on its way
  TestingHost(
      TestingClock clock,
      List<HostMessage> collection,
      List<Duration> durations,
      Duration way,
      Script script) {
    this.clock = clock;
    this.collection = collection;
    this.durations = durations;
    this.way = way;
    this.script = script;
  }

  // ---- what a script does

  Map<Integer, Slot> workers() {
    return workers;
  }

  /// Outcomes that were told, by item.
  Map<Integer, Outcome> told() {
    return told;
  }

  /// How often each item was begun.
  int begun(int item) {
    return begun.getOrDefault(item, 0);
  }

  boolean spawns() {
    return spawns;
  }

  /// Whether something happened to the item itself: its worker died under it, or it hangs.
  boolean disturbed(int item) {
    return disturbed.contains(item) || hanging.contains(item);
  }

  /// Items that were reported as crashed by the dispatcher.
  Set<Integer> crashed() {
    return crashed;
  }

  /// pytest collects, and hears a signal.
  void collects() {
    collecting = true;
  }

  void say(HostMessage message) {
    Consumer<HostMessage> listener = sink;
    if (listener != null) {
      clock.after(way, () -> listener.accept(message));
    }
  }

  /// The item never ends.
  ///
  /// @param stubborn whether it outlives SIGTERM, too
  void hang(int item, boolean stubborn) {
    hanging.add(item);
    if (stubborn) {
      this.stubborn.add(item);
    }
  }

  /// A worker's process dies, if it was ready.
  void die(int worker, int signal) {
    dieIn("call", worker, signal, "");
  }

  /// The same, in a phase of its test and after it printed something.
  void dieIn(String phase, int worker, int signal, String output) {
    Slot process = workers.get(worker);
    if (process != null && process.ready) {
      int last = process.running >= 0 ? process.running : process.last;
      disturbed.add(last);
      ends(process, signal, phase, output);
    }
  }

  private void ends(Slot process, int signal) {
    ends(process, signal, "call", "");
  }

  private void ends(Slot process, int signal, String phase, String output) {
    if (workers.remove(process.number, process)) {
      int item = process.given.contains(process.running) ? process.running : HostMessage.NONE;
      say(
          new HostMessage.Gone(
              process.number,
              process.pid,
              signal,
              HostMessage.NONE,
              item,
              item < 0 ? "" : phase,
              hanging.contains(item) ? "Thread 0x1: in acquire" : "",
              output,
              false));
      endWhenDone();
    }
  }

  /// The test that a worker runs ends.
  void end(int worker) {
    Slot process = workers.get(worker);
    if (process == null || process.running < 0) {
      return;
    }
    int item = process.running;
    boolean late = !process.overdue.isEmpty();
    boolean fails = failing.merge(item, -1, Integer::sum) >= 0;
    Outcome outcome = late || fails ? Outcome.FAILED : Outcome.PASSED;
    boolean repeat = outcome.isRed() && process.repeat.remove(item) && !stopped;
    if (!repeat && told.put(item, outcome) != null) {
      throw new AssertionError("item " + item + " has two outcomes");
    }
    process.given.remove((Integer) item);
    say(done(process, item, outcome, process.overdue, repeat));
    process.last = item;
    process.running = HostMessage.NONE;
    process.overdue = "";
    next(process);
  }

  private HostMessage.Done done(
      Slot process, int item, Outcome outcome, String text, boolean repeat) {
    return new HostMessage.Done(
        process.number,
        item,
        outcome,
        process.since,
        Duration.between(process.since, clock.instant()),
        Duration.ZERO,
        Duration.ZERO,
        Bytes.mib(1),
        PeakSource.HWM_FRESH,
        text,
        "",
        repeat);
  }

  /// Take back what the worker has not begun, and say so.
  void giveBack(int worker) {
    Slot process = workers.get(worker);
    if (process != null) {
      var back = new ArrayList<>(process.given);
      back.removeIf(item -> item == process.running);
      process.given.removeAll(back);
      say(new HostMessage.Dropped(worker, back));
    }
  }

  /// pytest wants no further tests.
  void stop(String reason) {
    if (!stopped) {
      stopped = true;
      say(new HostMessage.Stop(reason));
      List.copyOf(workers.keySet()).forEach(this::giveBack);
    }
  }

  /// The session's process dies, its workers with it.
  void crash(int status) {
    workers.clear();
    exit(status);
  }

  // ---- the workers

  private void ready(Slot process) {
    if (workers.get(process.number) == process) {
      process.ready = true;
      say(new HostMessage.Worker(process.number, process.pid, BOOT));
      next(process);
    }
  }

  private void next(Slot process) {
    if (!process.ready || process.running >= 0) {
      return;
    }
    if (process.given.isEmpty()) {
      if (process.retired) {
        leave(process);
      }
      return;
    }
    int item = process.given.getFirst();
    begin(process, item);
  }

  private void begin(Slot process, int item) {
    boolean elsewhere = workers.values().stream().anyMatch(other -> other.running == item);
    if (elsewhere || told.containsKey(item) || crashed.contains(item)) {
      throw new AssertionError("item " + item + " begins once more in " + process.number);
    }
    process.running = item;
    process.since = clock.instant();
    begun.merge(item, 1, Integer::sum);
    int turn = ++process.turn;
    clock.after(
        durations.get(item),
        () -> {
          boolean same = workers.get(process.number) == process && process.turn == turn;
          if (same && process.running == item && !hanging.contains(item)) {
            end(process.number);
          }
        });
    clock.after(
        LONG,
        () -> {
          if (workers.get(process.number) == process && process.turn == turn) {
            say(new HostMessage.Started(process.number, item, process.since));
          }
        });
    script.begins(process.number, item);
  }

  private void leave(Slot process) {
    workers.remove(process.number);
    say(
        new HostMessage.Gone(
            process.number, process.pid, HostMessage.NONE, 0, HostMessage.NONE, "", "", "", true));
    endWhenDone();
  }

  private void endWhenDone() {
    if (finishing && workers.isEmpty()) {
      say(
          new HostMessage.Bye(
              told.containsValue(Outcome.FAILED) || !crashed.isEmpty() ? 1 : 0, false));
      exit(0);
    }
  }

  private void exit(int status) {
    if (!ended) {
      ended = true;
      say(new HostMessage.Exited(status));
    }
  }

  // ---- orders

  private void order(String name, int worker, Runnable carryOut) {
    orders.add(name + " " + worker);
    clock.after(
        way,
        () -> {
          if (!ended) {
            script.arrives(name, worker, carryOut);
          }
        });
  }

  private void toWorker(String name, int worker, Consumer<Slot> carryOut) {
    order(
        name,
        worker,
        () -> {
          Slot process = workers.get(worker);
          if (process != null) {
            carryOut.accept(process);
          }
        });
  }

  @Override
  public long pid() {
    return 1;
  }

  @Override
  public void listen(Consumer<HostMessage> listener) {
    sink = listener;
    collection.forEach(this::say);
    collecting = collection.isEmpty();
  }

  @Override
  public void startWorker(int worker, int count, boolean isolated) {
    order(
        "start",
        worker,
        () -> {
          var process = new Slot(worker, ++pids);
          if (workers.put(worker, process) != null) {
            throw new AssertionError("worker " + worker + " is started twice");
          }
          clock.after(BOOT, () -> ready(process));
        });
  }

  @Override
  public void run(int worker, List<Integer> items, List<Integer> repeat) {
    toWorker(
        "run",
        worker,
        process -> {
          if (stopped || process.retired) {
            say(new HostMessage.Dropped(worker, items));
          } else {
            process.given.addAll(items);
            process.repeat.addAll(repeat);
            next(process);
          }
        });
  }

  @Override
  public void drop(int worker) {
    toWorker("drop", worker, _ -> giveBack(worker));
  }

  @Override
  public void retire(int worker) {
    toWorker(
        "retire",
        worker,
        process -> {
          process.retired = true;
          next(process);
        });
  }

  @Override
  public void dump(int worker, int item, String text) {
    toWorker(
        "dump",
        worker,
        process -> {
          if (process.given.contains(item)) {
            process.overdue = text;
          }
        });
  }

  @Override
  public void dump(int worker) {
    toWorker("dump", worker, _ -> {});
  }

  @Override
  public void kill(int worker, int item, int signal) {
    toWorker(
        "kill",
        worker,
        process -> {
          if (process.given.contains(item) && !(stubborn.contains(item) && signal == SIGTERM)) {
            ends(process, signal);
          }
        });
  }

  @Override
  public void killNow(long pid) {
    orders.add("kill now");
    workers.values().stream()
        .filter(process -> process.pid == pid)
        .findFirst()
        .ifPresent(
            process -> script.arrives("kill now", process.number, () -> ends(process, SIGKILL)));
  }

  @Override
  public void spawnFromNow() {
    order("spawn", HostMessage.NONE, () -> spawns = true);
  }

  @Override
  public void crashed(int worker, int item, String text) {
    if (!crashed.add(item)) {
      throw new AssertionError("item " + item + " is reported as crashed twice");
    }
    orders.add("crashed " + item);
  }

  @Override
  public void finish() {
    order(
        "finish",
        HostMessage.NONE,
        () -> {
          finishing = true;
          stopped = true;
          for (Slot process : List.copyOf(workers.values())) {
            giveBack(process.number);
            process.retired = true;
            next(process);
          }
          endWhenDone();
        });
  }

  @Override
  public void abort(String reason) {
    order(
        "abort",
        HostMessage.NONE,
        () -> {
          workers.clear();
          say(new HostMessage.Bye(2, false));
          exit(2);
        });
  }

  /// A session that runs tests ignores it; one that collects ends.
  @Override
  public void interrupt() {
    order(
        "interrupt",
        HostMessage.NONE,
        () -> {
          if (collecting) {
            say(new HostMessage.Stop("KeyboardInterrupt"));
            say(new HostMessage.Bye(2, false));
            exit(2);
          }
        });
  }

  @Override
  public void kill() {
    order("kill host", HostMessage.NONE, () -> crash(137));
  }

  @Override
  public void close() {
    ended = true;
  }
}
