package dev.plimsoll.report;

import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A run as JUnit XML in the `xunit2` form of pytest (its `--junitxml`), plus the attribute `file`
/// and, as properties of each test, worker, attempts and peak memory.
///
/// A crashed test is an `error`; a test that did not run is `skipped` with the reason; one that
/// reported no outcome is left out, as pytest does. Characters that XML 1.0 cannot hold are written
/// as pytest does: `#x1B`.
public final class JunitXml {
  private JunitXml() {}

  public static String of(RunSummary run) {
    var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    xml.append("<testsuites name=\"plimsoll\">");
    Map<Outcome, Integer> counts = run.counts();
    List<TestResult> reported =
        run.results().stream().filter(one -> one.outcome() != Outcome.UNREPORTED).toList();
    xml.append("<testsuite name=\"pytest\"")
        .append(attribute("errors", of(counts, Outcome.ERROR, Outcome.CRASHED)))
        .append(attribute("failures", of(counts, Outcome.FAILED)))
        .append(attribute("skipped", of(counts, Outcome.SKIPPED, Outcome.XFAILED, Outcome.NOT_RUN)))
        .append(attribute("tests", Integer.toString(reported.size())))
        .append(attribute("time", seconds(run.duration().toNanos())))
        .append(attribute("timestamp", run.start().truncatedTo(ChronoUnit.MILLIS).toString()))
        .append(attribute("hostname", run.machine().name()))
        .append(">\n");
    reported.forEach(result -> testCase(xml, result));
    return xml.append("</testsuite></testsuites>\n").toString();
  }

  private static String of(Map<Outcome, Integer> counts, Outcome... outcomes) {
    return Integer.toString(List.of(outcomes).stream().mapToInt(counts::get).sum());
  }

  private static void testCase(StringBuilder xml, TestResult result) {
    TestName name = TestName.of(result.id());
    xml.append("<testcase")
        .append(attribute("classname", name.className()))
        .append(attribute("name", name.name()))
        .append(attribute("time", seconds(result.duration().toNanos())))
        .append(attribute("file", result.path()))
        .append(">");
    properties(xml, result);
    outcome(xml, result);
    if (!result.notes().isEmpty()) {
      xml.append("<system-out>").append(escape(String.join("\n", result.notes())));
      xml.append("</system-out>");
    }
    xml.append("</testcase>\n");
  }

  private static void properties(StringBuilder xml, TestResult result) {
    if (result.attempts() == 0) {
      return;
    }
    xml.append("<properties>");
    property(xml, "plimsoll.worker", result.worker());
    property(xml, "plimsoll.attempts", Integer.toString(result.attempts()));
    property(xml, "plimsoll.peak_bytes", Long.toString(result.peak().value()));
    property(xml, "plimsoll.peak_source", result.source().word());
    xml.append("</properties>");
  }

  private static void property(StringBuilder xml, String name, String value) {
    xml.append("<property")
        .append(attribute("name", name))
        .append(attribute("value", value))
        .append("/>");
  }

  private static void outcome(StringBuilder xml, TestResult result) {
    switch (result.outcome()) {
      case PASSED, XPASSED, UNREPORTED -> {}
      case FAILED -> element(xml, "failure", cause(result), "", text(result));
      case ERROR, CRASHED -> element(xml, "error", cause(result), "", text(result));
      case SKIPPED -> element(xml, "skipped", result.reason(), "pytest.skip", result.reason());
      case XFAILED -> element(xml, "skipped", result.reason(), "pytest.xfail", "");
      case NOT_RUN ->
          element(xml, "skipped", "not run: " + result.reason(), "plimsoll.not_run", "");
    }
  }

  private static void element(
      StringBuilder xml, String tag, String message, String type, String text) {
    xml.append('<').append(tag);
    if (!type.isEmpty()) {
      xml.append(attribute("type", type));
    }
    xml.append(attribute("message", message)).append('>').append(escape(text));
    xml.append("</").append(tag).append('>');
  }

  /// GitLab shows the text alone, so that it must not be empty (`--tb=no`).
  private static String text(TestResult result) {
    return result.text().isBlank() ? cause(result) : TerminalText.colourless(result.text());
  }

  private static String cause(TestResult result) {
    String cause = FailureText.cause(result);
    return result.outcome() == Outcome.CRASHED ? "crashed: " + cause : cause;
  }

  private static String attribute(String name, String value) {
    String text = escape(value).replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;");
    return " " + name + "=\"" + text.replace("\"", "&quot;") + "\"";
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / 1e9);
  }

  /// The text with markup escaped and characters outside XML 1.0's `Char` made visible
  /// (https://www.w3.org/TR/xml/#charsets).
  static String escape(String text) {
    var xml = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '<' -> xml.append("&lt;");
            case '>' -> xml.append("&gt;");
            case '&' -> xml.append("&amp;");
            default -> xml.append(isXml(point) ? Character.toString(point) : number(point));
          }
        });
    return xml.toString();
  }

  private static boolean isXml(int point) {
    return point == '\t'
        || point == '\n'
        || point == '\r'
        || (point >= 0x20 && point < 0x7f)
        || (point > 0x9f && point <= 0xd7ff)
        || (point >= 0xe000 && point <= 0xfffd)
        || point >= 0x10000;
  }

  private static String number(int point) {
    return String.format(Locale.ROOT, point <= 0xff ? "#x%02X" : "#x%04X", point);
  }
}
