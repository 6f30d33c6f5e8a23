package dev.plimsoll.memory;

import java.nio.file.Path;

/// A directory of the hierarchy that accounts memory.
///
/// @param name path of the group below its mount, as users know it from `/proc/PID/cgroup`
public record CgroupDir(Path path, Version version, String name) {
  public enum Version {
    V1,
    V2
  }
}
