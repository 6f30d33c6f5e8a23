package dev.plimsoll.run;

import dev.plimsoll.config.AtomicFile;
import dev.plimsoll.engine.pytest.HostRequest;
import dev.plimsoll.history.HistoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the launcher script (`./plimsoll`) reads to start the interpreter of the next run while
/// Java itself starts: `.plimsoll/early`, two lines, the interpreter and the plugin's folder.
final class NextStart {
  private static final String NAME = "early";

  private NextStart() {}

  /// Leave word of what a run used, where the script can start the same. Nothing depends on it: a
  /// folder that cannot be written only makes the next start slower.
  static void leave(Path root, HostRequest used) {
    Path file = root.resolve(HistoryStore.FOLDER).resolve(NAME);
    String text = used.python().executable() + "\n" + used.plugin() + "\n";
    boolean same = used.folder().equals(root) && used.startsDirectly() && text.lines().count() == 2;
    try {
      if (!same) {
        Files.deleteIfExists(file);
      } else if (!Files.exists(file) || !Files.readString(file).equals(text)) {
        AtomicFile.write(file, text);
      }
    } catch (IOException notWritten) {
      return;
    }
  }
}
