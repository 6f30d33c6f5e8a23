package dev.plimsoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GithubTest {
  /// Compared with a file in `src/test/resources/report`, rewritten when `BLESS` is set.
  private static void isGolden(String text, String name) throws IOException {
    Path golden = Path.of("src/test/resources/report", name);
    if (System.getenv("BLESS") != null) {
      Files.createDirectories(golden.resolveSibling(""));
      Files.writeString(golden, text);
    }
    assertThat(text).isEqualTo(Files.readString(golden));
  }

  private static TestResult failed(String path, String text) {
    TestResult like = TestingRuns.result(path + "::test_x", Outcome.FAILED, 1, Bytes.ZERO);
    return new TestResult(
        like.id(),
        like.path(),
        like.group(),
        like.outcome(),
        like.worker(),
        like.start(),
        like.duration(),
        like.peak(),
        like.source(),
        1,
        text,
        "",
        List.of());
  }

  @Test
  void aRunAsAnnotations() throws IOException {
    List<String> lines = GithubAnnotations.of(TestingRuns.mixed(), "services/shop/");
    assertThat(lines).allSatisfy(line -> assertThat(line).doesNotContain("\n"));
    isGolden(String.join("\n", lines) + "\n", "github-annotations.txt");
  }

  private static final RunChanges CHANGES =
      new RunChanges(
          List.of("tests/test_a.py::test_b[|]"),
          List.of(),
          List.of("tests/test_slow.py::c"),
          List.of());

  @Test
  void aRunAsMarkdown() throws IOException {
    isGolden(GithubSummary.of(TestingRuns.mixed(), CHANGES), "github-summary.md");
  }

  @Test
  void aGreenRunHasNoAnnotations() {
    RunSummary green =
        TestingRuns.run(0, List.of(TestingRuns.result("a.py::b", Outcome.PASSED, 1, Bytes.ZERO)));
    assertThat(GithubAnnotations.of(green, "")).isEmpty();
    assertThat(GithubSummary.of(green, RunChanges.NONE))
        .startsWith("## PASSED")
        .doesNotContain("Failures");
  }

  @Test
  void aRedRunWithoutRedTestsIsOneError() {
    assertThat(GithubAnnotations.of(TestingRuns.run(12, List.of()), ""))
        .singleElement()
        .asString()
        .startsWith("::error title=plimsoll::FAILED: no tests");
  }

  @Test
  void noMoreThanGithubShows() {
    var many =
        IntStream.range(0, 25).mapToObj(i -> failed("tests/test_" + i + ".py", "E   no")).toList();
    List<String> lines = GithubAnnotations.of(TestingRuns.run(1, many), "");
    assertThat(lines).hasSize(10);
    assertThat(lines.getLast())
        .isEqualTo(
            "::error title=plimsoll::16 more tests failed: see the log"
                + " and the summary of the job");
  }

  @Test
  void theLineIsThatOfTheTestsOwnFile() {
    String text =
        """
        def test_x():
        >   helper()

        tests/test_a.py:12:
        _ _ _ _
        src/lib.py:99: in helper
        E   ValueError: no
        src/lib.py:99: ValueError
        """;
    // pytest ends intermediate places with a blank.
    String real = text.replace("test_a.py:12:\n", "test_a.py:12: \n");
    assertThat(GithubAnnotations.line(failed("tests/test_a.py", real))).isEqualTo(12);
    assertThat(GithubAnnotations.line(failed("project/tests/test_a.py", real))).isEqualTo(12);
    assertThat(GithubAnnotations.line(failed("tests/test_b.py", real))).isZero();
    String python = "  File \"/home/ada/tests/test_a.py\", line 7, in test_x\n";
    assertThat(GithubAnnotations.line(failed("tests/test_a.py", python))).isEqualTo(7);
  }

  @Test
  void whatMeansSomethingInACommandIsEscaped() {
    assertThat(GithubAnnotations.data("50 %\r\n::error::")).isEqualTo("50 %25%0D%0A::error::");
    assertThat(GithubAnnotations.property("a:b,c%")).isEqualTo("a%3Ab%2Cc%25");
  }

  @Test
  void nothingInAFailureEndsItsBlockOrGrowsTheSummary() {
    var hostile =
        IntStream.range(0, 300)
            .mapToObj(i ->
                failed(
                    "tests/test_" + i + ".py", "```\n</details>\n" + "x".repeat(100_000) + "````"))
            .toList();
    String text = GithubSummary.of(TestingRuns.run(1, hostile), RunChanges.NONE);
    assertThat(text).contains("`````text").contains("180 more tests");
    assertThat(text.length()).isLessThan(200_000);
  }
}
