package dev.plimsoll.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who listens on a TCP port of this machine, from `/proc/net/tcp` and the open files of processes.
///
/// A line of `/proc/net/tcp` has the local address as `ADDRESS:PORT` in hexadecimal, the state
/// (`0A` is LISTEN) and the socket's inode (proc_net(5)); a process has the socket open when a link
/// in its `fd` folder reads `socket:[INODE]`.
public final class Ports {
  private static final String LISTEN = "0A";
  private static final int LOCAL = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;

  private final Path proc;

  /// @param proc usually `/proc`
  public Ports(Path proc) {
    this.proc = proc;
  }

  /// A process that listens.
  ///
  /// @param command its command line, arguments joined by blanks
  /// @param folder its working folder, empty when unknown
  public record Listener(long pid, String command, String folder) {
    @Override
    public String toString() {
      return "process "
          + pid
          + " ("
          + command
          + ")"
          + (folder.isEmpty() ? "" : " started in " + folder);
    }
  }

  public boolean isTaken(int port) {
    return !inodes(port).isEmpty();
  }

  /// Processes that listen on the port. Empty when nobody does, and when its owner is another user
  /// whose files we may not see: ask {@link #isTaken}.
  public List<Listener> listeners(int port) {
    Set<String> sockets = new HashSet<>();
    inodes(port).forEach(inode -> sockets.add("socket:[" + inode + "]"));
    return sockets.isEmpty()
        ? List.of()
        : new ProcFiles(proc)
            .pids().stream().filter(pid -> holdsAny(pid, sockets)).map(this::describe).toList();
  }

  private Set<String> inodes(int port) {
    Set<String> inodes = new HashSet<>();
    String suffix = String.format(":%04X", port);
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : lines(proc.resolve("net").resolve(table))) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length > INODE
            && fields[LOCAL].endsWith(suffix)
            && fields[STATE].equals(LISTEN)) {
          inodes.add(fields[INODE]);
        }
      }
    }
    return inodes;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException missing) {
      return List.of();
    }
  }

  private boolean holdsAny(long pid, Set<String> sockets) {
    Path open = proc.resolve(Long.toString(pid)).resolve("fd");
    try (DirectoryStream<Path> links = Files.newDirectoryStream(open)) {
      for (Path link : links) {
        if (target(link).filter(sockets::contains).isPresent()) {
          return true;
        }
      }
      return false;
    } catch (IOException | java.nio.file.DirectoryIteratorException gone) {
      return false;
    }
  }

  private static Optional<String> target(Path link) {
    try {
      return Optional.of(Files.readSymbolicLink(link).toString());
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private Listener describe(long pid) {
    Path process = proc.resolve(Long.toString(pid));
    String command = new ProcFiles(proc).text(pid, "cmdline").orElse("").replace('\0', ' ').strip();
    return new Listener(pid, command, target(process.resolve("cwd")).orElse(""));
  }
}
