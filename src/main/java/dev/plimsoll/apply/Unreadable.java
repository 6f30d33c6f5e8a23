package dev.plimsoll.apply;

/// A text that does not follow its format, so that no edit of it would be safe.
public final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Unreadable(String why) {
    super(why);
  }
}
