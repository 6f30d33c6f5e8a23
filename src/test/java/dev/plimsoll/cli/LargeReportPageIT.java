package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.cli.report.CurveStore;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.history.RunRecorder;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.report.TestingRuns;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The HTML report of 20,000 tests, 500 of which failed, in a real Chromium: filters, timeline and
/// addresses.
class LargeReportPageIT {
  private static final int TESTS = 20_000;
  private static final int WORKERS = 8;

  @TempDir private static Path folder;
  private static TestingBrowser browser;
  private static Path page;

  @BeforeAll
  static void writeReport() throws Exception {
    assumeTrue(TestingBrowser.program().isPresent(), "no Chromium: install the package chromium");
    page = report("large", run(TESTS));
    browser = new TestingBrowser(folder.resolve("profile"));
    browser.device(1280, 900, 1, false);
  }

  /// The page of this run, recorded in a project of this name.
  private static Path report(String name, RunSummary run) throws Exception {
    Path project = Files.createDirectories(folder.resolve(name));
    try (var store = new HistoryStore(project, InstantSource.system(), _ -> {});
        var recorder = new RunRecorder(store, run.command(), 10, false, _ -> {})) {
      var end = new RunEvent.Finished(run.start().plus(run.duration()), run);
      new CurveStore(project).accept(end);
      recorder.accept(end);
    }
    Path html = project.resolve("report.html");
    var report = TestingCli.run("report", "-C", project, "--html", html);
    assertThat(report.exitCode()).as(report.err()).isZero();
    return html;
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  private static RunSummary run(int tests) {
    String text = "    def test():\n>       assert 1 == 2\nE       assert 1 == 2\n".repeat(40);
    var results = new ArrayList<TestResult>();
    for (int i = 0; i < tests; i++) {
      Outcome outcome = i % 40 == 7 ? Outcome.FAILED : Outcome.PASSED;
      results.add(
          new TestResult(
              "tests/test_%d.py::test_of_a_shop[%d]".formatted(i / 50, i),
              "tests/test_" + i / 50 + ".py",
              i % 2 == 0 ? "light" : "long",
              outcome,
              "gw" + i % WORKERS,
              TestingRuns.START.plusMillis(i / WORKERS * 10L),
              Duration.ofMillis(i == 11 ? 9_000 : 8),
              Bytes.mib(i == 12 ? 900 : 3),
              PeakSource.HWM_FRESH,
              1,
              outcome.isRed() ? text : "",
              "",
              List.of()));
    }
    return TestingRuns.run(1, results);
  }

  @Test
  void theFileIsSmallAndThePageComplainsOfNothing() throws Exception {
    browser.open(page.toUri());

    assertThat(Files.size(page)).isLessThan(15L << 20);
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.text("document.querySelector('#run-0 .tiles').innerText"))
        .contains("500", "failed", "19,500", "passed");
    assertThat(rows()).isEqualTo(100);
    assertThat(browser.number("document.querySelectorAll('*').length")).isLessThan(5_000);
  }

  @Test
  void aHundredThousandTestsOpen() throws Exception {
    browser.open(report("larger", run(100_000)).toUri());

    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.text("document.querySelector('#run-0 .tiles').innerText"))
        .contains("2,500", "failed", "97,500", "passed");
    set("Find", "shop[99999]");
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void filtersCombineAndStandInTheAddress() throws Exception {
    browser.open(page.toUri());
    set("Outcome", "failed");
    set("Group", "long");
    set("Worker", "gw7");
    assertThat(found()).startsWith("500");
    set("Find", "test_399.py");
    assertThat(rows()).isEqualTo(1);
    String address = browser.text("location.href");
    assertThat(address).contains("outcome=failed", "group=long", "worker=gw7", "q=test_399.py");

    browser.open(URI.create("about:blank"));
    browser.open(URI.create(address));
    assertThat(rows()).isEqualTo(1);
    assertThat(browser.text("document.querySelector('#run-0 tbody tr').innerText"))
        .contains("tests/test_399.py::test_of_a_shop[19967]");

    browser.open(page.toUri());
    set("At least (s)", "5");
    assertThat(browser.text("document.querySelector('#run-0 tbody').innerText")).contains("[11]");
    assertThat(rows()).isEqualTo(1);
    set("At least (s)", "");
    set("At least (MiB)", "500");
    assertThat(browser.text("document.querySelector('#run-0 tbody').innerText")).contains("[12]");
  }

  @Test
  void aTestHasAnAddressThatOpensIt() throws Exception {
    browser.open(page.toUri());
    browser.evaluate("document.querySelector('#run-0 ul.tests button.test').click()");
    String address = browser.text("location.href");
    String opened = browser.text("document.querySelector('#run-0 tr.opened').innerText");
    assertThat(opened).contains("assert 1 == 2", "ran at the same time on other workers");

    browser.open(URI.create("about:blank"));
    browser.open(URI.create(address));
    assertThat(browser.text("document.querySelector('#run-0 tr.opened').innerText"))
        .isEqualTo(opened);
  }

  @Test
  void theTimelineZoomsAndOpensTheTestUnderThePointer() throws Exception {
    browser.open(page.toUri());
    browser.evaluate(
        """
        (() => {
          const canvas = document.querySelector("canvas.lanes");
          const box = canvas.getBoundingClientRect();
          const at = (x) => ({ bubbles: true, clientX: box.left + x, clientY: box.top + 12 });
          const middle = LEFT + (box.width - LEFT) / 2;
          canvas.dispatchEvent(new PointerEvent("pointerdown", at(middle)));
          canvas.dispatchEvent(new MouseEvent("click", at(middle + 60)));
        })()\
        """);
    assertThat(browser.number("Math.round(lanes[0].from)"))
        .isEqualTo(browser.number("Math.round(lanes[0].total / 2)"));
    assertThat(browser.number("Math.round(100 * (lanes[0].to - lanes[0].from) / lanes[0].total)"))
        .isBetween(2, 10);
    browser.evaluate(
        "[...document.querySelectorAll('.zoom button')].find(b => b.textContent === 'Zoom"
            + " in').click()");
    assertThat(browser.number("Math.round(1000 * (lanes[0].to - lanes[0].from) / lanes[0].total)"))
        .isBetween(10, 50);
    browser.evaluate(
        """
        (() => {
          const canvas = document.querySelector("canvas.lanes");
          const box = canvas.getBoundingClientRect();
          const test = lanes[0].ran.find((t) => t.worker === "gw0" && t.start > lanes[0].from + 0.02);
          const x = span(lanes[0], test, box.width)[0] + 1;
          canvas.dispatchEvent(new MouseEvent("click", { clientX: box.left + x, clientY: box.top + 12, bubbles: true }));
          window.wanted = test.id;
        })()\
        """);
    assertThat(browser.text("new URLSearchParams(location.hash.split('?')[1]).get('open')"))
        .isEqualTo(browser.text("window.wanted"));
    browser.evaluate("document.querySelector('canvas.lanes').dispatchEvent(new Event('dblclick'))");
    assertThat(browser.number("lanes[0].from")).isZero();
  }

  private static void set(String label, String value) throws InterruptedException {
    browser.evaluate(
        """
        (() => {
          const wrap = [...document.querySelectorAll("#run-0 .tools label")].find((l) => l.firstChild.textContent.trim() === "%s");
          const field = wrap.querySelector("input, select");
          field.value = "%s";
          field.dispatchEvent(new Event("input"));
        })()\
        """
            .formatted(label, value));
  }

  private static String found() throws InterruptedException {
    return browser.text("document.querySelector('#run-0 .tools [role=status]').textContent");
  }

  private static int rows() throws InterruptedException {
    return browser.number("document.querySelectorAll('#run-0 .all tbody tr').length");
  }
}
