package dev.plimsoll.memory.kernellog;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A line of a log file or a log command, taken apart.
///
/// @param at when it was logged, empty when the line has no stamp that is exact enough
/// @param program who logged it: `kernel`, `earlyoom`, ...
/// @param message the message alone
record LogLine(Optional<Instant> at, String program, String message) {
  /// `1732416000.123456 host kernel: message` (journalctl -o short-unix).
  private static final Pattern UNIX =
      Pattern.compile("(\\d{9,}\\.\\d+) \\S+ ([^\\[:]+)(?:\\[\\d+\\])?: (.*)");

  /// `2026-11-24T03:10:41.465301+00:00 host kernel: message` (rsyslog).
  private static final Pattern ISO =
      Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\S+) \\S+ ([^\\[:]+)(?:\\[\\d+\\])?: (.*)");

  /// `Nov 24 03:10:41 host kernel: message` (the traditional form, without a year).
  private static final Pattern TRADITIONAL =
      Pattern.compile("\\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\S+ ([^\\[:]+)(?:\\[\\d+\\])?: (.*)");

  /// `[ 2477.465301] message`, of dmesg, and inside the messages of a log file.
  private static final Pattern BOOT = Pattern.compile("\\[ *(\\d+)\\.(\\d{6})\\] (.*)");

  /// @param boot moment from which the kernel counts its stamps
  static Optional<LogLine> parse(String line, Instant boot) {
    Matcher unix = UNIX.matcher(line);
    if (unix.matches()) {
      double seconds = Double.parseDouble(unix.group(1));
      var at = Instant.ofEpochMilli((long) (seconds * 1000));
      return Optional.of(new LogLine(Optional.of(at), unix.group(2), unix.group(3)).inner(boot));
    }
    Matcher iso = ISO.matcher(line);
    if (iso.matches()) {
      return Optional.of(new LogLine(time(iso.group(1)), iso.group(2), iso.group(3)).inner(boot));
    }
    Matcher old = TRADITIONAL.matcher(line);
    if (old.matches()) {
      return Optional.of(new LogLine(Optional.empty(), old.group(1), old.group(2)).inner(boot));
    }
    return BOOT.matcher(line).matches()
        ? Optional.of(new LogLine(Optional.empty(), "kernel", line).inner(boot))
        : Optional.empty();
  }

  /// Take the kernel's own stamp off the message, and use it where there is no other.
  private LogLine inner(Instant boot) {
    Matcher stamp = BOOT.matcher(message);
    if (!stamp.matches()) {
      return this;
    }
    Duration since =
        Duration.ofSeconds(Long.parseLong(stamp.group(1)))
            .plusNanos(Long.parseLong(stamp.group(2)) * 1000);
    return new LogLine(at.or(() -> Optional.of(boot.plus(since))), program, stamp.group(3));
  }

  private static Optional<Instant> time(String iso) {
    try {
      return Optional.of(OffsetDateTime.parse(iso).toInstant());
    } catch (DateTimeParseException strange) {
      return Optional.empty();
    }
  }
}
