package dev.plimsoll.model;

/// How groups share the machine: one after another, or all in one pool.
public enum Mode {
  PHASED("phased"),
  PACKED("packed");

  private final String word;

  Mode(String word) {
    this.word = word;
  }

  /// As the configuration and the JSON documents spell it.
  public String word() {
    return word;
  }
}
