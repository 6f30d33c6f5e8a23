package dev.plimsoll.engine.command;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.TestResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/// Reads a JUnit XML file, in the dialects of the usual runners: `testcase` elements anywhere, with
/// `failure`, `error` or `skipped` inside. The file is not trusted: no document type, nothing
/// external.
final class JunitReport {
  private static final String NO_DOCTYPE = "http://apache.org/xml/features/disallow-doctype-decl";

  private JunitReport() {}

  /// @param group what stands as the tests' group
  /// @param start moment the runner was started; the file does not tell when each test was
  /// @throws IOException when it is missing or no such file
  static List<TestResult> read(Path file, String group, Instant start) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException("the command did not write it");
    }
    var cases = parse(file).getElementsByTagName("testcase");
    Map<String, TestResult> results = new LinkedHashMap<>();
    for (int i = 0; i < cases.getLength(); i++) {
      if (cases.item(i) instanceof Element testcase) {
        TestResult result = result(testcase, group, start, results.keySet().size());
        results.merge(result.id(), result, JunitReport::worse);
      }
    }
    return List.copyOf(results.values());
  }

  private static Document parse(Path file) throws IOException {
    try {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature(NO_DOCTYPE, true);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return builder.parse(file.toFile());
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static TestResult result(Element testcase, String group, Instant start, int position) {
    String name = testcase.getAttribute("name");
    String scope = testcase.getAttribute("classname");
    String path = testcase.getAttribute("file");
    List<Element> verdicts = verdicts(testcase);
    Outcome outcome = outcome(verdicts);
    return new TestResult(
        id(scope, name, position),
        path.isEmpty() && scope.contains("/") ? scope : path,
        group,
        outcome,
        "",
        start,
        seconds(testcase.getAttribute("time")),
        Bytes.ZERO,
        PeakSource.NONE,
        1,
        outcome.isRed() ? text(verdicts) : "",
        outcome == Outcome.SKIPPED ? verdicts.getFirst().getAttribute("message") : "",
        List.of());
  }

  private static String id(String scope, String name, int position) {
    if (name.isEmpty()) {
      return scope.isEmpty() ? "test " + (position + 1) : scope;
    }
    return scope.isEmpty() ? name : scope + " > " + name;
  }

  private static List<Element> verdicts(Element testcase) {
    List<Element> found = new ArrayList<>();
    for (Node at = testcase.getFirstChild(); at != null; at = at.getNextSibling()) {
      if (at instanceof Element element
          && List.of("failure", "error", "skipped").contains(element.getTagName())) {
        found.add(element);
      }
    }
    return found;
  }

  private static Outcome outcome(List<Element> verdicts) {
    List<String> names = verdicts.stream().map(Element::getTagName).toList();
    if (names.contains("error")) {
      return Outcome.ERROR;
    }
    if (names.contains("failure")) {
      return Outcome.FAILED;
    }
    return names.contains("skipped") ? Outcome.SKIPPED : Outcome.PASSED;
  }

  private static String text(List<Element> verdicts) {
    List<String> texts = new ArrayList<>();
    for (Element verdict : verdicts) {
      String body = verdict.getTextContent().strip();
      String message = verdict.getAttribute("message").strip();
      texts.add(body.contains(message) ? body : (message + "\n" + body).strip());
    }
    return String.join("\n\n", texts);
  }

  private static Duration seconds(String text) {
    try {
      return Duration.ofNanos(Math.round(Double.parseDouble(text.replace(",", "")) * 1e9));
    } catch (NumberFormatException missing) {
      return Duration.ZERO;
    }
  }

  /// Two cases of one name count as one test, which is as bad as the worse of them.
  private static TestResult worse(TestResult one, TestResult other) {
    return other.outcome().isRed() && !one.outcome().isRed() ? other : one;
  }
}
