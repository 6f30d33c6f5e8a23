package dev.plimsoll.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Keeps suites apart that must not run at the same time, over all runs of a user on a machine.
///
/// Many may hold the lock {@link Mode#SHARED}, one alone may hold it {@link Mode#EXCLUSIVE}. Two
/// locked files do it: whoever wants in first takes the gate, then the lock, then gives the gate
/// back, so that newcomers queue behind one who waits for exclusive use. The kernel releases both
/// when a process ends, in whatever way. Beside them each holder keeps a file with its name, for
/// those who wait. One process holds at most one lease.
public final class MachineLock {
  /// How often a lock that others hold is tried again. A thread that blocks in the kernel for it
  /// cannot be relied on to notice an interrupt (seen with virtual threads of JDK 25), so it is
  /// asked for now and then.
  private static final Duration AGAIN = Duration.ofMillis(50);

  private final Path folder;

  /// @param folder a folder that the runs have in common and only their user may write to
  public MachineLock(Path folder) {
    this.folder = folder;
  }

  public enum Mode {
    SHARED,
    EXCLUSIVE
  }

  /// Take the lock, waiting as long as it takes.
  ///
  /// @param holder the name to show to others that wait
  /// @param waiting receives the holder of the lock, once, if the lock is not free
  /// @throws InterruptedException when the thread is interrupted while it waits
  public Lease acquire(Mode mode, String holder, Consumer<List<String>> waiting)
      throws IOException, InterruptedException {
    FileChannel gate = open("suites.gate");
    FileChannel file = open("suites.lock");
    try (gate) {
      var turn = new Turn(waiting);
      lock(gate, Mode.EXCLUSIVE, turn);
      lock(file, mode, turn);
      return new Lease(file, write(holder));
    } catch (IOException | InterruptedException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /// What one who waits tells, as the end of a sentence. Nobody is named when the holder let go
  /// meanwhile, or another one waits before.
  public static String waits(List<String> holders) {
    return holders.isEmpty()
        ? "waits for its turn on this machine"
        : "waits until this machine is free of " + String.join(", ", holders);
  }

  /// Who holds the lock now.
  public List<String> holders() throws IOException {
    List<String> holders = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(MachineLock::isHolder).sorted().toList()) {
        addLiving(file, holders);
      }
    }
    return holders;
  }

  /// A held lock.
  public static final class Lease implements AutoCloseable {
    private final FileChannel file;
    private final Path name;

    private Lease(FileChannel file, Path name) {
      this.file = file;
      this.name = name;
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(name);
      file.close();
    }
  }

  /// Tells once for whom it waits.
  private final class Turn {
    private final Consumer<List<String>> waiting;
    private boolean told;

    Turn(Consumer<List<String>> waiting) {
      this.waiting = waiting;
    }

    void tell() throws IOException {
      if (!told) {
        told = true;
        waiting.accept(holders());
      }
    }
  }

  private void lock(FileChannel channel, Mode mode, Turn turn)
      throws IOException, InterruptedException {
    boolean shared = mode == Mode.SHARED;
    if (channel.tryLock(0, Long.MAX_VALUE, shared) != null) {
      return;
    }
    turn.tell();
    while (channel.tryLock(0, Long.MAX_VALUE, shared) == null) {
      Thread.sleep(AGAIN);
    }
  }

  private FileChannel open(String name) throws IOException {
    return FileChannel.open(
        folder.resolve(name),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  /// The name carries the moment the process started: a later process with its pid is another one.
  private Path write(String holder) throws IOException {
    ProcessHandle self = ProcessHandle.current();
    return Files.writeString(
        folder.resolve("holder-" + self.pid() + "-" + startMillis(self)), holder + "\n");
  }

  private static long startMillis(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static boolean isHolder(Path file) {
    return file.getFileName().toString().matches("holder-\\d+-\\d+");
  }

  private static void addLiving(Path file, List<String> holders) throws IOException {
    String name = file.getFileName().toString();
    int dash = name.lastIndexOf('-');
    long pid = Long.parseLong(name.substring("holder-".length(), dash));
    long start = Long.parseLong(name.substring(dash + 1));
    if (ProcessHandle.of(pid).filter(p -> p.isAlive() && startMillis(p) == start).isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    try {
      holders.add(Files.readString(file).strip() + " (pid " + pid + ")");
    } catch (NoSuchFileException released) {
      // It let go while we looked.
    }
  }
}
