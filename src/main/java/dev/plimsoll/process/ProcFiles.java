package dev.plimsoll.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Read files of processes. A process may end at any moment, so everything may be missing.
record ProcFiles(Path proc) {
  /// More than `stat` can hold: 52 fields of at most 20 digits, and a name.
  private static final int LINE = 2048;

  /// Where what wait(2) tells holds the signal, and from which bit on the exit status.
  private static final int SIGNAL = 0x7f;

  private static final int CODE = 8;

  /// What is added to the signal that ended a process.
  private static final int SIGNALLED = 128;

  /// Pids now, in the order of the directory.
  List<Long> pids() {
    String[] names = proc.toFile().list();
    List<Long> pids = new ArrayList<>();
    for (String name : names == null ? new String[0] : names) {
      if (isNumber(name)) {
        pids.add(Long.parseLong(name));
      }
    }
    return pids;
  }

  private static boolean isNumber(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return false;
      }
    }
    return !name.isEmpty();
  }

  Optional<ProcessEntry> stat(long pid) {
    return line(pid).flatMap(ProcessEntry::parse);
  }

  /// Processor time of a process, in clock ticks (fields 14 to 17 of `stat`, proc(5)).
  ///
  /// @param own of the process itself
  /// @param waited of the children it has waited for, and of those that these had waited for
  record Ticks(ProcessEntry entry, long own, long waited) {
    long all() {
      return own + waited;
    }
  }

  Optional<Ticks> ticks(long pid) {
    return line(pid).flatMap(ProcFiles::ticks);
  }

  private static Optional<Ticks> ticks(String stat) {
    String[] rest = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    return ProcessEntry.parse(stat).map(entry -> new Ticks(entry, sum(rest, 11), sum(rest, 13)));
  }

  private static long sum(String[] fields, int first) {
    return Long.parseLong(fields[first]) + Long.parseLong(fields[first + 1]);
  }

  /// How a zombie ended, as a shell says it: its exit status, or 128 and the signal that ended it
  /// (field 52 of `stat`, what waitpid(2) would tell).
  Optional<Integer> exitStatus(long pid) {
    return line(pid)
        .filter(stat -> ProcessEntry.parse(stat).filter(ProcessEntry::isZombie).isPresent())
        .map(stat -> Integer.parseInt(stat.substring(stat.lastIndexOf(' ') + 1).strip()))
        .map(told -> (told & SIGNAL) == 0 ? told >> CODE : SIGNALLED + (told & SIGNAL));
  }

  /// Whether the environment that the process was started with holds `variable` (`NAME=value`).
  /// False for other users' processes.
  boolean hasVariable(long pid, String variable) {
    return text(pid, "environ").filter(all -> holds(all, variable)).isPresent();
  }

  /// Whether an environment holds `variable` (`NAME=value`).
  static boolean holds(String environment, String variable) {
    return environment.startsWith(variable + "\0") || environment.contains("\0" + variable + "\0");
  }

  /// Whether the environment that the process was started with sets `name`.
  boolean hasName(long pid, String name) {
    return value(pid, name).isPresent();
  }

  /// What the environment that the process was started with sets `name` to.
  Optional<String> value(long pid, String name) {
    return text(pid, "environ").flatMap(all -> value("\0" + all, "\0" + name + "="));
  }

  private static Optional<String> value(String all, String start) {
    int at = all.indexOf(start);
    if (at < 0) {
      return Optional.empty();
    }
    int from = at + start.length();
    int end = all.indexOf('\0', from);
    return Optional.of(all.substring(from, end < 0 ? all.length() : end));
  }

  /// The real user id of a process, `self` or a pid; -1 when it is gone.
  long user(String pid) {
    return text(pid, "status")
        .flatMap(text -> text.lines().filter(line -> line.startsWith("Uid:")).findFirst())
        .map(line -> Long.parseLong(line.split("\\s+", -1)[1]))
        .orElse(-1L);
  }

  Optional<String> text(long pid, String file) {
    return text(Long.toString(pid), file);
  }

  /// The line of `stat`, which is read for several processes at each look at memory: one call gives
  /// all of it.
  private Optional<String> line(long pid) {
    byte[] line = new byte[LINE];
    try (var in = new FileInputStream(proc + "/" + pid + "/stat")) {
      int length = Math.max(0, in.read(line));
      return Optional.of(new String(line, 0, length, StandardCharsets.ISO_8859_1));
    } catch (IOException | SecurityException gone) {
      return Optional.empty();
    }
  }

  /// A file of the process, each byte as one character: names need not be UTF-8.
  private Optional<String> text(String pid, String file) {
    try (var in = new FileInputStream(proc + "/" + pid + "/" + file)) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
    } catch (IOException | SecurityException gone) {
      return Optional.empty();
    }
  }
}
