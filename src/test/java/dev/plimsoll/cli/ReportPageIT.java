package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.cli.report.CurveStore;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.history.RunRecorder;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.MemorySnapshot;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.report.TestingRuns;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The HTML report in a real Chromium: two calibrations that were really made, of pytest and of a
/// command, and a run of 240 tests. The pictures stay in `target/screenshots`.
class ReportPageIT {
  private static final Path SCREENSHOTS = Path.of("target/screenshots");
  private static final Path AXE = Path.of("src/test/node/node_modules/axe-core/axe.min.js");
  private static final int TESTS = 240;

  /// Counts the colours of a canvas, and how many of its pixels have a colour of the page's style.
  private static final String PIXELS =
      """
      (selector, name) => {
        const wanted = document.createElement("canvas").getContext("2d");
        wanted.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name);
        wanted.fillRect(0, 0, 1, 1);
        const [r, g, b] = wanted.getImageData(0, 0, 1, 1).data;
        const canvas = document.querySelector(selector);
        const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        let count = 0;
        for (let i = 0; i < data.length; i += 4)
          if (data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255) count++;
        return count;
      }\
      """;

  @TempDir private static Path folder;
  private static TestingBrowser browser;
  private static Path page;

  @BeforeAll
  static void writeReport() throws Exception {
    assumeTrue(TestingBrowser.program().isPresent(), "no Chromium: install the package chromium");
    Path project = Files.createDirectories(folder.resolve("shop"));
    Path kept = Files.createDirectories(project.resolve(".plimsoll/calibration/laptop"));
    for (String suite : List.of("light.json", "numbers.json")) {
      Files.copy(Path.of("src/test/resources/report", suite), kept.resolve(suite));
    }
    Files.copy(Path.of("src/test/resources/report/second.webm"), project.resolve("video.webm"));
    record(project, run().with(List.of(), List.of("video.webm", "trace.zip")));
    page = project.resolve("report.html");
    var report = TestingCli.run("report", "-C", project, "--html", page);
    assertThat(report.exitCode()).as(report.err()).isZero();
    browser = new TestingBrowser(folder.resolve("profile"));
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  private static void record(Path project, RunSummary run) {
    try (var store = new HistoryStore(project, InstantSource.system(), _ -> {});
        var recorder = new RunRecorder(store, run.command(), 10, false, _ -> {})) {
      var curve = new CurveStore(project);
      for (int i = 0; i <= 60; i++) {
        Instant at = run.start().plusMillis(500L * i);
        Bytes used = Bytes.mib(200 + 20L * (i % 30));
        curve.accept(
            new RunEvent.Sampled(
                at,
                new MemorySnapshot(
                    at, used, PeakSource.PSS, Bytes.gib(1), Bytes.gib(2), Bytes.ZERO),
                Map.of()));
      }
      var end = new RunEvent.Finished(run.start().plus(run.duration()), run);
      curve.accept(end);
      recorder.accept(end);
    }
  }

  private static RunSummary run() {
    var results = new ArrayList<TestResult>();
    for (int i = 0; i < TESTS; i++) {
      Outcome outcome =
          i % 60 == 7 ? Outcome.FAILED : i % 20 == 3 ? Outcome.SKIPPED : Outcome.PASSED;
      results.add(
          new TestResult(
              "tests/test_" + i / 10 + ".py::test_of_a_rather_long_name_for_a_phone[" + i + "]",
              "tests/test_" + i / 10 + ".py",
              "light",
              outcome,
              "gw" + i % 3,
              TestingRuns.START.plusMillis(i / 3 * 370L),
              Duration.ofMillis(50 + i),
              Bytes.mib(i),
              PeakSource.HWM_REUSED,
              1,
              outcome.isRed() ? "E   assert 1 == 2" : "",
              "",
              List.of()));
    }
    return TestingRuns.run(1, results);
  }

  @Test
  void thePageAsksForNothingAndComplainsOfNothing() throws Exception {
    show(1280, 900, false);

    assertThat(browser.requests())
        .as("what the page holds itself is no request")
        .filteredOn(address -> !address.startsWith("data:"))
        .containsExactly(page.toUri().toString());
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.text("document.title")).isEqualTo("Plimsoll report: shop");
    assertThat(browser.text("document.body.innerText"))
        .doesNotContain("undefined", "NaN", "[object")
        .doesNotContainPattern("(?<!/)\\bnull\\b")
        .contains("test_cart_is_kept fails only in parallel");
  }

  @Test
  void aVideoPlaysInThePageAndATraceNamesItsViewer() throws Exception {
    show(1280, 900, false);

    assertThat(browser.number("document.querySelectorAll('video.kept').length")).isEqualTo(1);
    browser.text(
        "new Promise(done => { const video = document.querySelector('video.kept');"
            + " video.muted = true; video.onended = done; video.play(); }).then(() => 'ended')");
    assertThat(browser.number("document.querySelector('video.kept').videoWidth")).isEqualTo(32);
    assertThat(browser.text("document.body.innerText"))
        .contains("npx playwright show-trace trace.zip");
  }

  @Test
  void everyChartShowsWhatItIsThereFor() throws Exception {
    show(1280, 900, false);

    assertThat(browser.number("document.querySelectorAll('canvas').length")).isEqualTo(6);
    for (String suite : List.of("#suite-0", "#suite-1")) {
      assertThat(pixels(suite + " .chart:nth-child(1) canvas", "--sea")).as(suite).isPositive();
      assertThat(pixels(suite + " .chart:nth-child(2) canvas", "--sea")).as(suite).isPositive();
      assertThat(pixels(suite + " .chart:nth-child(2) canvas", "--brass"))
          .as("budget")
          .isPositive();
      assertThat(pixels(suite + " .chart:nth-child(1) canvas", "--hull")).as("failed").isPositive();
    }
    String lanes = "canvas.lanes";
    assertThat(browser.text("document.querySelector('canvas.lanes').ariaLabel"))
        .startsWith("240 tests on 3 workers over ");
    for (String shade : List.of("--sea", "--hull", "--skip")) {
      assertThat(pixels(lanes, shade)).as(shade).isPositive();
    }
    String memory = "#run-0 .plot canvas";
    assertThat(pixels(memory, "--sea")).isPositive();
    assertThat(pixels(memory, "--brass")).isPositive();
  }

  @Test
  void aBudgetFarAboveDoesNotPressTheCurveOfARunFlat() throws Exception {
    show(1280, 900, false);
    browser.evaluate(
        "memoryChart(document.querySelector('main'), [[0, 10, 20000], [10, 50, 20000]])");

    assertThat(browser.number("Math.round(charts.at(-1).plot.scales.y.max)")).isBetween(50, 100);
    assertThat(pixels("main > .plot canvas", "--sea")).isPositive();
    assertThat(pixels("main > .plot canvas", "--brass")).as("budget").isPositive();
  }

  @Test
  void tablesAreSortedAndSearched() throws Exception {
    show(1280, 900, false);

    assertThat(row("#run-0", 0)).contains("[239]");
    click("#run-0", "time");
    assertThat(row("#run-0", 0)).contains("[0]");
    click("#run-0", "test");
    assertThat(row("#run-0", 1)).contains("test_0.py").contains("[1]");
    assertThat(rows("#run-0")).isEqualTo(100);
    browser.evaluate("document.querySelector('#run-0 button.more').click()");
    assertThat(rows("#run-0")).isEqualTo(TESTS);
    browser.evaluate(
        "(() => { const box = document.querySelector('#run-0 input');"
            + " box.value = 'failed'; box.dispatchEvent(new Event('input')); })()");
    assertThat(rows("#run-0")).isEqualTo(4);

    click("#suite-1", "time");
    assertThat(
            browser.text(
                "[...document.querySelectorAll('#suite-1 tbody tr')].map(r =>"
                    + " r.cells[0].textContent).join()"))
        .isEqualTo("12,6,3,4,2,1");
  }

  @Test
  void aViewHasAnAddressAndATestOpens() throws Exception {
    show(1280, 900, false);
    browser.evaluate(
        "(() => { const box = document.querySelectorAll('#run-0 select')[0];"
            + " box.value = 'not green'; box.dispatchEvent(new Event('input')); })()");
    assertThat(rows("#run-0")).isEqualTo(4);
    String address = browser.text("location.href");
    assertThat(address).endsWith("#run-0?outcome=not+green");

    show(1280, 900, false);
    browser.evaluate("document.querySelector('#run-0 ul.tests button.test').click()");
    assertThat(browser.text("document.querySelector('#run-0 tr.opened').innerText"))
        .contains("assert 1 == 2", "plimsoll run 'tests/test_", "a lower bound");
    assertThat(browser.text("location.hash")).contains("open=");
  }

  @Test
  void nothingIsWiderThanAPhone() throws Exception {
    for (boolean dark : List.of(false, true)) {
      show(390, 844, dark);

      assertThat(browser.number("document.documentElement.scrollWidth")).isEqualTo(390);
      assertThat(
              browser.text(
                  """
                  [...document.querySelectorAll("main *")]
                    .filter((node) => !node.closest(".scroll") && node.getBoundingClientRect().right > 391)
                    .map((node) => node.tagName + "." + node.className).join()
                  """))
          .isEmpty();
    }
  }

  /// axe-core looks at what it can see: the whole page, then with a test opened.
  @Test
  void axeFindsNothing() throws Exception {
    assumeTrue(Files.isRegularFile(AXE), "no axe-core: run bin/setup-web");
    for (boolean dark : List.of(false, true)) {
      for (int width : List.of(390, 1280)) {
        show(width, 900, dark);
        assertThat(axe()).as("width %d, dark %s", width, dark).isEmpty();
        browser.evaluate("document.querySelector('#run-0 ul.tests button.test').click()");
        assertThat(axe()).as("a test opened, width %d, dark %s", width, dark).isEmpty();
      }
    }
  }

  /// The rules that are broken, and where.
  private static String axe() throws Exception {
    browser.evaluate(Files.readString(AXE) + "; true");
    return browser.text(
        """
        axe.run().then(({violations}) => violations.map(({id, nodes}) =>
          id + ": " + nodes.slice(0, 3).map((node) => node.target).join(" | ")).join("\\n"))\
        """);
  }

  @Test
  void nightHasItsOwnColours() throws Exception {
    show(1280, 900, false);
    String day = browser.text("getComputedStyle(document.body).backgroundColor");
    show(1280, 900, true);

    assertThat(browser.text("getComputedStyle(document.body).backgroundColor")).isNotEqualTo(day);
    assertThat(pixels("canvas.lanes", "--sea")).isPositive();
    assertThat(pixels("#suite-0 .chart:nth-child(1) canvas", "--sea")).isPositive();
  }

  @Test
  void picturesAreTaken() throws Exception {
    Files.createDirectories(SCREENSHOTS);
    for (boolean dark : List.of(false, true)) {
      for (int width : List.of(390, 1280)) {
        show(width, width < 600 ? 1800 : 1200, dark);
        for (String card : List.of("suite-0", "suite-1", "run-0")) {
          browser.evaluate(
              "document.getElementById('%s').scrollIntoView({behavior: 'instant'})"
                  .formatted(card));
          byte[] picture = browser.screenshot();
          String device = width < 600 ? "phone" : "desktop";
          String name = "report-%s-%s-%s.png".formatted(card, device, dark ? "dark" : "light");
          Files.write(SCREENSHOTS.resolve(name), picture);
          assertThat(isColourful(picture, 50)).as(name).isTrue();
        }
      }
    }
  }

  private static void show(int width, int height, boolean dark) throws InterruptedException {
    browser.device(width, height, 1, dark);
    browser.open(page.toUri());
  }

  private static int pixels(String canvas, String shade) throws InterruptedException {
    return browser.number("(" + PIXELS + ")('" + canvas + "', '" + shade + "')");
  }

  private static String row(String card, int index) throws InterruptedException {
    return browser.text(
        "document.querySelectorAll('" + card + " tbody tr')[" + index + "].textContent");
  }

  private static int rows(String card) throws InterruptedException {
    return browser.number("document.querySelectorAll('" + card + " tbody tr').length");
  }

  private static void click(String card, String column) throws InterruptedException {
    browser.evaluate(
        "[...document.querySelectorAll('%s th button')].find(b => b.textContent === '%s').click()"
            .formatted(card, column));
  }

  /// Whether a picture has more colours than these.
  private static boolean isColourful(byte[] png, int least) throws IOException {
    var image = ImageIO.read(new ByteArrayInputStream(png));
    var colours = new HashSet<Integer>();
    for (int y = 0; y < image.getHeight() && colours.size() <= least; y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colours.add(image.getRGB(x, y));
      }
    }
    return colours.size() > least;
  }
}
