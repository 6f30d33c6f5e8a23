package dev.plimsoll.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The mounts that a process can reach, from `mountinfo` (proc_pid_mountinfo(5)).
///
/// Containers mount over what was mounted before, and the table still lists what lies below: the
/// host's control groups read-only, say, under the container's own. Lines are in no order that says
/// what lies above what, but each names its parent.
final class MountTable {
  /// @param root the part of the file system that is mounted
  /// @param point where
  /// @param options of the file system, which name the controllers of a version 1 hierarchy
  record Mount(String id, String parent, String root, String point, String type, String options) {
    /// Whether this mount lies over `other`, beside it below the same parent.
    private boolean covers(Mount other) {
      return parent.equals(other.parent)
          && !id.equals(other.id)
          && (other.point + "/").startsWith(point.equals("/") ? "/" : point + "/");
    }

    /// Whether this mount lies over the top of `other`.
    private boolean isOn(Mount other) {
      return parent.equals(other.id) && !id.equals(other.id) && point.equals(other.point);
    }
  }

  private final List<Mount> all = new ArrayList<>();

  MountTable(String mountinfo) {
    mountinfo.lines().forEach(line -> parse(line).ifPresent(all::add));
  }

  private static Optional<Mount> parse(String line) {
    String[] halves = line.split(" - ", 2);
    String[] left = halves[0].split(" ", -1);
    if (halves.length < 2 || left.length < 5) {
      return Optional.empty();
    }
    String[] right = halves[1].split(" ", -1);
    String options = right.length > 2 ? right[2] : "";
    return Optional.of(
        new Mount(left[0], left[1], unescape(left[3]), unescape(left[4]), right[0], options));
  }

  /// Those that no other mount hides.
  List<Mount> visible() {
    return all.stream()
        .filter(mount -> all.stream().noneMatch(other -> other.isOn(mount)))
        .filter(this::isReachable)
        .toList();
  }

  private boolean isReachable(Mount mount) {
    Mount at = mount;
    for (int depth = 0; depth < all.size(); depth++) {
      Mount here = at;
      if (all.stream().anyMatch(other -> other.covers(here))) {
        return false;
      }
      Optional<Mount> parent = all.stream().filter(m -> m.id.equals(here.parent)).findFirst();
      if (parent.isEmpty()) {
        return true;
      }
      at = parent.get();
    }
    return true;
  }

  private static String unescape(String text) {
    return text.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
  }
}
