package dev.plimsoll.report;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/// Moments for users.
public final class Moment {
  private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private Moment() {}

  /// `2026-11-30 05:14:01`, in the time zone of this machine.
  public static String text(Instant at) {
    return FORM.format(at.atZone(ZoneId.systemDefault()));
  }
}
