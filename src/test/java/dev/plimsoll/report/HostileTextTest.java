package dev.plimsoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.history.TestingHistory;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.report.html.HtmlPage;
import dev.plimsoll.report.json.RunJson;
import dev.plimsoll.report.junit.JunitXml;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/// Ids, messages, notes and output of tests are made of what other programs obey. None of them may
/// reach one of these programs as a command: 10,000 tests through the real writers.
class HostileTextTest {
  private static final int RUNS = 500;
  private static final int TESTS = 20;
  private static final Outcome[] OUTCOMES = Outcome.values();

  private static final List<String> PIECES =
      List.of(
          "<script>alert(1)</script>",
          "</script>",
          "<!--",
          "]]>",
          "<![CDATA[",
          "<img src=x onerror=a>",
          "&lt;",
          "&#60;",
          "\"",
          "'",
          "' onload='",
          "\" onload=\"",
          "|",
          "\\|",
          "\\",
          "`",
          "``````",
          "[a](javascript:b)",
          "![a](http://b)",
          "@someone",
          "#1",
          "*a*",
          "__b__",
          "~~c~~",
          "</code>",
          "</details>",
          "\n```\n",
          "\n~~~\n",
          "\n# Title\n",
          "\n- a\n",
          "\n    code\n",
          "\n> a\n",
          "::error file=a::b",
          "\n::stop-commands::x\n",
          "\n  ::add-mask::y\n",
          "##[add-path]/evil",
          "\n##[group]a\n",
          "\r::debug::c\r",
          "\u001b[31m::warning::d\u001b[0m",
          "\n\u001b[1m::e::f\n",
          "%0A::error::g",
          "%25",
          ",line=1",
          "\u001b[2J",
          "\u001b]0;title\u0007",
          "\u009b1m",
          "\u0090q\u009c",
          "\u202e",
          "\u2028",
          "\u2029",
          "\u0000",
          "\b\b\b",
          "\r",
          "\n",
          "\t",
          "\ufffe",
          "\ud83d\ude00",
          "日本語",
          "'; drop table test; --",
          "\" or 1=1",
          "$(touch evil)",
          "`touch evil`",
          "; touch evil #",
          "$HOME",
          "\\x41",
          "a b",
          "e\u0301",
          "é");

  private static final RunChanges CHANGES = RunChanges.NONE;

  @TempDir private Path folder;

  private static String text(SplittableRandom dice, int most) {
    return IntStream.range(0, 1 + dice.nextInt(most))
        .mapToObj(_ -> PIECES.get(dice.nextInt(PIECES.size())))
        .collect(Collectors.joining(dice.nextBoolean() ? "" : " "));
  }

  private static TestResult test(SplittableRandom dice, int number) {
    String path = "tests/" + text(dice, 2) + ".py";
    return new TestResult(
        path + "::test_" + number + "[" + text(dice, 5) + "]",
        path,
        text(dice, 1),
        OUTCOMES[dice.nextInt(OUTCOMES.length)],
        "gw1",
        TestingRuns.START,
        Duration.ofMillis(dice.nextInt(5000)),
        Bytes.mib(dice.nextInt(900)),
        PeakSource.HWM_FRESH,
        1,
        text(dice, 30) + "\nE   " + text(dice, 4) + "\n" + path + ":12: " + text(dice, 3),
        text(dice, 4),
        List.of(text(dice, 3), text(dice, 3)));
  }

  private static List<RunSummary> runs() {
    var runs = new ArrayList<RunSummary>();
    for (int seed = 0; seed < RUNS; seed++) {
      var dice = new SplittableRandom(seed);
      runs.add(
          TestingRuns.run(
              1, IntStream.range(0, TESTS).mapToObj(number -> test(dice, number)).toList()));
    }
    return runs;
  }

  /// A line of a job's log that GitHub's runner takes for a command (`ActionCommand.cs`).
  private static boolean isCommand(String line) {
    return line.strip().startsWith("::") || line.contains("##[");
  }

  private static void isHarmlessInATerminal(String shown, boolean colour, RunSummary run) {
    String rest = colour ? shown.replaceAll("\u001b\\[[0-9;:]*m", "") : shown;
    assertThat(
            rest.codePoints().filter(Character::isISOControl).filter(c -> c != '\n' && c != '\t'))
        .as("%s", run)
        .isEmpty();
    assertThat(shown).doesNotContain("\u202e").doesNotContain("\u2028");
    assertThat(rest.lines().filter(HostileTextTest::isCommand)).isEmpty();
  }

  @Test
  void terminals() {
    for (RunSummary run : runs()) {
      for (boolean colour : new boolean[] {false, true}) {
        var style = new Style(colour, true);
        isHarmlessInATerminal(RunText.summary(run, style, 100), colour, run);
        isHarmlessInATerminal(RunText.closing(run, style, 100), colour, run);
        for (TestResult result : run.results()) {
          isHarmlessInATerminal(FailureText.of(result, style), colour, run);
          isHarmlessInATerminal(FailureText.line(result, style), colour, run);
        }
      }
    }
  }

  /// Our own commands are whole lines, and what they say of a test is data in them.
  @Test
  void githubCommands() {
    Pattern command =
        Pattern.compile(
            "::(error|warning) (file=[^:,\r\n]*(,line=\\d+)?,)?title=[^:,\r\n]*::[^\r\n]*");
    for (RunSummary run : runs()) {
      for (String line : GithubAnnotations.of(run, "")) {
        assertThat(line).matches(command);
      }
    }
  }

  private static final Pattern OWN_TAGS =
      Pattern.compile("</?(details|summary|code)>|&#?\\w+;|`[^`\n]*`");

  /// What is left of Markdown without its fences, the tags that the writer makes, and code.
  private static String rest(String markdown) {
    var rest = new StringBuilder();
    String fence = "";
    for (String line : markdown.split("\n", -1)) {
      var begins = Pattern.compile("^ {0,3}(```+)").matcher(line);
      boolean found = begins.find();
      if (fence.isEmpty() && found) {
        fence = begins.group(1);
      } else if (!fence.isEmpty()) {
        fence = line.strip().matches("`{" + fence.length() + ",}") ? "" : fence;
      } else {
        rest.append(OWN_TAGS.matcher(line).replaceAll("")).append('\n');
      }
    }
    assertThat(fence).as("an open fence").isEmpty();
    return rest.toString();
  }

  @Test
  void markdown() {
    for (RunSummary run : runs()) {
      for (String markdown :
          List.of(GithubSummary.of(run, CHANGES), RunMarkdown.of(run, CHANGES))) {
        String rest = rest(markdown);
        assertThat(rest).doesNotContain("<", "](", "@someone", "`", "![");
        assertThat(rest.lines().filter(line -> line.startsWith("# ") || line.contains("# Title")))
            .isEmpty();
      }
    }
  }

  @Test
  void junit() throws Exception {
    for (RunSummary run : runs()) {
      var xml = new StringBuilder();
      JunitXml.write(run, JunitXml.Reported.NONE, xml::append);
      var document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(xml.toString())));
      long reported =
          run.results().stream().filter(test -> test.outcome() != Outcome.UNREPORTED).count();
      assertThat(document.getElementsByTagName("testcase").getLength()).isEqualTo((int) reported);
      assertThat(document.getElementsByTagName("script").getLength()).isZero();
      assertThat(document.getElementsByTagName("img").getLength()).isZero();
    }
  }

  @Test
  void html() throws IOException {
    for (RunSummary run : runs().subList(0, 50)) {
      Map<String, Object> tree = RunJson.tree(run);
      String page =
          HtmlPage.render("<script>/*[data]*/</script>", Map.of(), JSON.std.asString(tree));
      String data = page.substring("<script>".length(), page.length() - "</script>".length());
      assertThat(data).doesNotContain("<");
      assertThat(JSON.std.mapFrom(data)).hasSameSizeAs(tree);
    }
  }

  @Test
  void sql() {
    for (RunSummary run : runs().subList(0, 10)) {
      var warnings = new ArrayList<String>();
      try (var store = TestingHistory.store(folder.resolve(run.id()), warnings::add)) {
        TestingHistory.record(store, run, warnings::add);
        List<String> read =
            store.run("r1").orElseThrow().results().stream().map(TestResult::id).toList();
        assertThat(read)
            .containsExactlyInAnyOrderElementsOf(
                run.results().stream().map(TestResult::id).toList());
      }
      assertThat(warnings).isEmpty();
      folder.resolve(run.id()).resolve(".plimsoll/history.db").toFile().delete();
    }
  }

  @Test
  void shells() throws Exception {
    List<String> ids =
        runs().stream()
            .flatMap(run -> run.results().stream())
            .map(TestResult::id)
            .filter(id -> id.indexOf(0) < 0) // no program takes it as an argument
            .toList();
    Path script = folder.resolve("script");
    var lines = new StringBuilder();
    ids.forEach(
        id -> lines.append("printf '%s\\0' ").append(DiagnosisText.quoted(id)).append('\n'));
    Files.writeString(script, lines);
    var builder = new ProcessBuilder("bash", script.toString()).directory(folder.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process shell = builder.start();
    String said =
        new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).isZero();
    assertThat(List.of(said.split("\0"))).isEqualTo(ids);
    assertThat(folder.resolve("evil")).doesNotExist();
    ids.forEach(id ->
        assertThat(DiagnosisText.quoted(id).chars().noneMatch(Character::isISOControl)).isTrue());
  }
}
