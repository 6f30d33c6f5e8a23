package dev.plimsoll.memory.kernellog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Command lines that print log messages since a moment.
enum JournalCommand {
  KERNEL {
    @Override
    List<String> check() {
      return List.of("journalctl", "-q", "--no-pager", "-k", "-n", "1");
    }

    @Override
    List<String> since(Instant moment) {
      return journal(moment, "-k");
    }
  },
  /// Messages of programs that kill for memory.
  DAEMONS {
    @Override
    List<String> check() {
      return List.of("journalctl", "-q", "--no-pager", "--system", "-n", "1");
    }

    @Override
    List<String> since(Instant moment) {
      return journal(moment, "-t", "earlyoom", "-t", "systemd-oomd", "-t", "oomd", "-t", "nohang");
    }
  },
  /// Prints everything the kernel still has.
  DMESG {
    @Override
    List<String> check() {
      return List.of("dmesg");
    }

    @Override
    List<String> since(Instant moment) {
      return List.of("dmesg");
    }
  };

  /// Prints something when, and only when, the log can be read.
  abstract List<String> check();

  abstract List<String> since(Instant moment);

  private static List<String> journal(Instant moment, String... filter) {
    var command = new ArrayList<String>();
    command.addAll(List.of("journalctl", "-q", "--no-pager", "-o", "short-unix"));
    command.addAll(List.of(filter));
    command.add("--since=@" + moment.getEpochSecond());
    return command;
  }
}
