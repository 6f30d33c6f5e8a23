package dev.plimsoll.report.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.report.TestName;
import dev.plimsoll.report.TestingRuns;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class JunitXmlTest {
  private static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  private static String written(RunSummary run) {
    return written(run, JunitXml.Reported.NONE);
  }

  private static String written(RunSummary run, JunitXml.Reported reported) {
    var xml = new StringBuilder();
    JunitXml.write(run, reported, xml::append);
    return xml.toString();
  }

  private static SequencedMap<String, String> attributes(String... pairs) {
    var attributes = new LinkedHashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      attributes.put(pairs[i], pairs[i + 1]);
    }
    return attributes;
  }

  /// What pytest wrote about one test.
  private static JunitXml.Reported reported(JunitCase... cases) {
    return new JunitXml.Reported() {
      @Override
      public String suite() {
        return "a suite";
      }

      @Override
      public List<JunitCase> cases(String id) {
        return id.equals("tests/test_a.py::test_x") ? List.of(cases) : List.of();
      }
    };
  }

  private static Document both(TestResult result, JunitCase... cases) throws Exception {
    return parse(written(TestingRuns.run(1, List.of(result)), reported(cases)));
  }

  private static JunitCase pytests(String tag, String text) {
    return new JunitCase(
        attributes("classname", "prefix.tests.test_a", "name", "test_x", "time", "0.5"),
        List.of(new JunitCase.Property("own", "1")),
        List.of(
            new JunitCase.Element(tag, attributes("message", "pytest says"), text),
            new JunitCase.Element("system-out", attributes(), "captured")));
  }

  private static Element first(Document document, String tag) {
    return (Element) document.getElementsByTagName(tag).item(0);
  }

  private static TestResult red(Outcome outcome, String text, String reason, String... notes) {
    return new TestResult(
        "tests/test_a.py::test_x",
        "tests/test_a.py",
        "light",
        outcome,
        "gw0",
        TestingRuns.START,
        Duration.ofSeconds(1),
        Bytes.ZERO,
        PeakSource.NONE,
        1,
        text,
        reason,
        List.of(notes));
  }

  @Test
  void everyOutcomeIsCountedOnce() throws Exception {
    Element suite = first(parse(written(TestingRuns.mixed())), "testsuite");

    assertThat(suite.getAttribute("tests")).isEqualTo("9");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getAttribute("errors")).isEqualTo("2");
    assertThat(suite.getAttribute("skipped")).isEqualTo("3");
    assertThat(suite.getAttribute("time")).isEqualTo("42.130");
    assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(9);
    assertThat(suite.getElementsByTagName("failure").getLength()).isEqualTo(1);
    assertThat(suite.getElementsByTagName("error").getLength()).isEqualTo(2);
    assertThat(suite.getElementsByTagName("skipped").getLength()).isEqualTo(3);
  }

  @Test
  void namesAreThoseOfPytest() {
    assertThat(TestName.of("tests/a/test_x.py::TestA::TestB::test_y[a::b[1]]"))
        .isEqualTo(new TestName("tests.a.test_x.TestA.TestB", "test_y[a::b[1]]"));
    assertThat(TestName.of("test_x.py::test_y")).isEqualTo(new TestName("test_x", "test_y"));
    assertThat(TestName.of("odd")).isEqualTo(new TestName("", "odd"));
  }

  @Test
  void charactersOutsideXmlAreWrittenAsPytestDoes() throws Exception {
    assertThat(XmlText.escape("\u0000\u001b<&>\ud800\ufffe é👍"))
        .isEqualTo("#x00#x1B&lt;&amp;&gt;#xD800#xFFFE é👍");
    Document document = parse(written(TestingRuns.mixed()));
    Element odd = (Element) document.getElementsByTagName("testcase").item(1);
    assertThat(odd.getAttribute("name"))
        .isEqualTo("test_name[日本語 a::b\nnew\tline #x1B[31mred#x1B[2J \u202e x]");
    assertThat(odd.getAttribute("file")).isEqualTo("tests/light/test_odd.py");
    assertThat(first(document, "failure").getAttribute("message")).isEqualTo("assert 1 == 2");
    assertThat(first(document, "skipped").getAttribute("message"))
        .isEqualTo("needs <network> & \"more\"");
  }

  @Test
  void coloursOfARenderedFailureAreNoText() throws Exception {
    TestResult failed =
        red(
            Outcome.FAILED,
            "\u001b[1m\u001b[31mE   assert 1 == 2\u001b[0m\u001b[38;5;12m!\u001b[m\u001b[2J",
            "");
    Document document = parse(written(TestingRuns.run(1, List.of(failed))));
    assertThat(first(document, "failure").getTextContent()).isEqualTo("E   assert 1 == 2!#x1B[2J");
  }

  @Test
  void anEmptyRunIsAValidDocument() throws Exception {
    Document document = parse(written(TestingRuns.run(5, java.util.List.of())));
    assertThat(first(document, "testsuite").getAttribute("tests")).isEqualTo("0");
    assertThat(TestingRuns.mixed().counts().get(Outcome.CRASHED)).isEqualTo(1);
  }

  @Test
  void aFailureWithoutTextSaysItsCauseBecauseGitlabShowsNoMessage() throws Exception {
    TestResult crashed = red(Outcome.CRASHED, "", "killed by signal 9");
    Document document = parse(written(TestingRuns.run(1, List.of(crashed))));
    assertThat(first(document, "error").getTextContent()).isEqualTo("crashed: killed by signal 9");
    Element test = first(document, "testcase");
    assertThat(test.getAttribute("classname")).isEqualTo("tests.test_a");
    assertThat(test.getAttribute("name")).isEqualTo("test_x");
    assertThat(test.getAttribute("file")).isEqualTo("tests/test_a.py");
    assertThat(test.getAttribute("time")).isEqualTo("1.000");
  }

  @Test
  void whatPytestSaysStaysAndPlimsollAddsItsOwn() throws Exception {
    TestResult failed = red(Outcome.FAILED, "E   rendered", "", "attempt 1 was killed");
    Document document =
        both(failed, pytests("failure", "traceback"), pytests("error", "in teardown"));

    Element suite = first(document, "testsuite");
    assertThat(suite.getAttribute("name")).isEqualTo("a suite");
    assertThat(suite.getAttribute("tests")).isEqualTo("2");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getAttribute("errors")).isEqualTo("1");
    Element test = first(document, "testcase");
    assertThat(test.getAttribute("classname")).isEqualTo("prefix.tests.test_a");
    assertThat(test.getAttribute("time")).isEqualTo("0.5");
    assertThat(test.getAttribute("file")).isEqualTo("tests/test_a.py");
    assertThat(first(document, "failure").getTextContent()).isEqualTo("traceback");
    assertThat(first(document, "failure").getAttribute("message")).isEqualTo("pytest says");
    assertThat(first(document, "system-out").getTextContent())
        .isEqualTo("captured\nattempt 1 was killed");
    assertThat(test.getElementsByTagName("property").getLength()).isEqualTo(5);
  }

  @Test
  void whatPytestDidNotSeeIsPlimsolls() throws Exception {
    TestResult crashed = red(Outcome.CRASHED, "", "killed by signal 9");
    Document document = both(crashed, pytests("failure", "the worker died"));
    assertThat(document.getElementsByTagName("failure").getLength()).isZero();
    assertThat(first(document, "error").getAttribute("message"))
        .isEqualTo("crashed: killed by signal 9");

    TestResult ended = red(Outcome.ERROR, "", "the teardown ended the process");
    document = both(ended, pytests("system-err", "only output"));
    assertThat(first(document, "error").getTextContent())
        .isEqualTo("the teardown ended the process");
  }

  @Test
  void testsWithTheSameNodeIdShareWhatPytestSaid() throws Exception {
    TestResult failed = red(Outcome.FAILED, "E   rendered", "");
    Document document =
        parse(
            written(
                TestingRuns.run(1, List.of(failed, failed)),
                reported(pytests("failure", "first"), pytests("failure", "second"))));
    assertThat(first(document, "testsuite").getAttribute("tests")).isEqualTo("2");
    assertThat(first(document, "testsuite").getAttribute("failures")).isEqualTo("2");
  }
}
