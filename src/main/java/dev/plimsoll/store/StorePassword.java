package dev.plimsoll.store;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;

/// The password of the store: never on the command line, where others see it.
final class StorePassword {
  private static final String VARIABLE = "PLIMSOLL_BOARD_PASSWORD";
  private static final String FILE = "PLIMSOLL_BOARD_PASSWORD_FILE";

  private StorePassword() {}

  /// Read it.
  ///
  /// @return empty when there is none
  /// @throws UserError when its file cannot be read, or others can read it
  static String of(Map<String, String> environment) {
    String file = environment.getOrDefault(FILE, "");
    return file.isEmpty() ? environment.getOrDefault(VARIABLE, "") : read(Path.of(file));
  }

  private static String read(Path file) {
    try {
      Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
      boolean open =
          rights.contains(PosixFilePermission.GROUP_READ)
              || rights.contains(PosixFilePermission.OTHERS_READ);
      if (open) {
        throw new UserError(
            "others can read the board's password file `" + file + "`",
            "its mode must be 600",
            "chmod 600 " + file,
            ExitCode.CONFIG);
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UserError(
          "the board's password file `" + file + "` cannot be read",
          String.valueOf(e.getMessage()),
          "set " + FILE + " to another file",
          ExitCode.CONFIG);
    }
  }
}
