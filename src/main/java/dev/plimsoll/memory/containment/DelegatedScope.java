package dev.plimsoll.memory.containment;

import dev.plimsoll.memory.CgroupDir;
import dev.plimsoll.memory.CgroupDir.Version;
import dev.plimsoll.memory.Cgroups;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.model.ProcessKey;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// A scope of the user's systemd, handed over with its control group (version 2).
///
/// A process may be moved between version 2 groups only by who may write to the group above both,
/// so the host is *started* inside its scope.
record DelegatedScope() implements ContainmentMethod {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(5);

  @Override
  public String id() {
    return "DELEGATED_V2";
  }

  @Override
  public String words() {
    return "a cgroup v2 delegated by systemd";
  }

  @Override
  public Optional<String> obstacle(SystemRoot root, CgroupDir own) {
    boolean runs = Files.isDirectory(root.at("/run/systemd/system"));
    return ContainmentMethod.otherVersion(own, Version.V2)
        .or(() -> runs ? Optional.empty() : Optional.of("systemd is not running here"));
  }

  @Override
  public List<String> wrap(List<String> command, ProcessKey owner) {
    List<String> wrapped = new ArrayList<>(List.of("systemd-run", "--user", "--scope", "--quiet"));
    // A run may start several hosts one after the other, and a scope goes some time after its last
    // process: each gets one of its own.
    String unit = unit(owner) + "-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
    wrapped.addAll(List.of("--collect", "-p", "Delegate=yes", "--unit=" + unit, "--"));
    wrapped.addAll(command);
    return wrapped;
  }

  @Override
  public Optional<RunCgroup> open(
      SystemRoot root, ProcessKey owner, long host, Predicate<ProcessKey> isAlive)
      throws IOException {
    return Optional.of(RunCgroup.delegated(scopeOf(root, owner, host)));
  }

  /// The scope that systemd moves the host to, some milliseconds after it was started. Any other
  /// group is not ours to change.
  private static CgroupFs scopeOf(SystemRoot root, ProcessKey owner, long host) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Optional<CgroupDir> group = Cgroups.of(root, Long.toString(host)).stream().findFirst();
      if (group.filter(g -> isScopeOf(owner, g.name())).isPresent()) {
        return new CgroupFs(group.get().path());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    throw new IOException("systemd did not move the host to the scope " + unit(owner));
  }

  private static boolean isScopeOf(ProcessKey owner, String group) {
    return group.contains("/" + unit(owner) + "-") && group.endsWith(".scope");
  }

  private static String unit(ProcessKey owner) {
    return "plimsoll-" + owner;
  }
}
