package dev.plimsoll.run;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The machine that this process runs on.
public final class ThisMachine {
  private ThisMachine() {}

  /// Its name, its cores and the memory it has for us.
  public static Machine of(Bytes memory) {
    return new Machine(name(), Runtime.getRuntime().availableProcessors(), memory, "");
  }

  private static String name() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "localhost";
    }
  }
}
