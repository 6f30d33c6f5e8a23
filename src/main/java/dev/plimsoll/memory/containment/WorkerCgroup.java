package dev.plimsoll.memory.containment;

import dev.plimsoll.memory.CgroupDir.Version;
import dev.plimsoll.memory.ReusableProcFile;
import dev.plimsoll.model.Bytes;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/// The control group of one worker: its limit, what it holds, its peak, and how many processes the
/// kernel killed in it for memory.
///
/// Version 2: `memory.max`, swap closed, `memory.oom.group` so that a worker dies with its
/// children; version 1: `limit_in_bytes` with `memsw` where swap is accounted, where the kernel
/// kills one process only. Each figure is empty on kernels that do not keep it.
public final class WorkerCgroup implements AutoCloseable {
  private final CgroupFs dir;
  private final Version version;
  private final boolean together;
  private final ReusableProcFile events;

  private WorkerCgroup(
      CgroupFs dir, Version version, boolean together, ReusableProcFile.Scratch scratch) {
    this.dir = dir;
    this.version = version;
    String file = version == Version.V2 ? "memory.events" : "memory.oom_control";
    events = new ReusableProcFile(dir.path().resolve(file), scratch);
    this.together = together && version == Version.V2 && dir.tryWrite("memory.oom.group", "1");
  }

  /// Make the group with this limit.
  ///
  /// @param together whether its processes shall die together, where the kernel can do that
  static WorkerCgroup create(
      CgroupFs dir,
      Version version,
      Bytes limit,
      boolean together,
      ReusableProcFile.Scratch scratch)
      throws IOException {
    dir.create();
    var workerCgroup = new WorkerCgroup(dir, version, together, scratch);
    workerCgroup.limit(limit);
    return workerCgroup;
  }

  /// The last part of its path, by which it is known in the kernel's log.
  public String name() {
    return String.valueOf(dir.path().getFileName());
  }

  /// Whether the kernel kills all of its processes when one exceeds the limit.
  public boolean killsTogether() {
    return together;
  }

  /// Move a process here, with what it starts from now on.
  public void add(long pid) throws IOException {
    dir.add(pid);
  }

  /// Set the limit. A limit below what is held makes the kernel reclaim and then kill.
  public void limit(Bytes limit) throws IOException {
    String bytes = Long.toString(limit.value());
    if (version == Version.V2) {
      dir.tryWrite("memory.swap.max", "0");
      dir.write("memory.max", bytes);
      return;
    }
    // memory <= memory+swap must hold at each step, whichever way the limit moves.
    boolean lowered = dir.tryWrite("memory.limit_in_bytes", bytes);
    if (!dir.tryWrite("memory.memsw.limit_in_bytes", bytes)) {
      dir.tryWrite("memory.swappiness", "0");
    }
    if (!lowered) {
      dir.write("memory.limit_in_bytes", bytes);
    }
  }

  /// The most that was charged since the group was made. File cache counts in it.
  public Optional<Bytes> peak() {
    return dir.peak(version);
  }

  /// Processes of this group that the kernel killed for memory, whatever limit was the reason.
  public OptionalLong kills() {
    return events.read().map(text -> text.number("oom_kill")).orElse(OptionalLong.empty());
  }

  /// Kill everything in it.
  public void kill() {
    dir.kill();
  }

  /// Kill what is left and remove the group.
  @Override
  public void close() {
    events.close();
    dir.kill();
    dir.remove();
  }
}
