package dev.plimsoll.memory.containment;

import dev.plimsoll.memory.CeilingReader;
import dev.plimsoll.memory.CgroupDir;
import dev.plimsoll.memory.CgroupDir.Version;
import dev.plimsoll.memory.ReusableProcFile;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Ceiling;
import dev.plimsoll.model.ProcessKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// A version 2 hierarchy that this user may write to.
///
/// A version 2 group with processes of its own cannot hand memory control to groups below ("no
/// internal processes"); the run's group is then made beside it, under the same parent, and gets
/// the same limit.
record WritableV2() implements ContainmentMethod {
  @Override
  public String id() {
    return "WRITABLE_V2";
  }

  @Override
  public String words() {
    return "a writable cgroup v2";
  }

  @Override
  public Optional<String> obstacle(SystemRoot root, CgroupDir own) {
    return ContainmentMethod.notWritable(own, Version.V2);
  }

  @Override
  public Optional<RunCgroup> open(
      SystemRoot root, ProcessKey owner, long host, Predicate<ProcessKey> isAlive)
      throws IOException {
    List<CgroupDir> groups = ContainmentMethod.groups(root);
    CgroupDir own = groups.getFirst();
    var base = new CgroupFs(own.path());
    boolean stuck = !delegatesMemory(base);
    boolean beside = stuck && groups.size() > 1;
    if (beside) {
      base = new CgroupFs(groups.get(1).path());
    } else if (stuck) {
      moveProcessesDown(base);
    }
    RunCgroup.removeLeftovers(base, isAlive);
    RunCgroup group = RunCgroup.create(base, Version.V2, owner);
    if (beside) {
      limitOf(own).ifPresent(group::limitAll);
    }
    group.adoptHost(host);
    return Optional.of(group);
  }

  /// Whether cgroups below this version 2 cgroup have the memory controller, or can be given it.
  private static boolean delegatesMemory(CgroupFs own) {
    return own.read("cgroup.subtree_control").orElse("").contains("memory")
        || own.tryWrite("cgroup.subtree_control", "+memory");
  }

  /// Move the processes of a container's top cgroup one level down, so that the memory controller
  /// can be enabled for cgroups below it. Container images that run containers do the same. The
  /// processes stay there, so later runs find the top cgroup ready.
  private static void moveProcessesDown(CgroupFs top) throws IOException {
    CgroupFs rest = top.child("plimsoll-rest");
    rest.create();
    for (long pid : top.pids()) {
      rest.add(pid);
    }
    top.write("cgroup.subtree_control", "+memory");
  }

  private static Optional<Bytes> limitOf(CgroupDir own) {
    try (var reader = new CeilingReader(own, true, new ReusableProcFile.Scratch())) {
      return reader.read().map(Ceiling::limit);
    }
  }
}
