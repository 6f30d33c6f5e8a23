package dev.plimsoll.report.junit;

import static dev.plimsoll.report.junit.XmlText.attribute;

import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A run as JUnit XML in the form of pytest's `--junitxml`, plus the attribute `file` and, as
/// properties of each test, worker, attempts and peak memory.
///
/// What pytest says of a test is taken over as it is ({@link JunitCase}). Plimsoll adds the tests
/// of which pytest knows nothing: a crashed test is an `error`, a test that did not run is
/// `skipped` with the reason. A test that reported no outcome is left out, as pytest does.
public final class JunitXml {
  private final RunSummary run;
  private final Reported reported;

  private JunitXml(RunSummary run, Reported reported) {
    this.run = run;
    this.reported = reported;
  }

  /// What pytest would have written about a run.
  public interface Reported {
    /// Nothing: no pytest ran.
    Reported NONE =
        new Reported() {
          @Override
          public String suite() {
            return "pytest";
          }

          @Override
          public List<JunitCase> cases(String id) {
            return List.of();
          }
        };

    /// The name of the test suite.
    String suite();

    /// The test cases of a node id: two where a failed test's teardown failed too.
    List<JunitCase> cases(String id);
  }

  /// Write the document in parts. The cases are asked for twice, so that only one of them need be
  /// held at a time.
  public static void write(RunSummary run, Reported reported, Consumer<String> out) {
    new JunitXml(run, reported).write(out);
  }

  private void write(Consumer<String> out) {
    var counts = new TreeMap<String, Integer>();
    each(one -> one.tags().forEach(tag -> counts.merge(tag, 1, Integer::sum)));
    out.accept(head(counts));
    each(one -> out.accept(one.xml()));
    out.accept("</testsuite></testsuites>\n");
  }

  private void each(Consumer<JunitCase> consumer) {
    Set<String> seen = new HashSet<>();
    for (TestResult result : run.results()) {
      if (result.outcome() != Outcome.UNREPORTED) {
        cases(result, seen.add(result.id())).forEach(consumer);
      }
    }
  }

  /// @param first whether no other result had this node id; pytest's cases are those of all of them
  private List<JunitCase> cases(TestResult result, boolean first) {
    List<JunitCase> told = reported.cases(result.id());
    if (told.isEmpty()) {
      return List.of(JunitCase.of(result));
    }
    if (!first) {
      return List.of();
    }
    var all = new ArrayList<JunitCase>();
    told.forEach(one -> all.add(one.withFile(result)));
    all.set(0, all.getFirst().with(result, told));
    return all;
  }

  private String head(Map<String, Integer> counts) {
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<testsuites name=\"plimsoll\"><testsuite"
        + attribute("name", reported.suite())
        + attribute("errors", count(counts, "error"))
        + attribute("failures", count(counts, "failure"))
        + attribute("skipped", count(counts, "skipped"))
        + attribute("tests", count(counts, "testcase"))
        + attribute("time", XmlText.seconds(run.duration()))
        + attribute("timestamp", run.start().truncatedTo(ChronoUnit.MILLIS).toString())
        + attribute("hostname", run.machine().name())
        + ">\n";
  }

  private static String count(Map<String, Integer> counts, String tag) {
    return Integer.toString(counts.getOrDefault(tag, 0));
  }
}
