package dev.plimsoll.process;

import dev.plimsoll.model.ProcessKey;
import java.util.List;
import java.util.Set;

/// A program that holds memory a test run could use.
///
/// @param name the entry of the list that it matched
/// @param key its topmost process
/// @param tree all its processes
/// @param command its command line, shortened
/// @param ports TCP ports that it listens on
/// @param sameUser whether it belongs to this user
public record Competitor(
    String name,
    ProcessKey key,
    Set<ProcessKey> tree,
    String command,
    List<Integer> ports,
    boolean sameUser) {
  public Competitor {
    tree = Set.copyOf(tree);
    ports = List.copyOf(ports);
  }

  /// Such as "`ollama serve` (pid 812, port 11434)".
  public String words() {
    String port =
        switch (ports.size()) {
          case 0 -> "";
          case 1 -> ", port " + ports.getFirst();
          default -> ", ports " + ports.toString().replaceAll("[\\[\\]]", "");
        };
    return "`" + command + "` (pid " + key.pid() + port + ")";
  }
}
