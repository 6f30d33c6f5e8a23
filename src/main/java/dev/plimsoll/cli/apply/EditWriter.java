package dev.plimsoll.cli.apply;

import dev.plimsoll.config.AtomicFile;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// Writes edits, all or none.
///
/// Before the first one every file must be writable and still have the text that the edit was
/// planned for. When one cannot be written after all, those before it get their old text again.
final class EditWriter {
  private EditWriter() {}

  /// Write what changes.
  ///
  /// @throws UserError when nothing was written
  static void write(List<FileEdit> edits) {
    List<FileEdit> changes = edits.stream().filter(FileEdit::isChange).toList();
    for (FileEdit edit : changes) {
      ProjectFile.requireWritable(edit.file(), edit.name());
      requireUnchanged(edit);
    }
    var done = new ArrayList<FileEdit>();
    for (FileEdit edit : changes) {
      try {
        requireUnchanged(edit);
        write(edit);
        done.add(edit);
      } catch (IOException e) {
        done.forEach(EditWriter::takeBack);
        throw new UserError(
            "`" + edit.name() + "` cannot be written",
            e + "; no file was changed",
            "free some space, and make the file and its directory writable",
            ExitCode.CONFIG);
      } catch (UserError e) {
        done.forEach(EditWriter::takeBack);
        throw e;
      }
    }
  }

  private static void write(FileEdit edit) throws IOException {
    AtomicFile.write(edit.file(), edit.after());
    if (edit.script() && edit.before().isEmpty()) {
      Files.setPosixFilePermissions(edit.file(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static void requireUnchanged(FileEdit edit) {
    if (!ProjectFile.text(edit.file(), edit.name()).equals(edit.before())) {
      throw new UserError(
          "`" + edit.name() + "` changed at the same time",
          "another program wrote the file; Plimsoll wrote nothing",
          "run the command again",
          ExitCode.CONFIG);
    }
  }

  /// Give a file its old text again, unless somebody has written to it since.
  private static void takeBack(FileEdit edit) {
    Path file = edit.file();
    try {
      if (!Files.readString(file).equals(edit.after())) {
        return;
      }
      if (edit.before().isPresent()) {
        AtomicFile.write(file, edit.before().get());
      } else {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UserError(
          "`" + edit.name() + "` could not be restored",
          e.toString(),
          "`git diff` shows what changed",
          ExitCode.CONFIG);
    }
  }
}
