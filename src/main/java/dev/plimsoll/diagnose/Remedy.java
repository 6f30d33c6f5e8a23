package dev.plimsoll.diagnose;

import java.util.ArrayList;
import java.util.List;

/// Suggests a fix for a proven result.
///
/// @param now what prevents the failure without changing the test's code
/// @param fix what to look for in the tests
public record Remedy(List<String> now, String fix) {
  public Remedy {
    now = List.copyOf(now);
  }

  /// Suggest a fix for a diagnosis.
  ///
  /// @param single name of a group that runs with 1 worker and never with other groups, empty when
  ///   there is none
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
          "mark all of them with `%s`, which keeps them on one worker: there the test passed %s"
              .formatted(mark(diagnosis), times(together.runs())));
    }
    if (!single.isEmpty()) {
      now.add(
          "run its file with 1 worker: `plimsoll groups move %s %s --reason \"fails in parallel\"`"
              .formatted(file(diagnosis.test()), single));
    }
    return new Remedy(
        now,
        "find what they share: a file or directory with a fixed path, a port, a database, a limit"
            + " of the machine. Give each test its own (`tmp_path`, port 0, a schema for each"
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
        "find what stays changed in the process: a module's variable, `os.environ`, the working"
            + " directory, a cache, a patch that is not undone. Restore it at the end"
            + " (`monkeypatch`, a fixture with `yield`)");
  }

  private static Remedy needs(Diagnosis diagnosis) {
    return new Remedy(
        List.of(
            "mark all of them with `%s`, which keeps them on one worker and in order"
                .formatted(mark(diagnosis))),
        "it relies on what another test leaves behind: create that in a fixture");
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
