package dev.plimsoll.model;

/// How a collected test ended. Every collected test has exactly one outcome.
public enum Outcome {
  PASSED("passed", false),
  FAILED("failed", true),
  SKIPPED("skipped", false),
  XFAILED("xfailed", false),
  XPASSED("xpassed", false),
  /// Setup or teardown failed.
  ERROR("error", true),
  /// The worker died while it ran this test, even when the test ran again alone.
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

  /// The word for users, the same as in pytest.
  public String word() {
    return word;
  }

  /// Whether one such test makes the run fail.
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
