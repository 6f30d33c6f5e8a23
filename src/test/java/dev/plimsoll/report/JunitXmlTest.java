package dev.plimsoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.TestResult;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
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

  private static Element first(Document document, String tag) {
    return (Element) document.getElementsByTagName(tag).item(0);
  }

  private static TestResult red(Outcome outcome, String text, String reason) {
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
        List.of());
  }

  @Test
  void everyOutcomeIsCountedOnce() throws Exception {
    Element suite = first(parse(JunitXml.of(TestingRuns.mixed())), "testsuite");

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
    assertThat(JunitXml.escape("\u0000\u001b<&>\ud800\ufffe é👍"))
        .isEqualTo("#x00#x1B&lt;&amp;&gt;#xD800#xFFFE é👍");
    Document document = parse(JunitXml.of(TestingRuns.mixed()));
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
    Document document = parse(JunitXml.of(TestingRuns.run(1, List.of(failed))));
    assertThat(first(document, "failure").getTextContent()).isEqualTo("E   assert 1 == 2!#x1B[2J");
  }

  @Test
  void anEmptyRunIsAValidDocument() throws Exception {
    Document document = parse(JunitXml.of(TestingRuns.run(5, java.util.List.of())));
    assertThat(first(document, "testsuite").getAttribute("tests")).isEqualTo("0");
    assertThat(TestingRuns.mixed().counts().get(Outcome.CRASHED)).isEqualTo(1);
  }

  @Test
  void aFailureWithoutTextSaysItsCauseBecauseGitlabShowsNoMessage() throws Exception {
    TestResult crashed = red(Outcome.CRASHED, "", "killed by signal 9");
    Document document = parse(JunitXml.of(TestingRuns.run(1, List.of(crashed))));
    assertThat(first(document, "error").getTextContent()).isEqualTo("crashed: killed by signal 9");
    Element test = first(document, "testcase");
    assertThat(test.getAttribute("classname")).isEqualTo("tests.test_a");
    assertThat(test.getAttribute("name")).isEqualTo("test_x");
    assertThat(test.getAttribute("file")).isEqualTo("tests/test_a.py");
    assertThat(test.getAttribute("time")).isEqualTo("1.000");
  }
}
