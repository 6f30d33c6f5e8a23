package dev.plimsoll.cli.doctor;

/// One thing that `plimsoll doctor` found.
///
/// @param area what it belongs to, such as `memory`
/// @param what the fact, one sentence without a full stop
/// @param todo what to do about it; empty only when nothing needs doing
record Finding(String area, Status status, String what, String todo) {
  enum Status {
    GOOD("ok"),
    /// It does not work here, and another way does.
    ABSENT("no"),
    /// Worth knowing: something works less well here than it could.
    NOTE("note"),
    /// Tests may fail or the machine may run out of memory because of it.
    WARNING("warning");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  static Finding good(String area, String what) {
    return new Finding(area, Status.GOOD, what, "");
  }

  static Finding absent(String area, String what) {
    return new Finding(area, Status.ABSENT, what, "");
  }

  static Finding note(String area, String what, String todo) {
    return new Finding(area, Status.NOTE, what, todo);
  }

  static Finding warning(String area, String what, String todo) {
    return new Finding(area, Status.WARNING, what, todo);
  }
}
