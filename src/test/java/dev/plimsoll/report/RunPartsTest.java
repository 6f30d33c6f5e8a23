package dev.plimsoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.Part;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.report.html.ReportTree;
import dev.plimsoll.report.json.RunJson;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/// Stages, server and kept files of a chain in every form of a report.
public class RunPartsTest {
  private static final String FILE = "test-results/a-chromium/trace.zip";

  /// A chain whose second stage failed.
  public static RunSummary chain() {
    TestResult red = TestingRuns.result("tests/a.spec.ts::x", Outcome.FAILED, 2, Bytes.mib(500));
    return TestingRuns.run(1, List.of(red))
        .with(
            List.of(
                new Part(
                    "preflight", "passed", 1, Duration.ofMillis(900), Bytes.ZERO, PeakSource.NONE),
                new Part(
                    "functional",
                    "failed: 1 test failed | (1 failed)",
                    2,
                    Duration.ofSeconds(20),
                    Bytes.mib(1100),
                    PeakSource.PSS),
                new Part("server", "under test", 0, Duration.ZERO, Bytes.mib(66), PeakSource.PSS)),
            List.of(FILE));
  }

  @Test
  void theSummaryHasALineForEachInsteadOfTheGroups() {
    String text = RunText.summary(chain(), Style.PLAIN, 120);
    assertThat(text)
        .contains("stages    preflight   0.90 s")
        .containsPattern("functional  20.0 s  1.1 GiB \\(pss\\) +2 workers  failed: 1 test failed")
        .containsPattern("server +66.0 MiB \\(pss\\) +under test")
        .contains("kept      " + FILE)
        .doesNotContain("heavy 1 worker");
  }

  @Test
  void markdownHasATableThatNoCellCanBreak() {
    assertThat(RunMarkdown.of(chain(), RunChanges.NONE))
        .contains("| preflight | passed | 1 | 0.90 s |  |\n")
        .contains("| functional | failed: 1 test failed &#124; (1 failed) | 2 | 20.0 s |")
        .contains("- failed: `tests/a.spec.ts::x` - assert 1 == 2\n")
        .contains("- `" + FILE + "`\n");
  }

  @Test
  void jsonAndThePageHaveThemToo() {
    assertThat(RunJson.tree(chain()).get("kept")).isEqualTo(List.of(FILE));
    assertThat(RunJson.tree(chain()).get("stages"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(3);
    var page =
        ReportTree.of(
            "p",
            "1",
            List.of(),
            List.of(
                new ReportTree.Run(
                    chain(), List.of(), List.of(), RunChanges.NONE, Map.of(), Map.of())));
    assertThat(page.toString()).contains(FILE, "under test", "cause=assert 1 == 2");
  }

  @Test
  void theCauseOfAJavaScriptFailureIsItsFirstLine() {
    assertThat(cause("Error: expect(received).toBe(expected)\n\n    at a.ts:3\n\nOutput:\nsaid"))
        .isEqualTo("Error: expect(received).toBe(expected)");
    assertThat(cause("Test timeout of 30000ms exceeded.\n\nError: page.click"))
        .isEqualTo("Test timeout of 30000ms exceeded.");
    assertThat(cause("Traceback\nE   ValueError: 3\nlast")).isEqualTo("ValueError: 3");
  }

  private static String cause(String text) {
    TestResult red = TestingRuns.result("a::b", Outcome.FAILED, 1, Bytes.ZERO);
    return FailureText.cause(
        new TestResult(
            red.id(),
            red.path(),
            red.group(),
            red.outcome(),
            red.worker(),
            red.start(),
            red.duration(),
            red.peak(),
            red.source(),
            1,
            text,
            "",
            List.of()));
  }
}
