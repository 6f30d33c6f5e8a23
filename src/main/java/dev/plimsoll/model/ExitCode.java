package dev.plimsoll.model;

/// Exit codes of `plimsoll`. 0 to 5 are pytest's own
/// (https://docs.pytest.org/en/stable/reference/exit-codes.html); ours start at 10.
public enum ExitCode {
  OK(0, "all tests passed, or the command did what was asked"),
  TESTS_FAILED(1, "tests failed, a worker's test crashed, or a check found a difference"),
  INTERRUPTED(2, "the run was interrupted, or the collection failed"),
  INTERNAL_ERROR(
      3, "an internal error in pytest or in Plimsoll, or a result that could not be written"),
  USAGE(4, "wrong use of the command line"),
  NO_TESTS(5, "no tests were selected"),
  CONFIG(10, "the configuration cannot be used"),
  PYTHON(11, "no usable Python, pytest or plugin"),
  ENGINE(12, "the test runner did not start, or exited unexpectedly"),
  MEMORY(13, "a test cannot fit the memory budget, or a required containment is missing"),
  INCOMPLETE(14, "tests are missing from the result: a gap in the accounting"),
  PREFLIGHT(15, "the preflight check found a conflict, or a stage before this one failed"),
  BROWSER(16, "no usable Node, Playwright, browser or server under test"),
  UNPROVEN(17, "a diagnosis without proof: the failure did not show again, or time was up");

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
