package dev.plimsoll.memory.containment;

import dev.plimsoll.memory.CgroupDir;
import dev.plimsoll.memory.CgroupDir.Version;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.model.ProcessKey;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/// A version 1 memory hierarchy that this user may write to: the run's group is made below that of
/// this process.
record WritableV1() implements ContainmentMethod {
  @Override
  public String id() {
    return "WRITABLE_V1";
  }

  @Override
  public String words() {
    return "a writable cgroup v1";
  }

  @Override
  public Optional<String> obstacle(SystemRoot root, CgroupDir own) {
    return ContainmentMethod.notWritable(own, Version.V1);
  }

  @Override
  public Optional<RunCgroup> open(
      SystemRoot root, ProcessKey owner, long host, Predicate<ProcessKey> isAlive)
      throws IOException {
    var own = new CgroupFs(ContainmentMethod.groups(root).getFirst().path());
    RunCgroup.removeLeftovers(own, isAlive);
    RunCgroup group = RunCgroup.create(own, Version.V1, owner);
    group.adoptHost(host);
    return Optional.of(group);
  }
}
