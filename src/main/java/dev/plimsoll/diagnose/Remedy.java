package dev.plimsoll.diagnose;

import java.util.ArrayList;
import java.util.List;

/// Propose what to do about a interfering set that is proven.
///
/// @param now what keeps the test from failing without a change of what it does
/// @param fix what to look for in the tests
public record Remedy(List<String> now, String fix) {
  public Remedy {
    now = List.copyOf(now);
  }

  /// Propose what fits a diagnosis.
  ///
  /// @param single name of a group that runs with 1 worker and never beside other groups, empty
  ///   when there is none
  public static Remedy of(Diagnosis diagnosis, String single) {
    return switch (diagnosis.way()) {
      case CONCURRENT -> beside(diagnosis, single);
      case BEFORE -> diagnosis.effect() == Effect.BREAKS ? after(diagnosis) : needs(diagnosis);
    };
  }

  private static Remedy beside(Diagnosis diagnosis, String single) {
    var now = new ArrayList<String>();
    Tally together = diagnosis.oneWorker();
    if (together.runs() > 0 && together.hits() == 0) {
      now.add(
          "mark it and them with `%s`, which keeps them in one worker: there it passed %s"
              .formatted(mark(diagnosis), times(together.runs())));
    }
    if (!single.isEmpty()) {
      now.add(
          "run its file with 1 worker: `plimsoll groups move %s %s --reason \"fails in parallel\"`"
              .formatted(file(diagnosis.test()), single));
    }
    return new Remedy(
        now,
        "look for what they share: a file or folder in a fixed place, a port, a database, a limit of"
            + " the machine. Give each test its own (`tmp_path`, port 0, a schema for each"
            + " `worker_id`)");
  }

  private static Remedy after(Diagnosis diagnosis) {
    boolean sameFile =
        diagnosis.interfering().stream().anyMatch(id -> file(id).equals(file(diagnosis.test())));
    String kind = sameFile ? "test" : "file";
    return new Remedy(
        List.of(
            "a fresh worker for each %s: `isolate = \"%s\"` in plimsoll.toml, or `--isolate %s`"
                .formatted(kind, kind, kind)),
        "look for what stays changed in the process: a module's variable, `os.environ`, the working"
            + " folder, a cache, a patch that is not undone. Put it back at the end (`monkeypatch`,"
            + " a fixture with `yield`)");
  }

  private static Remedy needs(Diagnosis diagnosis) {
    return new Remedy(
        List.of(
            "mark it and them with `%s`, which keeps them in one worker and in order"
                .formatted(mark(diagnosis))),
        "it relies on what another test leaves behind: make that in a fixture of its own");
  }

  private static String mark(Diagnosis diagnosis) {
    String id = diagnosis.test();
    int bracket = id.indexOf('[');
    String address = bracket < 0 ? id : id.substring(0, bracket);
    String name = address.substring(address.lastIndexOf(':') + 1).replaceFirst("^test_?", "");
    return "@pytest.mark.xdist_group(\"%s\")".formatted(name.isEmpty() ? "together" : name);
  }

  private static String file(String id) {
    int end = id.indexOf("::");
    return end < 0 ? id : id.substring(0, end);
  }

  private static String times(int count) {
    return count == 1 ? "once" : count + " times";
  }
}
