package dev.plimsoll.memory;

import dev.plimsoll.memory.CgroupDir.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Find the control groups that account the memory of a process, innermost first.
///
/// `/proc/PID/cgroup` gives the group's path inside its hierarchy, `mountinfo` which part of that
/// hierarchy is mounted where. The two differ in containers: without a cgroup namespace a container
/// sees `/docker/ID` in the first and has exactly that mounted; with one it sees `/`; a process
/// outside the namespace's root is shown as `/../other`. Where the path is not below the mounted
/// part, the mount point itself is the nearest group that can be seen. Formats: cgroups(7),
/// proc_pid_mountinfo(5).
public final class Cgroups {
  private record Mount(String root, String point, Version version) {}

  private Cgroups() {}

  /// Groups of process `pid` (`self` or a number) up to the mount point; empty where none is seen.
  public static List<CgroupDir> of(SystemRoot root, String pid) {
    String groups = root.text("/proc/" + pid + "/cgroup").orElse("");
    for (Mount mount : mounts(root)) {
      Optional<String> path = pathIn(groups, mount.version());
      if (path.isPresent()) {
        return ancestors(root, mount, path.get());
      }
    }
    return List.of();
  }

  /// Mounts that account memory, version 1 first: where it has the controller, version 2 has not.
  private static List<Mount> mounts(SystemRoot root) {
    List<Mount> found = new ArrayList<>();
    var table = new MountTable(root.text("/proc/self/mountinfo").orElse(""));
    table.visible().forEach(mount -> addMount(mount, found));
    if (found.isEmpty()) {
      found.addAll(usualMounts(root));
    }
    found.removeIf(mount -> mount.version() == Version.V2 && !controlsMemory(root, mount));
    found.sort((a, b) -> a.version().compareTo(b.version()));
    return found;
  }

  private static void addMount(MountTable.Mount mount, List<Mount> found) {
    if (mount.type().equals("cgroup2")) {
      found.add(new Mount(mount.root(), mount.point(), Version.V2));
    } else if (mount.type().equals("cgroup") && hasMemory(mount.options())) {
      found.add(new Mount(mount.root(), mount.point(), Version.V1));
    }
  }

  private static List<Mount> usualMounts(SystemRoot root) {
    if (root.text("/sys/fs/cgroup/cgroup.controllers").isPresent()) {
      return List.of(new Mount("/", "/sys/fs/cgroup", Version.V2));
    }
    return root.text("/sys/fs/cgroup/memory/memory.limit_in_bytes").isPresent()
        ? List.of(new Mount("/", "/sys/fs/cgroup/memory", Version.V1))
        : List.of();
  }

  private static boolean controlsMemory(SystemRoot root, Mount mount) {
    String controllers = root.text(mount.point() + "/cgroup.controllers").orElse("");
    return List.of(controllers.strip().split(" ", -1)).contains("memory");
  }

  private static boolean hasMemory(String options) {
    return Arrays.asList(options.split(",", -1)).contains("memory");
  }

  private static Optional<String> pathIn(String groups, Version version) {
    return groups
        .lines()
        .map(line -> line.split(":", 3))
        .filter(parts -> parts.length == 3 && belongs(parts, version))
        .map(parts -> parts[2])
        .findFirst();
  }

  private static boolean belongs(String[] parts, Version version) {
    return version == Version.V2 ? parts[0].equals("0") && parts[1].isEmpty() : hasMemory(parts[1]);
  }

  private static List<CgroupDir> ancestors(SystemRoot root, Mount mount, String path) {
    String below = below(mount.root(), path);
    List<CgroupDir> dirs = new ArrayList<>();
    while (!below.isEmpty()) {
      dirs.add(new CgroupDir(root.at(mount.point() + below), mount.version(), below));
      below = below.substring(0, below.lastIndexOf('/'));
    }
    dirs.add(new CgroupDir(root.at(mount.point()), mount.version(), "/"));
    return dirs;
  }

  /// The part of `path` below the mounted `root`: empty, or starting with a slash.
  private static String below(String root, String path) {
    String prefix = root.equals("/") ? "" : root;
    if (path.startsWith("/..") || !(path + "/").startsWith(prefix + "/")) {
      return "";
    }
    String below = path.substring(prefix.length());
    return below.equals("/") ? "" : below;
  }
}
