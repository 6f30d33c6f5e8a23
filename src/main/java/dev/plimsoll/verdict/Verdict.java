package dev.plimsoll.verdict;

import java.util.List;

/// Why a worker died, for people: what happened, what shows it, what to do.
///
/// @param who the process, as the subject of a sentence
/// @param did what happened to it, as the rest of that sentence
/// @param evidence what it rests on, one fact each
/// @param advice what to do; empty when there is nothing to do
public record Verdict(
    Cause cause,
    Certainty certainty,
    String who,
    String did,
    List<String> evidence,
    String advice) {
  public Verdict {
    evidence = List.copyOf(evidence);
  }

  /// One sentence without a full stop.
  public String what() {
    return who + " " + did;
  }

  /// Whether the evidence tells more than the sentence: the kernel did it, or nobody knows.
  public boolean needsEvidence() {
    return switch (cause) {
      case OUT_OF_MEMORY, MEMORY_DAEMON, KILLED, VANISHED -> true;
      case PREEMPTED, TOO_LARGE, TIMED_OUT, STUCK_IN_FORK, DEADLOCKED, STOPPED, SIGNAL, EXIT ->
          false;
    };
  }

  /// Whether it is stated as a fact that memory was the reason: the two highest levels.
  public boolean isProvenOutOfMemory() {
    return cause == Cause.OUT_OF_MEMORY && certainty.compareTo(Certainty.STRONG) <= 0;
  }

  /// Whether the test deserves a higher estimate when it runs again: memory was, or may have been,
  /// the reason.
  public boolean suggestsMoreMemory() {
    return switch (cause) {
      case OUT_OF_MEMORY, MEMORY_DAEMON, PREEMPTED, TOO_LARGE -> true;
      case KILLED, VANISHED -> true;
      case TIMED_OUT, STUCK_IN_FORK, DEADLOCKED, STOPPED, SIGNAL, EXIT -> false;
    };
  }

  /// The verdict in some lines: what, the evidence indented, the advice.
  public String text() {
    var text = new StringBuilder(what());
    evidence.forEach(fact -> text.append("\n  ").append(fact));
    if (!advice.isEmpty()) {
      text.append("\n  hint: ").append(advice);
    }
    return text.toString();
  }
}
