package dev.plimsoll.report.junit;

import static dev.plimsoll.report.junit.XmlText.attribute;
import static dev.plimsoll.report.junit.XmlText.escape;

import dev.plimsoll.model.Attempt;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.report.FailureText;
import dev.plimsoll.report.TerminalText;
import dev.plimsoll.report.TestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;

/// A `testcase` of JUnit XML.
///
/// @param attributes of the element, in their order
/// @param properties names and values
/// @param elements what it contains beside the properties
public record JunitCase(
    SequencedMap<String, String> attributes, List<Property> properties, List<Element> elements) {
  private static final String OUTPUT = "system-out";

  public JunitCase {
    properties = List.copyOf(properties);
    elements = List.copyOf(elements);
  }

  /// A property of a test.
  public record Property(String name, String value) {}

  /// An element that contains text only: `failure`, `error`, `skipped`, `system-out`, `system-err`.
  public record Element(String tag, SequencedMap<String, String> attributes, String text) {
    boolean isRed() {
      return tag.equals("failure") || tag.equals("error");
    }

    private String xml() {
      var xml = new StringBuilder("<").append(tag);
      attributes.forEach((name, value) -> xml.append(attribute(name, value)));
      return xml.append('>').append(escape(text)).append("</").append(tag).append('>').toString();
    }
  }

  /// The case of a test of which pytest wrote nothing.
  static JunitCase of(TestResult result) {
    TestName name = TestName.of(result.id());
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("classname", name.className());
    attributes.put("name", name.name());
    attributes.put("time", XmlText.seconds(result.duration()));
    return new JunitCase(attributes, List.of(), outcome(result)).withFile(result).withOwn(result);
  }

  /// What pytest wrote, with what Plimsoll knows beside it. Where pytest has not seen how the test
  /// ended, that is added.
  ///
  /// @param all the cases that pytest wrote for the test, of which this is the first
  JunitCase with(TestResult result, List<JunitCase> all) {
    boolean crashed = result.outcome() == Outcome.CRASHED;
    boolean unseen = result.outcome().isRed() && all.stream().noneMatch(JunitCase::isRed);
    var merged = new ArrayList<Element>();
    elements.stream()
        .filter(Predicate.not(one -> crashed && one.isRed()))
        .map(one -> one.isRed() && one.text().isBlank() ? withText(one, cause(result)) : one)
        .forEach(merged::add);
    if (crashed || unseen) {
      merged.addAll(0, outcome(result));
    }
    return new JunitCase(attributes, properties, merged).withOwn(result);
  }

  /// With what pytest says of the same test later, when fixtures are torn down that it was the last
  /// to use.
  public JunitCase with(JunitCase late) {
    var all = new ArrayList<>(late.elements); // the error, which comes before what was captured
    all.addAll(1, elements);
    return new JunitCase(attributes, properties, all);
  }

  JunitCase withFile(TestResult result) {
    var named = new LinkedHashMap<>(attributes);
    named.putIfAbsent("file", result.path());
    return new JunitCase(named, properties, elements);
  }

  private JunitCase withOwn(TestResult result) {
    var more = new ArrayList<>(properties);
    if (result.attempts() > 0) {
      more.add(new Property("plimsoll.worker", result.worker()));
      more.add(new Property("plimsoll.attempts", Integer.toString(result.attempts())));
      more.add(new Property("plimsoll.peak_bytes", Long.toString(result.peak().value())));
      more.add(new Property("plimsoll.peak_source", result.source().word()));
    }
    String notes = String.join("\n", result.notes());
    var all = new ArrayList<>(notes.isEmpty() ? elements : withNotes(notes));
    result.earlier().stream()
        .filter(Attempt::failed)
        .forEach(attempt -> all.add(earlier(result, attempt)));
    return new JunitCase(attributes, more, all);
  }

  /// A failure that did not count, as Maven's Surefire names it: of a test that passed later, or of
  /// one that failed again.
  private static Element earlier(TestResult result, Attempt attempt) {
    String kind = attempt.outcome() == Outcome.ERROR ? "Error" : "Failure";
    String tag = (result.isFlaky() ? "flaky" : "rerun") + kind;
    return element(tag, attempt.reason(), "", TerminalText.colourless(attempt.text()));
  }

  private List<Element> withNotes(String notes) {
    var all = new ArrayList<>(elements);
    all.replaceAll(
        one -> one.tag().equals(OUTPUT) ? withText(one, one.text() + "\n" + notes) : one);
    if (elements.stream().noneMatch(one -> one.tag().equals(OUTPUT))) {
      all.add(new Element(OUTPUT, new LinkedHashMap<>(), notes));
    }
    return all;
  }

  private static Element withText(Element element, String text) {
    return new Element(element.tag(), element.attributes(), text);
  }

  /// Whether it contains an element of this kind.
  public boolean has(String tag) {
    return elements.stream().anyMatch(one -> one.tag().equals(tag));
  }

  private boolean isRed() {
    return elements.stream().anyMatch(Element::isRed);
  }

  private static List<Element> outcome(TestResult result) {
    return switch (result.outcome()) {
      case PASSED, XPASSED, UNREPORTED -> List.of();
      case FAILED -> List.of(element("failure", cause(result), "", text(result)));
      case ERROR, CRASHED -> List.of(element("error", cause(result), "", text(result)));
      case SKIPPED -> List.of(element("skipped", result.reason(), "pytest.skip", result.reason()));
      case XFAILED -> List.of(element("skipped", result.reason(), "pytest.xfail", ""));
      case NOT_RUN ->
          List.of(element("skipped", "not run: " + result.reason(), "plimsoll.not_run", ""));
    };
  }

  private static Element element(String tag, String message, String type, String text) {
    var attributes = new LinkedHashMap<String, String>();
    if (!type.isEmpty()) {
      attributes.put("type", type);
    }
    attributes.put("message", message);
    return new Element(tag, attributes, text);
  }

  /// GitLab shows the text alone, so that it must not be empty (`--tb=no`).
  private static String text(TestResult result) {
    return result.text().isBlank() ? cause(result) : TerminalText.colourless(result.text());
  }

  private static String cause(TestResult result) {
    String cause = FailureText.cause(result);
    return result.outcome() == Outcome.CRASHED ? "crashed: " + cause : cause;
  }

  /// The tags that a suite counts.
  List<String> tags() {
    var tags = new ArrayList<>(elements.stream().map(Element::tag).toList());
    tags.add("testcase");
    return tags;
  }

  String xml() {
    var xml = new StringBuilder("<testcase");
    attributes.forEach((name, value) -> xml.append(attribute(name, value)));
    xml.append('>');
    if (!properties.isEmpty()) {
      xml.append("<properties>");
      properties.forEach(one ->
          xml.append("<property")
              .append(attribute("name", one.name()))
              .append(attribute("value", one.value()))
              .append("/>"));
      xml.append("</properties>");
    }
    elements.forEach(one -> xml.append(one.xml()));
    return xml.append("</testcase>\n").toString();
  }
}
