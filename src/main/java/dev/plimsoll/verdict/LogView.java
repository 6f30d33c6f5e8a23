package dev.plimsoll.verdict;

import java.util.List;

/// What the logs hold for the interval in which a worker died.
///
/// @param readable whether any kernel log could be read
/// @param gap whether records were overwritten or lost before they could be read
/// @param samePids whether pids in the log are the pids we see: not so inside a container
/// @param traces what was found, oldest first
public record LogView(boolean readable, boolean gap, boolean samePids, List<LogTrace> traces) {
  public static final LogView UNREADABLE = new LogView(false, false, false, List.of());

  public LogView {
    traces = List.copyOf(traces);
  }
}
