package dev.plimsoll.store;

/// The store did not answer: it may have done what was asked or not.
public final class StoreLost extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreLost(String why, Throwable cause) {
    super(why, cause);
  }
}
