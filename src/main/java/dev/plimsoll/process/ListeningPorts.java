package dev.plimsoll.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which TCP ports processes listen on: sockets in state `0A` of `/proc/net/tcp` and `tcp6`,
/// matched by inode with the links in `/proc/PID/fd`. Other users' descriptors cannot be read.
final class ListeningPorts {
  private static final String LISTEN = "0A";

  private final Path proc;
  private final Map<String, Integer> ports = new HashMap<>();

  ListeningPorts(Path proc) {
    this.proc = proc;
    read("net/tcp");
    read("net/tcp6");
  }

  private void read(String file) {
    try {
      Files.readAllLines(proc.resolve(file)).forEach(this::add);
    } catch (IOException missing) {
      return;
    }
  }

  /// `sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode ...`.
  private void add(String line) {
    List<String> fields = List.of(line.strip().split("\\s+", -1));
    if (fields.size() > 9 && fields.get(3).equals(LISTEN)) {
      String address = fields.get(1);
      int port = Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
      ports.put("socket:[" + fields.get(9) + "]", port);
    }
  }

  List<Integer> of(Collection<Long> pids) {
    var found = new TreeSet<Integer>();
    pids.forEach(pid -> addPorts(pid, found));
    return List.copyOf(found);
  }

  private void addPorts(long pid, Set<Integer> found) {
    Path folder = proc.resolve(Long.toString(pid)).resolve("fd");
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(folder)) {
      for (Path descriptor : descriptors) {
        Integer port = ports.get(target(descriptor));
        if (port != null) {
          found.add(port);
        }
      }
    } catch (IOException | SecurityException notOurs) {
      return;
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closed) {
      return "";
    }
  }
}
