package dev.plimsoll.memory.containment;

import dev.plimsoll.memory.CgroupDir;
import dev.plimsoll.memory.Cgroups;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.model.ProcessKey;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// A way to have the kernel enforce memory limits per worker.
///
/// A further one is a class of its own and a place in {@link ContainmentLadder}; {@link
/// ContainmentProbe} tries it like the others before it is used.
public interface ContainmentMethod {
  /// Its name in the file that remembers what worked.
  String id();

  /// What it is, for users.
  String words();

  /// Why it is not worth trying here; empty when it is.
  ///
  /// @param own the memory control group of this process
  Optional<String> obstacle(SystemRoot root, CgroupDir own);

  /// The command line that starts `command` where its workers can be contained.
  ///
  /// @param owner this process
  default List<String> wrap(List<String> command, ProcessKey owner) {
    return List.copyOf(command);
  }

  /// Open the run's group around its host; first remove what dead runs left. Empty when nothing is
  /// enforced.
  ///
  /// @throws IOException when the kernel refuses
  Optional<RunCgroup> open(
      SystemRoot root, ProcessKey owner, long host, Predicate<ProcessKey> isAlive)
      throws IOException;

  /// Why a group that this user would have to write to cannot be used; empty when it can.
  ///
  /// @param wanted the version of control groups that the method needs
  static Optional<String> notWritable(CgroupDir own, CgroupDir.Version wanted) {
    boolean writable =
        Files.isWritable(own.path()) || Files.isWritable(own.path().resolveSibling("."));
    return otherVersion(own, wanted)
        .or(() ->
            writable ? Optional.empty() : Optional.of("`" + own.name() + "` is not writable"));
  }

  /// Says that memory is accounted by the other version; empty when it is by this.
  static Optional<String> otherVersion(CgroupDir own, CgroupDir.Version wanted) {
    return own.version() == wanted
        ? Optional.empty()
        : Optional.of("the memory controller is in the other cgroup version here");
  }

  /// The memory control groups of this process, its own first.
  ///
  /// @throws IOException when none is visible any more
  static List<CgroupDir> groups(SystemRoot root) throws IOException {
    List<CgroupDir> groups = Cgroups.of(root, "self");
    if (groups.isEmpty()) {
      throw new IOException("the cgroup of this process is not visible any more");
    }
    return groups;
  }
}
