package dev.plimsoll.history;

import dev.plimsoll.files.PrivateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// `.plimsoll` in a project: what is kept of its runs, which neither git nor other users see: tests
/// print secrets, and the next run starts the interpreter that is named in it.
public final class OwnFolder {
  private OwnFolder() {}

  /// Make a project's own folder if need be; the same is done for one that lost its word to git, as
  /// on a full disk.
  ///
  /// @return the folder
  public static Path make(Path folder) throws IOException {
    Files.createDirectories(folder.resolveSibling(""));
    PrivateFolder.closed(folder);
    Path ignore = folder.resolve(".gitignore");
    if (!Files.exists(ignore) || Files.size(ignore) == 0) {
      Files.writeString(ignore, "*\n");
    }
    return folder;
  }
}
