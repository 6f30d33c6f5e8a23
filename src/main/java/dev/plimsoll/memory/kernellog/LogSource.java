package dev.plimsoll.memory.kernellog;

import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.verdict.LogTrace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/// A log that can be asked for the traces of killed processes.
sealed interface LogSource extends AutoCloseable permits KmsgLog, TextLog, LogSource.None {
  /// What was found.
  ///
  /// @param gap whether records since then were lost
  record Reading(List<LogTrace> traces, boolean gap) {}

  /// The source in words.
  String name();

  boolean isReadable();

  /// Traces since `from`; waits up to `patience` for one that is `enough`.
  Reading await(Instant from, Duration patience, Predicate<LogTrace> enough);

  @Override
  void close();

  /// The best source of kernel messages that can be read here.
  static LogSource kernel(SystemRoot root) {
    Path kmsg = root.at("/dev/kmsg");
    if (Files.isReadable(kmsg)) {
      return new KmsgLog(kmsg);
    }
    List<TextLog> candidates =
        List.of(
            TextLog.ofCommand("journalctl -k", JournalCommand.KERNEL),
            TextLog.ofFile(root.at("/var/log/kern.log")),
            TextLog.ofFile(root.at("/var/log/syslog")),
            TextLog.ofFile(root.at("/var/log/messages")),
            TextLog.ofCommand("dmesg", JournalCommand.DMESG));
    for (TextLog candidate : candidates) {
      if (candidate.isReadable()) {
        return candidate;
      }
    }
    return new None();
  }

  /// Messages of memory daemons, from the journal.
  static LogSource daemons() {
    TextLog journal = TextLog.ofCommand("journalctl", JournalCommand.DAEMONS);
    return journal.isReadable() ? journal : new None();
  }

  /// Nothing can be read.
  record None() implements LogSource {
    @Override
    public String name() {
      return "none";
    }

    @Override
    public boolean isReadable() {
      return false;
    }

    @Override
    public Reading await(Instant from, Duration patience, Predicate<LogTrace> enough) {
      return new Reading(List.of(), false);
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
