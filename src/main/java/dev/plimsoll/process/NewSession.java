package dev.plimsoll.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Give a command a session of its own, so that what a terminal sends to the foreground group does
/// not reach it. `setsid` replaces itself by the command: the pid stays.
final class NewSession {
  private NewSession() {}

  /// The command line that starts `command` in its own session, or `command` where the system has
  /// no `setsid`.
  static List<String> own(List<String> command, Path folder) {
    List<String> line = new ArrayList<>();
    Programs.find("setsid", folder, System.getenv())
        .ifPresent(setsid -> line.add(setsid.toString()));
    line.addAll(command);
    return List.copyOf(line);
  }
}
