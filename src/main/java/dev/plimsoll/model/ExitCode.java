package dev.plimsoll.model;

/// Exit codes of `plimsoll`. 0 to 5 are pytest's own
/// (https://docs.pytest.org/en/stable/reference/exit-codes.html); ours start at 10.
public enum ExitCode {
  OK(0, "all tests passed, or the command succeeded"),
  TESTS_FAILED(1, "tests failed or crashed, or a check found a difference"),
  INTERRUPTED(2, "the run was interrupted, or collection failed"),
  INTERNAL_ERROR(3, "internal error in pytest or Plimsoll, or a result could not be written"),
  USAGE(4, "invalid command line"),
  NO_TESTS(5, "no tests were selected"),
  CONFIG(10, "invalid configuration"),
  PYTHON(11, "no usable Python, pytest or plugin found"),
  ENGINE(12, "the test runner did not start, or exited unexpectedly"),
  MEMORY(13, "a test does not fit the memory budget, or the required containment is not available"),
  INCOMPLETE(14, "tests are missing from the result"),
  PREFLIGHT(15, "the preflight check found a conflict, or a stage that this one needs failed"),
  BROWSER(16, "no usable Node, Playwright, browser or server under test found"),
  UNPROVEN(
      17,
      "the diagnosis proved nothing: the failure did not occur again, or the time budget ran out");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  public String meaning() {
    return meaning;
  }
}
