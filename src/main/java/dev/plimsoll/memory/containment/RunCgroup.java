package dev.plimsoll.memory.containment;

import dev.plimsoll.memory.CgroupDir.Version;
import dev.plimsoll.memory.Charge;
import dev.plimsoll.memory.ReusableProcFile;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The control group of a run: one worker cgroup for its host, one for each worker.
///
/// Its name holds the process that made it (`plimsoll-PID-START`), so that a later run removes what
/// a killed one left behind.
public final class RunCgroup implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("plimsoll-(\\d+)-(\\d+)");

  private final CgroupFs dir;
  private final Version version;
  private final boolean ours;
  private final ReusableProcFile.Scratch scratch = new ReusableProcFile.Scratch();
  private final Charge charge;

  /// @param ours whether to remove the directory at the end; systemd removes its own scope
  private RunCgroup(CgroupFs dir, Version version, boolean ours) {
    this.dir = dir;
    this.version = version;
    this.ours = ours;
    charge = new Charge(dir.path(), version, scratch);
  }

  /// Make a group below `base`.
  ///
  /// @param owner the process whose end makes the group a leftover
  static RunCgroup create(CgroupFs base, Version version, ProcessKey owner) throws IOException {
    CgroupFs dir = base.child("plimsoll-" + owner);
    dir.create();
    var group = new RunCgroup(dir, version, true);
    group.control();
    return group;
  }

  /// Use the scope that systemd made for the host, in which only the host's processes are.
  static RunCgroup delegated(CgroupFs scope) throws IOException {
    CgroupFs host = scope.child("host");
    host.create();
    for (long pid : scope.pids()) {
      host.add(pid);
    }
    var group = new RunCgroup(scope, Version.V2, false);
    group.control();
    return group;
  }

  private void control() throws IOException {
    if (version == Version.V2) {
      dir.write("cgroup.subtree_control", "+memory");
    }
  }

  /// A limit for all together, so that nothing here escapes a limit that stood above this process,
  /// and a bomb is stopped here before it meets a limit that Plimsoll itself lives under.
  public void limitAll(Bytes limit) {
    String bytes = Long.toString(limit.value());
    if (version == Version.V2) {
      dir.tryWrite("memory.max", bytes);
    } else if (dir.tryWrite("memory.limit_in_bytes", bytes)) {
      dir.tryWrite("memory.memsw.limit_in_bytes", bytes);
    }
  }

  /// Put the host's process into a worker cgroup of its own, without a limit.
  public void adoptHost(long pid) throws IOException {
    CgroupFs host = dir.child("host");
    host.create();
    host.add(pid);
  }

  /// A group for one worker; its name must be new while the run lasts.
  public WorkerCgroup workerCgroup(String worker, Bytes limit) throws IOException {
    return WorkerCgroup.create(dir.child(name() + "-" + worker), version, limit, true, scratch);
  }

  /// The same for a worker that outlives the death of a process below it, as that of a browser.
  public WorkerCgroup looseCgroup(String worker, Bytes limit) throws IOException {
    return WorkerCgroup.create(dir.child(name() + "-" + worker), version, limit, false, scratch);
  }

  public String name() {
    return String.valueOf(dir.path().getFileName());
  }

  /// What the whole run holds, less file cache that can be given back.
  public Optional<Bytes> held() {
    return charge.held();
  }

  /// The most the whole run held at once; file cache counts in it.
  public Optional<Bytes> peak() {
    return dir.peak(version);
  }

  /// Remove groups whose run is dead, with all processes in them; the names of those removed.
  static List<String> removeLeftovers(CgroupFs base, Predicate<ProcessKey> isAlive) {
    return base.children().stream()
        .filter(child -> isLeftover(child, isAlive))
        .filter(RunCgroup::clear)
        .map(child -> String.valueOf(child.path().getFileName()))
        .toList();
  }

  private static boolean isLeftover(CgroupFs child, Predicate<ProcessKey> isAlive) {
    Matcher name = NAME.matcher(String.valueOf(child.path().getFileName()));
    return name.matches()
        && !isAlive.test(
            new ProcessKey(Long.parseLong(name.group(1)), Long.parseLong(name.group(2))));
  }

  private static boolean clear(CgroupFs dir) {
    dir.kill();
    return dir.remove();
  }

  /// Kill everything in the run's group and remove it.
  @Override
  public void close() {
    charge.close();
    dir.kill();
    if (ours) {
      dir.remove();
    }
  }
}
