package dev.plimsoll.memory;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.ProcessKey;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Measure the memory of sets of processes, most of the time cheaply.
///
/// Forked workers share pages: the sum of resident sizes counts them once per worker (five times
/// the truth with four workers), the sum of private sizes leaves them out. Proportional sizes (PSS
/// plus swap) add up rightly, but reading `smaps_rollup` costs about 20 ms per resident gigabyte.
/// So each process is read exactly when it is first seen and whenever {@link #exact} is called, and
/// in between {@link #now} adds what it has allocated for itself by the last {@link #look}
/// (`statm`, some microseconds). Between two exact readings, writes to pages inherited by fork are
/// not seen, pages that a newcomer shares count a little too high in its relatives, and pages of
/// files and of shared memory do not count: most are the same in many processes (those of a browser
/// map 200 MB of one program each), so {@link Reading#unsure} tells when it is time to read
/// exactly. Where `smaps_rollup` cannot be read (kernels before 4.14, some sandboxes), the sum of
/// resident sizes is all there is, and the reading says so. One thread at a time.
public final class TreeMemory implements AutoCloseable {
  /// Newcomers read exactly in one {@link #now}, so that a burst of forks costs little.
  private static final int NEWCOMERS = 4;

  private final Path proc;
  private final long pageSize;
  private final ReusableProcFile.Scratch scratch = new ReusableProcFile.Scratch();
  private final Map<ProcessKey, Seen> seen = new HashMap<>();

  /// A figure and how it was taken.
  ///
  /// @param unsure by how much the true size may be above it: what the processes have mapped of
  ///   files and shared memory since they were read exactly
  public record Reading(Bytes size, PeakSource source, Bytes unsure) {
    public static final Reading NONE = new Reading(Bytes.ZERO, PeakSource.NONE);

    public Reading(Bytes size, PeakSource source) {
      this(size, source, Bytes.ZERO);
    }

    /// The larger of the two: a peak.
    public Reading max(Reading other) {
      return other.size.compareTo(size) > 0 ? other : this;
    }
  }

  /// Resident pages of a process, in bytes.
  ///
  /// @param own what it has allocated itself
  /// @param shared pages of files and of shared memory
  private record Pages(long own, long shared) {
    static final Pages NONE = new Pages(0, 0);

    long resident() {
      return own + shared;
    }
  }

  /// What is known of a process: its pages at the last look, its last exact size, and its pages at
  /// that moment.
  private static final class Seen {
    final ReusableProcFile statm;
    Pages now = Pages.NONE;
    @Nullable Bytes exact;
    Pages then = Pages.NONE;
    boolean readable = true;

    Seen(ReusableProcFile statm) {
      this.statm = statm;
    }
  }

  public TreeMemory(SystemRoot root) {
    this.proc = root.at("/proc");
    this.pageSize = root.pageSize();
  }

  /// Take a cheap reading of each of these processes.
  public void look(Collection<ProcessKey> processes) {
    for (ProcessKey process : processes) {
      Seen state = seen.get(process);
      if (state == null) {
        meet(process);
      } else {
        state.now = pages(state);
      }
    }
  }

  /// The memory of these processes together, as of the last look.
  public Reading now(Collection<ProcessKey> processes) {
    return sum(processes, NEWCOMERS);
  }

  /// The memory of these processes together; reads all of them exactly, which costs about 20 ms per
  /// resident gigabyte.
  public Reading exact(Collection<ProcessKey> processes) {
    for (ProcessKey process : processes) {
      readExactly(process, seen(process));
    }
    return sum(processes, 0);
  }

  /// What a process itself has allocated and holds in memory: its resident pages less those of
  /// files and of shared memory. A forked child begins with its parent's figure.
  public Bytes anonymous(ProcessKey process) {
    return Bytes.of(seen(process).now.own());
  }

  /// Whether a process lived when it was looked at last; false for one that never was.
  public boolean lived(ProcessKey process) {
    Seen state = seen.get(process);
    return state != null && state.now.resident() > 0;
  }

  /// Forget every process that is not in this set, and close its file.
  public void retain(Set<ProcessKey> live) {
    for (Iterator<Map.Entry<ProcessKey, Seen>> it = seen.entrySet().iterator(); it.hasNext(); ) {
      Map.Entry<ProcessKey, Seen> entry = it.next();
      if (!live.contains(entry.getKey())) {
        entry.getValue().statm.close();
        it.remove();
      }
    }
  }

  /// Add up.
  ///
  /// @param newcomers of processes never read exactly, so many are now
  private Reading sum(Collection<ProcessKey> processes, int newcomers) {
    long total = 0;
    long unsure = 0;
    int left = newcomers;
    PeakSource source = PeakSource.PSS;
    for (ProcessKey process : processes) {
      Seen state = seen(process);
      if (left > 0 && state.exact == null && state.readable) {
        left--;
        readExactly(process, state);
      }
      Bytes exact = state.exact;
      if (exact != null) {
        total += Math.max(0, exact.value() + state.now.own() - state.then.own());
      } else if (state.now.resident() > 0 && !state.readable) {
        total += state.now.resident();
        source = PeakSource.RSS_SUM;
      }
      unsure += Math.max(0, state.now.shared() - state.then.shared());
    }
    return new Reading(Bytes.of(total), source, Bytes.of(unsure));
  }

  private Seen seen(ProcessKey process) {
    Seen state = seen.get(process);
    return state == null ? meet(process) : state;
  }

  private Seen meet(ProcessKey process) {
    var state = new Seen(new ReusableProcFile(of(process).resolve("statm"), scratch));
    state.now = pages(state);
    seen.put(process, state);
    return state;
  }

  private Path of(ProcessKey key) {
    return proc.resolve(Long.toString(key.pid()));
  }

  private Pages pages(Seen state) {
    Optional<ProcText> text = state.statm.read();
    OptionalLong resident = text.map(line -> line.column(1)).orElse(OptionalLong.empty());
    if (resident.isEmpty()) {
      state.exact = null;
      state.readable = false;
      return Pages.NONE;
    }
    long shared = text.map(line -> line.column(2)).orElse(OptionalLong.empty()).orElse(0);
    return new Pages(Math.max(0, resident.getAsLong() - shared) * pageSize, shared * pageSize);
  }

  private void readExactly(ProcessKey process, Seen state) {
    state.now = pages(state);
    state.then = state.now;
    Optional<Bytes> exact;
    try (var rollup = new ReusableProcFile(of(process).resolve("smaps_rollup"), scratch)) {
      exact = rollup.read().flatMap(TreeMemory::proportional);
    }
    state.exact = exact.orElse(null);
    state.readable = exact.isPresent();
  }

  /// PSS plus swapped PSS from the text of `smaps_rollup`.
  static Optional<Bytes> proportional(ProcText rollup) {
    OptionalLong pss = rollup.number("Pss");
    return pss.isEmpty()
        ? Optional.empty()
        : Optional.of(Bytes.kib(pss.getAsLong() + rollup.number("SwapPss").orElse(0)));
  }

  @Override
  public void close() {
    retain(Set.of());
  }
}
