package dev.plimsoll.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Read files of processes. A process may end at any moment, so everything may be missing.
record ProcFiles(Path proc) {
  /// Pids now, in the order of the directory.
  List<Long> pids() {
    String[] names = proc.toFile().list();
    List<Long> pids = new ArrayList<>();
    for (String name : names == null ? new String[0] : names) {
      addPid(name, pids);
    }
    return pids;
  }

  private static void addPid(String name, List<Long> pids) {
    if (!name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      pids.add(Long.parseLong(name));
    }
  }

  Optional<ProcessEntry> stat(long pid) {
    return text(pid, "stat").flatMap(ProcessEntry::parse);
  }

  /// Whether the environment that the process was started with holds `variable` (`NAME=value`).
  /// False for other users' processes.
  boolean hasVariable(long pid, String variable) {
    return text(pid, "environ")
        .map(all -> all.startsWith(variable + "\0") || all.contains("\0" + variable + "\0"))
        .orElse(false);
  }

  /// A file of the process, each byte as one character: names need not be UTF-8.
  Optional<String> text(long pid, String file) {
    try {
      byte[] bytes = Files.readAllBytes(proc.resolve(Long.toString(pid)).resolve(file));
      return Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
    } catch (IOException | SecurityException gone) {
      return Optional.empty();
    }
  }
}
