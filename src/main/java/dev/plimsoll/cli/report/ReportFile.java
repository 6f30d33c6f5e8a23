package dev.plimsoll.cli.report;

import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/// A file that the user named for a report.
///
/// It is written in place: a device or a pipe stays what it is, and so does a file that is mounted
/// or linked. Files that nobody could do without are {@linkplain dev.plimsoll.config.AtomicFile
/// replaced} instead.
public record ReportFile(Path path) {
  /// Refuse what can be known never to become a report, before the work for it is done.
  ///
  /// @throws UserError when it is no place for a file
  public void check() {
    if (Files.isDirectory(path)) {
      throw trouble("it is a directory", "use a file in it", ExitCode.USAGE);
    }
    Path wanted = path.toAbsolutePath().normalize();
    Path place = wanted;
    while (!Files.exists(place) && place.getParent() != null) {
      place = place.getParent();
    }
    if (!place.equals(wanted) && !Files.isDirectory(place)) {
      throw trouble("`" + place + "` is not a directory", "use a different file", ExitCode.USAGE);
    }
    if (!Files.isWritable(place)) {
      boolean isThere = place.equals(wanted) || place.equals(wanted.getParent());
      String missing = isThere ? "" : "`" + wanted.getParent() + "` does not exist, and ";
      throw trouble(
          missing + "`" + place + "` is not writable", "use a different file", ExitCode.USAGE);
    }
  }

  /// Write the report; its folder is made if need be.
  ///
  /// @throws UserError when it cannot be written
  public void write(String text) {
    write(out -> out.accept(text));
  }

  /// Write a report in parts.
  ///
  /// @param report is given where the parts go
  /// @throws UserError when it cannot be written
  public void write(Consumer<Consumer<String>> report) {
    try {
      try (Writer writer = open()) {
        report.accept(part -> {
          try {
            writer.write(part);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
      }
    } catch (UncheckedIOException e) {
      throw unwritable(Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /// Begin the file; its folder is made if need be.
  Writer open() throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    return Files.newBufferedWriter(path);
  }

  private UserError unwritable(IOException e) {
    return trouble(
        FileTrouble.why(e), "free some space, or use a different file", ExitCode.INTERNAL_ERROR);
  }

  private UserError trouble(String why, String hint, ExitCode code) {
    return new UserError("cannot write the report `" + path + "`", why, hint, code);
  }
}
