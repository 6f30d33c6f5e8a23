package dev.plimsoll.report;

import java.util.ArrayList;
import java.util.List;

/// The class and name under which JUnit XML lists a test, made from a node id as pytest's own
/// `--junitxml` does: `tests/test_a.py::TestX::test_y[1]` is `tests.test_a.TestX`, `test_y[1]`.
public record TestName(String className, String name) {
  public static TestName of(String id) {
    int bracket = id.indexOf('[');
    String address = bracket < 0 ? id : id.substring(0, bracket);
    String parameters = bracket < 0 ? "" : id.substring(bracket);
    List<String> parts = new ArrayList<>(List.of(address.split("::", -1)));
    parts.set(0, module(parts.getFirst()));
    String name = parts.removeLast() + parameters;
    return new TestName(String.join(".", parts), name);
  }

  private static String module(String path) {
    String dotted = path.replace('/', '.');
    return dotted.endsWith(".py") ? dotted.substring(0, dotted.length() - 3) : dotted;
  }
}
