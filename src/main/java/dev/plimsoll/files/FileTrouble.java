package dev.plimsoll.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Says why a file could not be read or written. Java's own message is often only the path.
public final class FileTrouble {
  private FileTrouble() {}

  /// The cause, a clause without a full stop.
  public static String why(IOException e) {
    return switch (e) {
      case NoSuchFileException none -> "`" + none.getFile() + "` does not exist";
      case AccessDeniedException denied -> "permission denied: " + denied.getFile();
      case FileAlreadyExistsException other -> "`" + other.getFile() + "` is not a directory";
      case FileSystemException system when system.getReason() != null ->
          system.getReason() + ": " + system.getFile();
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }
}
