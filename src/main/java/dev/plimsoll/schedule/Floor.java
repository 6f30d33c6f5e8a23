package dev.plimsoll.schedule;

import dev.plimsoll.model.Bytes;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The workers that live, what they hold, and the memory they share.
final class Floor {
  private final TreeMap<Integer, Seat> seats = new TreeMap<>();
  private final Set<Integer> spare = new HashSet<>();
  private final long workerBase;
  private final Claims claims;
  private Memory memory;
  private long granted;
  private long denied = Long.MAX_VALUE;
  private boolean waits;
  private int next;

  Floor(Bytes workerBase, Bytes room, Claims claims) {
    this.workerBase = workerBase.value();
    this.claims = claims;
    this.memory = new Memory(room, Map.of(), Map.of(), Memory.State.CALM, "");
  }

  /// A new worker with the lowest free number.
  Seat open() {
    int number =
        spare.isEmpty() ? next++ : spare.stream().min(Comparator.naturalOrder()).orElseThrow();
    spare.remove(number);
    Seat seat = new Seat(number);
    seats.put(number, seat);
    return seat;
  }

  Optional<Seat> close(int worker) {
    Seat seat = seats.remove(worker);
    if (seat != null) {
      spare.add(worker);
    }
    return Optional.ofNullable(seat);
  }

  Seat seat(int worker) {
    Seat seat = seats.get(worker);
    if (seat == null) {
      throw new IllegalStateException("no worker " + worker);
    }
    return seat;
  }

  Optional<Seat> find(int worker) {
    return Optional.ofNullable(seats.get(worker));
  }

  Collection<Seat> seats() {
    return seats.values();
  }

  /// The newest numbers first.
  Collection<Seat> newestFirst() {
    return seats.descendingMap().values();
  }

  /// Idle workers first, so that a second helping never takes what an idle worker could run.
  List<Seat> byLoad() {
    return seats.values().stream()
        .sorted((a, b) -> Integer.compare(a.tests.size(), b.tests.size()))
        .toList();
  }

  boolean isEmpty() {
    return seats.isEmpty();
  }

  boolean isIdle() {
    return seats.values().stream().allMatch(Seat::isIdle);
  }

  /// How many workers are such.
  int count(Predicate<Seat> such) {
    return (int) seats.values().stream().filter(such).count();
  }

  boolean any(Predicate<Seat> such) {
    return seats.values().stream().anyMatch(such);
  }

  // ---- memory

  void sense(Memory sample) {
    memory = sample;
    for (Seat seat : seats.values()) {
      seat.growth = sample.growth().getOrDefault(seat.worker, Bytes.ZERO).value();
    }
    granted = committed(null);
    denied = Long.MAX_VALUE;
    claims.publish(Bytes.of(granted), !isIdle());
  }

  boolean isCalm() {
    return memory.state() == Memory.State.CALM;
  }

  /// Why memory is not calm; empty when it is.
  String whyShort() {
    return isCalm() ? "" : memory.why();
  }

  /// What all workers but one may still grow by, in bytes.
  private long committed(@Nullable Seat but) {
    long sum = 0;
    for (Seat seat : seats.values()) {
      if (seat != but) {
        sum += seat.ready ? Math.max(0, seat.peak() - seat.growth) : workerBase;
      }
    }
    return sum;
  }

  /// Whether there is room for one more worker.
  boolean fitsWorker() {
    return isCalm() && committed(null) + workerBase <= memory.room().value();
  }

  /// Whether a worker may take a test of this peak beside what runs.
  boolean fits(Seat seat, long peak) {
    long total = committedWith(seat, peak);
    return total <= memory.room().value() && isGranted(total, false);
  }

  /// Whether a worker may take a test of this peak when nothing runs: only other runs can be in the
  /// way.
  boolean mayBegin(Seat seat, long peak) {
    waits = !isGranted(committedWith(seat, peak), true);
    return !waits;
  }

  /// Whether nothing runs because other runs use what the next test needs.
  boolean waitsForOthers() {
    return waits;
  }

  private long committedWith(Seat seat, long peak) {
    return committed(seat) + Math.max(0, Math.max(seat.peak(), peak) - seat.growth);
  }

  /// The word of the other runs, asked for only when this one wants more than it was granted, and
  /// not again between two looks when it was less that they denied.
  private boolean isGranted(long total, boolean idle) {
    if (total > granted && total < denied) {
      if (claims.claim(Bytes.of(total), memory.room(), idle)) {
        granted = total;
      } else {
        denied = total;
      }
    }
    return total <= granted;
  }

  /// When a unit could start, and what would be left beside it then.
  record Opening(long at, long spare) {}

  Opening openingFor(Unit unit, long now) {
    long room = memory.room().value() - committed(null) - unit.peak().value();
    long at = now;
    var busy = seats.values().stream().filter(seat -> !seat.isIdle());
    for (Seat seat : busy.sorted((a, b) -> Long.compare(a.end(now), b.end(now))).toList()) {
      if (room >= 0) {
        break;
      }
      room += Math.max(seat.peak(), seat.growth);
      at = seat.end(now);
    }
    return new Opening(at, Math.max(0, room));
  }

  /// By what they hold above their lease, the newest last of equals.
  private static int byExcess(Seat a, Seat b) {
    int excess = Long.compare(a.excess(), b.excess());
    return excess != 0 ? excess : Long.compare(a.since, b.since);
  }

  /// The worker to give up under pressure: the one furthest above its lease, the newest of equals.
  /// The one whose test runs longest is never given up for what others take, so that something
  /// always gets done; it is only when it alone is above its lease, or runs alone and holds most of
  /// the memory, and its end would help. None while another is dying.
  Optional<Seat> victim(Policy policy) {
    if (any(seat -> seat.dying)) {
      return Optional.empty();
    }
    var running = seats.values().stream().filter(seat -> !seat.isIdle()).toList();
    var oldest = running.stream().min((a, b) -> Long.compare(a.since, b.since));
    var other = running.stream().filter(seat -> seat != oldest.orElseThrow()).max(Floor::byExcess);
    if (other.filter(seat -> seat.excess() > 0).isPresent()) {
      return other;
    }
    boolean alone = running.size() == 1;
    boolean spared = policy.oversize() && alone;
    return oldest
        .filter(seat -> !spared && isCause(seat, alone, policy.capacity()))
        .or(() -> other);
  }

  /// Whether a test took more than it was thought to, or was given all there is, or holds most of
  /// that with nothing beside it, and its end would bring the run back into its budget.
  private boolean isCause(Seat seat, boolean alone, Bytes capacity) {
    boolean all = seat.hasExclusive() || seat.peak() >= capacity.value();
    boolean most = alone && seat.growth > capacity.value() / 2;
    boolean more = seat.excess() > 0 || all || most;
    return more && seat.growth + memory.room().value() > 0;
  }
}
