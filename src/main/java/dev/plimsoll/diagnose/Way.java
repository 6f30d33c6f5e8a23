package dev.plimsoll.diagnose;

/// How other tests can interfere with a test.
public enum Way {
  /// They run before it, in the same process.
  BEFORE("before"),
  /// They run at the same time, in other processes.
  CONCURRENT("beside");

  private final String word;

  Way(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }
}
