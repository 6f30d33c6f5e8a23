package dev.plimsoll.verdict;

/// How surely a cause is known. Only with the first two is it stated as a fact.
public enum Certainty {
  /// A record names this very process or its own control group, or its parent reported it.
  PROVEN,
  /// No record names it, but nothing else fits.
  STRONG,
  /// It fits, and so would something else.
  LIKELY,
  UNKNOWN
}
