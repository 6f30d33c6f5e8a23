package dev.plimsoll.memory;

import dev.plimsoll.memory.CgroupDir.Version;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Ceiling;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Open control groups on one method of the ladder.
///
/// A process may be moved between version 2 groups only by who may write to the group above both,
/// so on the delegated method the host must be *started* inside its scope: start it with {@link
/// #wrap}. On the others `wrap` changes nothing. A version 2 group with processes of its own cannot
/// hand memory control to groups below ("no internal processes"); the run's group is then made
/// beside it, under the same parent, and gets the same limit.
public final class Containment {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final SystemRoot root;
  private final ContainmentMethod method;
  private final boolean required;

  Containment(SystemRoot root, ContainmentMethod method) {
    this(root, method, false);
  }

  private Containment(SystemRoot root, ContainmentMethod method, boolean required) {
    this.root = root;
    this.method = method;
    this.required = required;
  }

  public ContainmentMethod method() {
    return method;
  }

  public boolean isEnforced() {
    return method != ContainmentMethod.NONE;
  }

  /// Insist on enforced limits, now and when groups are opened.
  ///
  /// @throws UserError when there are none
  public Containment require() {
    if (!isEnforced()) {
      throw missing("no control group with the memory controller can be written to");
    }
    return new Containment(root, method, true);
  }

  private static UserError missing(String why) {
    return new UserError(
        "memory limits cannot be enforced here, and `--require-containment` asks for it",
        why,
        "run inside a systemd user session, or in a container as root with writable cgroups;\n"
            + "`plimsoll doctor` says what was tried",
        ExitCode.MEMORY);
  }

  /// The command line that starts `command` where its workers can be contained.
  ///
  /// @param owner this process
  public List<String> wrap(List<String> command, ProcessKey owner) {
    if (method != ContainmentMethod.DELEGATED_V2) {
      return List.copyOf(command);
    }
    List<String> wrapped = new ArrayList<>(List.of("systemd-run", "--user", "--scope", "--quiet"));
    // A run may start several hosts one after the other, and a scope goes some time after its last
    // process: each gets one of its own.
    String unit = unit(owner) + "-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
    wrapped.addAll(List.of("--collect", "-p", "Delegate=yes", "--unit=" + unit, "--"));
    wrapped.addAll(command);
    return wrapped;
  }

  /// Open the run's group around its host, which has been started already; first remove what dead
  /// runs left. Empty when nothing is enforced here.
  ///
  /// @throws IOException when the kernel refuses what it allowed to the probe
  /// @throws UserError in its place when limits are required
  public Optional<RunCgroup> open(ProcessKey owner, long host, Predicate<ProcessKey> isAlive)
      throws IOException {
    try {
      return switch (method) {
        case NONE -> Optional.empty();
        case DELEGATED_V2 -> Optional.of(RunCgroup.delegated(scopeOf(owner, host)));
        case WRITABLE_V2, WRITABLE_V1 -> Optional.of(below(owner, host, isAlive));
      };
    } catch (IOException refused) {
      if (required) {
        throw missing("the kernel refused what it allowed before: " + refused.getMessage());
      }
      throw refused;
    }
  }

  private RunCgroup below(ProcessKey owner, long host, Predicate<ProcessKey> isAlive)
      throws IOException {
    List<CgroupDir> groups = Cgroups.of(root, "self");
    if (groups.isEmpty()) {
      throw new IOException("the control group of this process is not visible any more");
    }
    CgroupDir own = groups.getFirst();
    var base = new CgroupFs(own.path());
    boolean stuck = own.version() == Version.V2 && !delegatesMemory(base);
    boolean beside = stuck && groups.size() > 1;
    if (beside) {
      base = new CgroupFs(groups.get(1).path());
    } else if (stuck) {
      moveProcessesDown(base);
    }
    RunCgroup.removeLeftovers(base, isAlive);
    RunCgroup group = RunCgroup.create(base, own.version(), owner);
    if (beside) {
      limitOf(own).ifPresent(group::limitAll);
    }
    group.adoptHost(host);
    return group;
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

  /// The scope that systemd moves the host to, some milliseconds after it was started. Any other
  /// group is not ours to change.
  private CgroupFs scopeOf(ProcessKey owner, long host) throws IOException {
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
