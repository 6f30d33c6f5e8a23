package dev.plimsoll.cli.apply;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/// Reads files that are to be edited: as UTF-8 text that becomes the same bytes again, or not at
/// all.
final class ProjectFile {
  private static final Set<PosixFilePermission> WRITE =
      Set.of(
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_WRITE);

  private ProjectFile() {}

  /// The text; empty when there is no such file, also at the end of a symbolic link.
  ///
  /// @throws UserError when it is no UTF-8 text or cannot be read
  static Optional<String> text(Path file, String name) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (CharacterCodingException e) {
      throw unusable(name, "it is not UTF-8 text", "convert it, or skip it with `--skip`");
    } catch (IOException e) {
      throw unusable(
          name, Files.isDirectory(file) ? "it is a directory" : e.toString(), "make it readable");
    }
  }

  /// Make sure that a file can be replaced.
  ///
  /// @throws UserError when it, or the folder it is in, is read-only; for the administrator too,
  ///   since who takes away the right to write means it
  static void requireWritable(Path file, String name) {
    try {
      Path real = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      boolean readOnly =
          Files.exists(real)
              && (!Files.isWritable(real)
                  || Files.getPosixFilePermissions(real).stream().noneMatch(WRITE::contains));
      if (readOnly) {
        throw unusable(name, "it is read-only", "run `chmod u+w`, or skip it with `--skip`");
      }
      Path folder = existing(real.resolveSibling(""));
      if (!Files.isWritable(folder)) {
        throw unusable(name, "the directory `" + folder + "` is read-only", "make it writable");
      }
    } catch (IOException e) {
      throw unusable(name, e.toString(), "");
    }
  }

  private static Path existing(Path folder) {
    Path found = folder;
    while (!Files.exists(found) && found.getParent() != null) {
      found = found.getParent();
    }
    return found;
  }

  private static UserError unusable(String name, String why, String hint) {
    return new UserError(
        "`" + name + "` cannot be edited",
        why + "; Plimsoll wrote no files",
        hint,
        ExitCode.CONFIG);
  }
}
