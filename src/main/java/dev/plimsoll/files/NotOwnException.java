package dev.plimsoll.files;

import java.io.IOException;
import java.nio.file.Path;

/// What lies where a folder of this user alone must be is something else: a link, a file, or a
/// folder of another user.
public final class NotOwnException extends IOException {
  private static final long serialVersionUID = 1;

  NotOwnException(Path folder) {
    super("`" + folder + "` is not a directory of this user");
  }
}
