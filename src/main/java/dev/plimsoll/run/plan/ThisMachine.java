package dev.plimsoll.run.plan;

import dev.plimsoll.memory.MachineKind;
import dev.plimsoll.memory.MemorySensor;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Ceiling;
import dev.plimsoll.model.Machine;

/// The machine that this process runs on.
public final class ThisMachine {
  private ThisMachine() {}

  /// Its name in a run that several machines share. Machines may have the same name, runs do not.
  public static String node(String run) {
    return name(SystemRoot.system()) + "." + run;
  }

  private static String name(SystemRoot root) {
    return root.text("/proc/sys/kernel/hostname").map(String::strip).orElse("unknown");
  }

  /// Its name, cores, kind and processor, and the memory that it has for us.
  public static Machine read() {
    var root = SystemRoot.system();
    try (var sensor = new MemorySensor(root)) {
      var sample = sensor.sample();
      Bytes memory = sample.total();
      for (Ceiling ceiling : sample.ceilings()) {
        memory = memory.min(ceiling.limit());
      }
      int cores = Runtime.getRuntime().availableProcessors();
      return new Machine(name(root), cores, memory, MachineKind.of(root).kind().word(), cpu(root));
    }
  }

  /// The model name of the first processor, which x86 kernels give and most others do not.
  private static String cpu(SystemRoot root) {
    return root.text("/proc/cpuinfo").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }
}
