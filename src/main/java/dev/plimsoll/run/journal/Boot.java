package dev.plimsoll.run.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The present boot of the machine, which a restart of WSL changes too.
final class Boot {
  private Boot() {}

  /// The kernel's id of it (random(4)), empty when it cannot be read.
  static String id() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
