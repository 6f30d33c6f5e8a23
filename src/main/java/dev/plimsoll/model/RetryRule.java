package dev.plimsoll.model;

/// How often a failed test runs again.
///
/// @param retries attempts after the first one, 0 for none
/// @param failOnFlaky whether a run fails when a test needed one of them
public record RetryRule(int retries, boolean failOnFlaky) {
  public static final RetryRule NONE = new RetryRule(0, false);
}
