package dev.plimsoll.memory;

import dev.plimsoll.files.UserFolder;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.OtherRuns;
import dev.plimsoll.model.ProcessKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Let the runs of one user on one machine share its memory.
///
/// Each run keeps one line in a common file: who it is, how much its running tests are still
/// expected to allocate, whether it has tests running or waits with none, and what it holds. What
/// it holds is missing from the machine's available memory already; it is there to be named. A
/// claim is decided under the file's lock (released by the kernel when the process dies), so two
/// runs never take the same memory. A run that waits with nothing running goes first: others that
/// have something running get no more until it has had its turn. When no run has a test running,
/// the first that asks goes on, whether it fits or not. Lines of processes that are gone are
/// dropped by whoever looks next. The file is small and rewritten in place; a torn line counts as
/// gone.
public final class SharedBudget implements AutoCloseable {
  /// Below this a change is not worth writing.
  private static final Bytes GRAIN = Bytes.mib(64);

  private final FileChannel file;
  private final ProcessKey self;
  private final Predicate<ProcessKey> isAlive;
  private Bytes mine = Bytes.ZERO;
  private State state = State.IDLE;
  private Bytes held = Bytes.ZERO;
  private Bytes written = Bytes.ZERO;

  private enum State {
    IDLE,
    WAITS,
    BUSY
  }

  /// A run's line.
  private record Line(ProcessKey run, Bytes pending, State state, Bytes held) {
    String text() {
      return "%d %d %d %s %d\n"
          .formatted(run.pid(), run.start(), pending.value(), state, held.value());
    }

    static Optional<Line> parse(String text) {
      String[] words = text.split(" ", -1);
      try {
        return words.length != 5
            ? Optional.empty()
            : Optional.of(
                new Line(
                    new ProcessKey(Long.parseLong(words[0]), Long.parseLong(words[1])),
                    Bytes.of(Long.parseLong(words[2])),
                    State.valueOf(words[3]),
                    Bytes.of(Long.parseLong(words[4]))));
      } catch (IllegalArgumentException torn) {
        return Optional.empty();
      }
    }
  }

  private SharedBudget(FileChannel file, ProcessKey self, Predicate<ProcessKey> isAlive) {
    this.file = file;
    this.self = self;
    this.isAlive = isAlive;
  }

  /// Join the runs that share `folder` (see {@link UserFolder#runtime}).
  ///
  /// @param self the process whose life is the run's
  /// @param isAlive whether a process still runs
  /// @throws IOException when the file cannot be made or locked
  public static SharedBudget join(Path folder, ProcessKey self, Predicate<ProcessKey> isAlive)
      throws IOException {
    FileChannel file =
        FileChannel.open(
            folder.resolve("runs"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    var budget = new SharedBudget(file, self, isAlive);
    budget.write(Bytes.ZERO, State.IDLE);
    return budget;
  }

  /// What other runs hold and are about to allocate.
  public OtherRuns others() throws IOException {
    try (FileLock _ = file.lock()) {
      List<Line> lines = readOthers();
      Bytes holding = lines.stream().map(Line::held).reduce(Bytes.ZERO, Bytes::plus);
      return new OtherRuns(holding, sum(lines));
    }
  }

  /// Say what this run holds, with the next line that it writes.
  public void holds(Bytes now) {
    held = now;
  }

  /// Say how much the running tests are still expected to allocate, without asking: for less than
  /// before, and for what must go on in any case.
  ///
  /// @param busy whether a test of this run runs
  public void publish(Bytes pending, boolean busy) throws IOException {
    State next = busy ? State.BUSY : state == State.BUSY ? State.IDLE : state;
    boolean nothingLeft = pending.value() == 0 && mine.isPositive();
    if (next != state || nothingLeft || apart(pending, mine) || apart(held, written)) {
      write(pending, next);
    }
  }

  /// Ask for `pending` in all. False: not now; this run then counts as waiting when it has nothing
  /// running.
  ///
  /// @param headroom what this run could allocate when it last looked at the machine
  /// @param seen what others were about to allocate at that look, taken off from the headroom
  ///   already; what has since gone from their lines may have been allocated, so it is not free
  ///   before the next look
  /// @param idle whether no test of this run runs
  public boolean claim(Bytes pending, Bytes headroom, Bytes seen, boolean idle) throws IOException {
    boolean[] granted = {false};
    locked(others -> {
      Bytes more = sum(others).minus(seen).max(Bytes.ZERO);
      boolean fits = pending.plus(more).compareTo(headroom) <= 0;
      boolean mayPass = idle || others.stream().noneMatch(line -> line.state() == State.WAITS);
      boolean nobodyRuns = others.stream().noneMatch(line -> line.state() == State.BUSY);
      granted[0] = (mayPass && fits) || (idle && nobodyRuns);
      mine = granted[0] ? pending : mine;
      state = granted[0] || !idle ? State.BUSY : State.WAITS;
      return with(others, own(mine, state));
    });
    return granted[0];
  }

  private void write(Bytes pending, State next) throws IOException {
    mine = pending;
    state = next;
    locked(others -> with(others, own(pending, next)));
  }

  private Line own(Bytes pending, State next) {
    written = held;
    return new Line(self, pending, next, held);
  }

  private static boolean apart(Bytes now, Bytes told) {
    return Math.abs(now.minus(told).value()) >= GRAIN.value();
  }

  private static Bytes sum(List<Line> lines) {
    return lines.stream().map(Line::pending).reduce(Bytes.ZERO, Bytes::plus);
  }

  private static List<Line> with(List<Line> lines, Line own) {
    var all = new ArrayList<>(lines);
    all.add(own);
    return all;
  }

  private void locked(Function<List<Line>, List<Line>> change) throws IOException {
    try (FileLock _ = file.lock()) {
      write(change.apply(readOthers()));
    }
  }

  private List<Line> readOthers() throws IOException {
    var buffer = ByteBuffer.allocate((int) Math.min(file.size(), 64 << 10));
    int count;
    do {
      count = file.read(buffer, buffer.position());
    } while (count > 0 && buffer.hasRemaining());
    String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    return text.lines()
        .map(Line::parse)
        .flatMap(Optional::stream)
        .filter(line -> !line.run().equals(self) && isAlive.test(line.run()))
        .toList();
  }

  private void write(List<Line> lines) throws IOException {
    var text = new StringBuilder();
    lines.forEach(line -> text.append(line.text()));
    var buffer = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
    int length = buffer.remaining();
    while (buffer.hasRemaining()) {
      file.write(buffer, buffer.position());
    }
    file.truncate(length);
  }

  /// Leave: the line goes, the memory is free for others.
  @Override
  public void close() throws IOException {
    locked(others -> others);
    file.close();
  }
}
