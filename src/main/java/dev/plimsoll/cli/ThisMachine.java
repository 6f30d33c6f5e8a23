package dev.plimsoll.cli;

import dev.plimsoll.memory.MemorySensor;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Ceiling;
import dev.plimsoll.model.Machine;
import java.util.Locale;

/// The machine that this process runs on.
final class ThisMachine {
  private ThisMachine() {}

  static Machine read() {
    var root = SystemRoot.system();
    try (var sensor = new MemorySensor(root)) {
      var sample = sensor.sample();
      Bytes memory = sample.total();
      for (Ceiling ceiling : sample.ceilings()) {
        memory = memory.min(ceiling.limit());
      }
      String name = root.text("/proc/sys/kernel/hostname").map(String::strip).orElse("unknown");
      int cores = Runtime.getRuntime().availableProcessors();
      return new Machine(name, cores, memory, kind(root));
    }
  }

  private static String kind(SystemRoot root) {
    String version = root.text("/proc/version").orElse("").toLowerCase(Locale.ROOT);
    return version.contains("microsoft") ? "wsl2" : "";
  }
}
