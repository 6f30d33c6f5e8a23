package dev.plimsoll.model;

/// What became of a collected test. Every collected test ends in exactly one of these.
public enum Outcome {
  PASSED("passed", false),
  FAILED("failed", true),
  SKIPPED("skipped", false),
  XFAILED("xfailed", false),
  XPASSED("xpassed", false),
  /// Setup or teardown failed.
  ERROR("error", true),
  /// The worker died while it ran this test, also when the test was tried again alone.
  CRASHED("crashed", true),
  /// It ran, and a hook of the project kept pytest from reporting an outcome: pytest does not count
  /// it.
  UNREPORTED("unreported", false),
  NOT_RUN("not run", false);

  private final String word;
  private final boolean red;

  Outcome(String word, boolean red) {
    this.word = word;
    this.red = red;
  }

  /// The word people read, as pytest says it.
  public String word() {
    return word;
  }

  /// Whether one such test makes the run red.
  public boolean isRed() {
    return red;
  }

  /// The outcome with this {@link #word()}.
  ///
  /// @throws IllegalArgumentException when there is none
  public static Outcome ofWord(String word) {
    for (Outcome outcome : values()) {
      if (outcome.word.equals(word)) {
        return outcome;
      }
    }
    throw new IllegalArgumentException("no outcome is called " + word);
  }
}
