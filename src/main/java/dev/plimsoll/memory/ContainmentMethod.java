package dev.plimsoll.memory;

/// A way to have the kernel enforce memory limits per worker, best first.
public enum ContainmentMethod {
  /// A scope of the user's systemd, handed over with its control group (version 2).
  DELEGATED_V2("a control group from systemd (version 2)"),
  /// A version 2 hierarchy that this user may write to.
  WRITABLE_V2("a writable control group (version 2)"),
  /// A version 1 memory hierarchy that this user may write to.
  WRITABLE_V1("a writable control group (version 1)"),
  /// Polling only.
  NONE("none: limits are not enforced by the kernel here");

  private final String words;

  ContainmentMethod(String words) {
    this.words = words;
  }

  public String words() {
    return words;
  }
}
