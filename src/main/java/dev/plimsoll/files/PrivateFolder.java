package dev.plimsoll.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;

/// A folder that only this user may enter. What lies below it is safe from others, whatever the
/// umask gives those files, so only the folder needs this care.
public final class PrivateFolder {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private PrivateFolder() {}

  /// Make the folder, or make sure that it is one: a directory of this user, not a link, closed to
  /// others. Another user could have made it first where everybody may write, such as `/tmp`.
  ///
  /// @throws NotOwnException when it is not
  /// @throws IOException when it cannot be made; the folders above it must exist
  public static Path own(Path folder) throws IOException {
    create(folder);
    var found = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isDirectory() || !found.owner().equals(self())) {
      throw new NotOwnException(folder);
    }
    if (isOpen(found)) {
      Files.setPosixFilePermissions(folder, PRIVATE);
    }
    return folder;
  }

  /// Make the folder closed to others, and close it when it is ours. One that belongs to somebody
  /// else, as in a project that several users share, or that is a link of the user's own, stays as
  /// it is; so does one on a file system without permissions.
  public static Path closed(Path folder) throws IOException {
    create(folder);
    var found = Files.readAttributes(folder, PosixFileAttributes.class);
    if (found.owner().equals(self()) && isOpen(found)) {
      try {
        Files.setPosixFilePermissions(folder, PRIVATE);
      } catch (IOException notKept) {
        return folder;
      }
    }
    return folder;
  }

  private static void create(Path folder) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
    } catch (FileAlreadyExistsException another) {
      // A run that started at the same time made it; the caller looks whose it is.
      return;
    }
  }

  private static boolean isOpen(PosixFileAttributes found) {
    var open = EnumSet.noneOf(PosixFilePermission.class);
    open.addAll(found.permissions());
    open.removeAll(PRIVATE);
    return !open.isEmpty();
  }

  private static UserPrincipal self() throws IOException {
    return Files.getOwner(Path.of("/proc/self"));
  }
}
