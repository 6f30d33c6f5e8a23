package dev.plimsoll.cli.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.Golden;
import dev.plimsoll.cli.TestingCli;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag(Golden.TAG)
class ChooseCommandTest {
  private static final Path PLAN = Path.of("src/test/resources/calibrate/measured.json");

  @TempDir private Path folder;

  @Test
  void thePlansTablesLeadToThePlansChoices() throws Exception {
    var run = TestingCli.run("choose", "--from", PLAN);

    assertThat(run.err()).isEmpty();
    Golden.check("calibrate/choose.txt", run.out());
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void jsonHasTheChoiceItsReasonAndTheRejectedLevels() throws Exception {
    var run = TestingCli.run("choose", "--from", PLAN, "--json");

    Golden.check("calibrate/choose.json", run.out());
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void aSuiteWithoutAStableLevelHasNoWorkersAndExitCode1() throws Exception {
    var file =
        write(
            """
            {"suites": {"light": [{"workers": 1, "seconds": 3, "passed": 3, "failed": 1}],
                        "heavy": [{"workers": 1, "seconds": 3, "passed": 3}]}}\
            """);

    assertThat(TestingCli.run("choose", "--from", file).exitCode()).isEqualTo(1);
    assertThat(TestingCli.run("choose", "--from", file).out())
        .contains("light: none\n  why: no stable level: 1 worker failed (1 test)")
        .contains("heavy: 1 worker\n");
    assertThat(TestingCli.run("choose", "--from", file, "--json").out())
        .contains("\"workers\" : null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"suites": {"a": [{"workers": 1}]}}                                | `suites.a[0].seconds` must be a number that is not negative
          {"suites": {"a": [{"workers": 0, "seconds": 1}]}}                  | `suites.a[0].workers` must be a whole number, at least 1
          {"suites": {"a": [{"workers": true, "seconds": 1}]}}               | it is true
          {"suites": {"a": [{"workers": 1.5, "seconds": 1}]}}                | it is the number 1.5
          {"suites": {"a": [{"workers": "2", "seconds": 1}]}}                | it is the text "2"
          {"suites": {"a": [{"workers": 2, "seconds": "1"}]}}                | `suites.a[0].seconds` must be a number
          {"suites": {"a": [{"workers": 2, "seconds": -1}]}}                 | it is the number -1
          {"suites": {"a": [{"workers": 2, "seconds": []}]}}                 | or a list with at least one
          {"suites": {"a": [{"workers": 2, "seconds": 1, "failed": "no"}]}}  | `suites.a[0].failed` must be a whole number
          {"suites": {"a": [{"workers": 2, "seconds": 1, "swap": "2"}]}}     | `suites.a[0].swap` must be a number
          {"suites": {"a": [{"workers": 2, "seconds": 1, "ram": 7}]}}        | `suites.a[0].ram` must be an object
          {"suites": {"a": [{"workers": 2, "seconds": 1, "ram": {"free": "x"}}]}} | `suites.a[0].ram.free` must be a number
          {"suites": {"a": [{"workers": 2, "seconds": 1, "failed_tests": "t"}]}} | `suites.a[0].failed_tests` must be a list
          {"suites": {"a": [{"workers": 2, "seconds": 1, "failed_tests": [7]}]}} | `suites.a[0].failed_tests[0]` must be a text
          {"suites": {"a": [{"workers": 2, "runs": [{"seconds": 1}, {"seconds": null}]}]}} | `suites.a[0].runs[1].seconds` must be
          {"suites": {"a": {"workers": 2}}}                                  | `suites.a` must be a list
          {"suites": {"a": ["x"]}}                                           | `suites.a[0]` must be an object
          {"suites": {}}                                                     | `suites` must be an object with at least one suite
          {"suite": {}}                                                      | it is missing or null
          [1, 2]                                                             | the document must be an object
          {"suites": {"a": [], "a": []}}                                     | Duplicate field 'a'
          {"suites": {"a": [] }                                              | is not valid JSON at line 1
          {"suites": {"a": [] }} {}                                          | more text follows
          {"suites": {"a": [{"workers": 1, "seconds": NaN}]}}                | why: Non-standard token 'NaN'
          {"suites": {}}                                                     | it is an empty object
          """)
  void aMalformedFileIsAnErrorThatNamesThePlace(String text, String expected) throws Exception {
    var run = TestingCli.run("choose", "--from", write(text));

    assertThat(run.err())
        .startsWith("error: ")
        .contains(expected)
        .doesNotContain("a bug in", "JsonReadFeature");
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(10);
  }

  @Test
  void jsonHasExactlyThePromisedShape() throws Exception {
    var run = TestingCli.run("choose", "--from", PLAN, "--json");
    var chosen = (Map<?, ?>) Objects.requireNonNull(JSON.std.mapFrom(run.out()).get("chosen"));

    assertThat(JSON.std.mapFrom(run.out())).containsOnlyKeys("chosen");
    for (Object choice : chosen.values()) {
      assertThat(((Map<?, ?>) choice).keySet()).isEqualTo(Set.of("workers", "reason", "rejected"));
    }
    assertThat(run.err()).contains("note: light: 6 workers were measured once");
  }

  @Test
  void aKeyThatMeansNothingIsNamedAndAByteOrderMarkIsNoMatter() throws Exception {
    var file =
        write("\ufeff{\"suites\": {\"a\": [{\"workers\": 1, \"seconds\": 3, \"sigkil\": true}]}}");
    var run = TestingCli.run("choose", "--from", file);

    assertThat(run.out()).startsWith("a: 1 worker\n");
    assertThat(run.err()).isEqualTo("note: ignored unknown keys (see `choose --help`): `sigkil`\n");
  }

  /// Each value of the plan's table replaced by each of many others: whatever comes, there is a
  /// choice or an error that names the place, and an unstable level is never chosen.
  @Test
  void noTableLeadsToABug() throws Exception {
    var values =
        List.of("null", "-1", "1.5", "0", "1e999", "\"x\"", "[]", "{}", "[1]", "true", "1e9");
    var plan = Files.readString(PLAN);
    var value = Pattern.compile(": (-?[\\d.]+|\\[[^\\[\\]{}]*\\]|\"[^\"]*\")").matcher(plan);
    int at = 0;
    while (value.find()) {
      var other = values.get(at++ % values.size());
      var table = plan.substring(0, value.start(1)) + other + plan.substring(value.end(1));
      var run = TestingCli.run("choose", "--from", write(table), "--json");

      assertThat(run.err()).as(table).doesNotContain("a bug in");
      assertThat(run.exitCode()).as(run.err()).isIn(0, 1, 10);
      assertThat(run.exitCode() == 10).isEqualTo(run.out().isEmpty());
    }
    assertThat(at).isGreaterThan(100);
  }

  @Test
  void filesThatCannotBeReadAreSaid() throws Exception {
    assertThat(TestingCli.run("choose", "--from", folder.resolve("none.json")).err())
        .contains("the file does not exist");
    assertThat(TestingCli.run("choose", "--from", folder).err()).contains("cannot be read");
    assertThat(TestingCli.run("choose", "--from", write("")).err())
        .contains("it contains no value");
    assertThat(TestingCli.run("choose", "--from", write("null")).exitCode()).isEqualTo(10);
    Files.write(folder.resolve("latin"), "{\"ü\": 1}".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(TestingCli.run("choose", "--from", folder.resolve("latin")).err())
        .contains("not UTF-8");
  }

  @Test
  void optionsThatCannotBeUsedAreSaid() {
    assertThat(TestingCli.run("choose", "--from", PLAN, "--tolerance", "100").exitCode())
        .isEqualTo(4);
    assertThat(TestingCli.run("choose", "--from", PLAN, "--max-swap-growth", "8gigs").err())
        .contains("`8gigs` is not a size");
    assertThat(TestingCli.run("choose", "--from", PLAN, "--min-runs", "0").exitCode()).isEqualTo(4);
  }

  @Test
  void optionsChangeThePolicy() {
    assertThat(TestingCli.run("choose", "--from", PLAN, "--tolerance", "30").out())
        .contains(
            "light: 4 workers\n"
                + "  why: lowest level within 30 % of the fastest: 6 workers were only 18.9 %");
    assertThat(TestingCli.run("choose", "--from", PLAN, "--min-runs", "3").out())
        .contains("light: none\n");
  }

  private Path write(String text) throws Exception {
    return Files.writeString(folder.resolve("table.json"), text);
  }
}
