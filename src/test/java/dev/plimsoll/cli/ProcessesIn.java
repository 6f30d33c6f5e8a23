package dev.plimsoll.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Processes that work in a folder.
final class ProcessesIn {
  private ProcessesIn() {}

  static List<String> folder(Path folder) throws IOException {
    var found = new ArrayList<String>();
    try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : all) {
        if (folderOf(process).equals(folder.toRealPath().toString())) {
          found.add(process.toString());
        }
      }
    }
    return found;
  }

  private static String folderOf(Path process) throws IOException {
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).toString();
    } catch (FileSystemException goneOrNotOurs) {
      return "";
    }
  }
}
