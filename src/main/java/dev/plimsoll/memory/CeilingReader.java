package dev.plimsoll.memory;

import dev.plimsoll.memory.CgroupDir.Version;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Ceiling;
import java.util.Optional;
import java.util.OptionalLong;

/// Read the limit and the usage of one control group through kept-open files.
///
/// In version 2 the lower of `memory.max` and `memory.high` counts: above `high` the kernel stalls
/// the group so hard that tests time out. In version 1 a limit near 2^63 means none, and
/// `hierarchical_memory_limit` also knows the groups above that this process cannot see. Sources:
/// Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst of the kernel.
public final class CeilingReader implements AutoCloseable {
  /// Version 1 writes "no limit" as the largest number of whole pages.
  private static final long UNLIMITED = 1L << 60;

  private final CgroupDir dir;
  private final boolean innermost;
  private final ReusableProcFile limit;
  private final ReusableProcFile high;
  private final Charge charge;
  private long lowest = UNLIMITED;
  private long calls;

  public CeilingReader(CgroupDir dir, boolean innermost, ReusableProcFile.Scratch scratch) {
    this.dir = dir;
    this.innermost = innermost;
    boolean v2 = dir.version() == Version.V2;
    limit = file(v2 ? "memory.max" : "memory.limit_in_bytes", scratch);
    high = file("memory.high", scratch);
    charge = new Charge(dir.path(), dir.version(), scratch);
  }

  private ReusableProcFile file(String name, ReusableProcFile.Scratch scratch) {
    return new ReusableProcFile(dir.path().resolve(name), scratch);
  }

  /// The limit now; empty when there is none, or it cannot be read. Limits change rarely and are
  /// read again at every tenth call, usage at each.
  public Optional<Ceiling> read() {
    if (calls++ % 10 == 0) {
      lowest = lowest();
    }
    return lowest >= UNLIMITED ? Optional.empty() : Optional.of(ceiling(lowest));
  }

  private long lowest() {
    if (dir.version() == Version.V2) {
      return Math.min(value(limit), value(high));
    }
    return innermost ? Math.min(value(limit), hierarchical()) : value(limit);
  }

  private Ceiling ceiling(long lowest) {
    Bytes used = charge.used().orElse(Bytes.ZERO);
    return new Ceiling(dir.name(), Bytes.of(lowest), used, charge.givenBack());
  }

  private long hierarchical() {
    return charge.stat("hierarchical_memory_limit").orElse(UNLIMITED);
  }

  private static long value(ReusableProcFile file) {
    return file.read().map(ProcText::first).orElse(OptionalLong.empty()).orElse(UNLIMITED);
  }

  @Override
  public void close() {
    limit.close();
    high.close();
    charge.close();
  }
}
