package dev.plimsoll.process;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Deal with programs that compete for memory before a run starts.
public final class Preflight {
  /// What programs get to end by themselves before they are killed.
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Stopper stopper;

  public Preflight(ProcessTable table) {
    this.stopper = new Stopper(table);
  }

  /// Refuse to start beside them.
  ///
  /// @throws UserError ({@link ExitCode#PREFLIGHT}) when there are any
  public static void refuse(List<Competitor> found) {
    if (!found.isEmpty()) {
      throw new UserError(
          found.size() == 1
              ? "a program that competes for memory is running"
              : found.size() + " programs that compete for memory are running",
          found.stream().map(Competitor::words).collect(Collectors.joining("\n")),
          "stop them, remove them from `[preflight] conflicts`, or set `action = \"report\"`",
          ExitCode.PREFLIGHT);
    }
  }

  /// Stop those of this user, with their children: TERM, then KILL after five seconds. One line for
  /// each, saying what was done or why not.
  public List<String> stop(List<Competitor> found) {
    List<String> lines = new ArrayList<>();
    for (Competitor competitor : found) {
      lines.add(competitor.sameUser() ? stop(competitor) : notOurs(competitor));
    }
    return lines;
  }

  private String stop(Competitor competitor) {
    Stopper.Stopped stopped = stopper.stopTrees(List.of(competitor.key()), GRACE);
    return stopped.left().isEmpty()
        ? "stopped " + competitor.words()
        : "could not stop " + competitor.words() + ": it is stuck in the kernel";
  }

  private static String notOurs(Competitor competitor) {
    return "left " + competitor.words() + " alone: it belongs to another user";
  }
}
