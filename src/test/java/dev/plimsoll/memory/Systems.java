package dev.plimsoll.memory;

import java.nio.file.Path;

/// The systems whose files are kept under `src/test/resources/systems`.
public final class Systems {
  private Systems() {}

  public static SystemRoot of(String name) {
    return new SystemRoot(Path.of("src/test/resources/systems", name));
  }
}
