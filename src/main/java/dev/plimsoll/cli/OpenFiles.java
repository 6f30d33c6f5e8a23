package dev.plimsoll.cli;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The number of files that this process may open (`ulimit -n`).
final class OpenFiles {
  /// Java, the connection to pytest and two workers took 28 where this was tried; below that the
  /// JDK fails in places that cannot be foreseen.
  static final int LEAST = 48;

  private static final Pattern LIMIT = Pattern.compile("(?m)^Max open files +(\\d+) ");

  private OpenFiles() {}

  /// Why nothing can be done within the limit; empty when it suffices or is not known.
  static Optional<UserError> tooFew() {
    // The classes of java.nio.file need more open files than there may be.
    try (var limits = new FileInputStream("/proc/self/limits")) {
      return tooFew(new String(limits.readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException unknown) {
      return Optional.empty();
    }
  }

  /// The same for the text of `/proc/self/limits`.
  static Optional<UserError> tooFew(String limits) {
    Matcher matcher = LIMIT.matcher(limits);
    if (!matcher.find() || matcher.group(1).length() > 8) {
      return Optional.empty();
    }
    int limit = Integer.parseInt(matcher.group(1));
    return limit >= LEAST
        ? Optional.empty()
        : Optional.of(
            new UserError(
                "a process may open only " + limit + " files here",
                "Plimsoll needs at least " + LEAST + ", and more for many workers",
                "raise the limit: `ulimit -n 1024`",
                ExitCode.ENGINE));
  }
}
