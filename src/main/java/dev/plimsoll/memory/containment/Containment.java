package dev.plimsoll.memory.containment;

import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Open control groups on one method of the ladder.
///
/// The host is started with {@link #wrap}: one method needs it to be started inside a scope.
public final class Containment {

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
    return !method.equals(ContainmentLadder.NONE);
  }

  /// Insist on enforced limits, now and when groups are opened.
  ///
  /// @throws UserError when there are none
  public Containment require() {
    if (!isEnforced()) {
      throw missing("no cgroup with the memory controller is writable");
    }
    return new Containment(root, method, true);
  }

  private static UserError missing(String why) {
    return new UserError(
        "the kernel cannot enforce memory limits here, and `require-containment` is set",
        why,
        "run inside a systemd user session, or in a container as root with writable cgroups;\n"
            + "`plimsoll doctor` shows what Plimsoll tried",
        ExitCode.MEMORY);
  }

  /// The command line that starts `command` where its workers can be contained.
  ///
  /// @param owner this process
  public List<String> wrap(List<String> command, ProcessKey owner) {
    return method.wrap(command, owner);
  }

  /// Open the run's group around its host, which has been started already; first remove what dead
  /// runs left. Empty when nothing is enforced here.
  ///
  /// @throws IOException when the kernel refuses what it allowed to the probe
  /// @throws UserError in its place when limits are required
  public Optional<RunCgroup> open(ProcessKey owner, long host, Predicate<ProcessKey> isAlive)
      throws IOException {
    try {
      return method.open(root, owner, host, isAlive);
    } catch (IOException refused) {
      if (required) {
        throw missing("the kernel refused what it allowed earlier: " + FileTrouble.why(refused));
      }
      throw refused;
    }
  }
}
