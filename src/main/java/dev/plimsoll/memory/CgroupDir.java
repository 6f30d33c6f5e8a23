package dev.plimsoll.memory;

import java.nio.file.Path;

/// A directory of the hierarchy that accounts memory.
///
/// @param name path of the group below its mount, as users know it from `/proc/PID/cgroup`
public record CgroupDir(Path path, Version version, String name) {
  /// Whether the kernel kills all processes of the group together when its memory runs out
  /// (`memory.oom.group`, Documentation/admin-guide/cgroup-v2.rst of the kernel).
  public boolean isKilledTogether() {
    return version == Version.V2
        && SystemRoot.text(path.resolve("memory.oom.group"))
            .filter(text -> text.strip().equals("1"))
            .isPresent();
  }

  public enum Version {
    V1,
    V2
  }
}
