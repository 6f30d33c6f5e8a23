package dev.plimsoll.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.apply.MarkedSection.Result;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkedSectionTest {
  private static final String BODY = "## Tests\n\n| a | b |\n";
  private static final String OTHER = "## Tests\n\nfewer\n";

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whatPeopleWroteIsKept(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 200; i++) {
      String above = prose(random);
      String below = prose(random);
      boolean windows = random.nextBoolean();
      String text = windows ? above.replace("\n", "\r\n") : above;
      String put = done(text, BODY);
      assertThat(put).startsWith(text);
      String more = put + (windows ? below.replace("\n", "\r\n") : below);
      assertThat(done(more, BODY)).isEqualTo(more);
      String changed = done(more, OTHER);
      assertThat(changed).startsWith(text).endsWith(more.substring(put.length()));
      assertThat(done(changed, OTHER)).isEqualTo(changed);
      assertThat(done(changed, BODY)).isEqualTo(more);
      assertThat(changed.contains("\r")).isEqualTo(text.contains("\r\n") || more.contains("\r"));
    }
  }

  private static String prose(SplittableRandom random) {
    String[] parts = {
      "# Name\n", "text", "\n", "```\ncode\n```\n", "<!-- c -->\n", "ä €\n", "  x\n"
    };
    var text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return text.toString();
  }

  private static String done(String text, String body) {
    Result result = MarkedSection.MARKDOWN.put(text, body, false);
    assertThat(result).isInstanceOf(Result.Done.class);
    return ((Result.Done) result).text();
  }

  @Test
  void anEditByHandIsNeverOverwrittenUnasked() {
    String text = done("# Name\n", BODY).replace("| a |", "| mine |");
    assertThat(MarkedSection.MARKDOWN.put(text, BODY, false)).isEqualTo(new Result.Edited());
    assertThat(MarkedSection.MARKDOWN.put(text, OTHER, false)).isEqualTo(new Result.Edited());
    assertThat(MarkedSection.MARKDOWN.put(text, BODY, true))
        .isEqualTo(new Result.Done(done("# Name\n", BODY)));
  }

  @Test
  void anEditThatIsWhatWouldBeWrittenIsNone() {
    String text = done("", BODY);
    String edited = text.replace("| a | b |", "mine");
    assertThat(MarkedSection.MARKDOWN.put(edited, OTHER, false)).isInstanceOf(Result.Edited.class);
    String same = edited.replace("mine\n", "| a | b |\n");
    assertThat(done(same, BODY)).isEqualTo(text);
  }

  @Test
  void lineBreaksThatGitChangesAreNoEdit() {
    String text = done("# Name\n", BODY).replace("\n", "\r\n");
    assertThat(done(text, BODY)).isEqualTo(text);
    assertThat(done(text, OTHER)).contains("fewer\r\n").doesNotContain("| a |");
  }

  @Test
  void marksByHandSayWhereTheSectionStands() {
    String text = "above\n<!-- plimsoll:begin -->\n<!-- plimsoll:end -->\nbelow";
    assertThat(done(text, BODY)).startsWith("above\n<!-- plimsoll:begin ").endsWith("-->\nbelow");
    String filled = text.replace("begin -->\n", "begin -->\nmine\n");
    assertThat(MarkedSection.MARKDOWN.put(filled, BODY, false)).isInstanceOf(Result.Edited.class);
  }

  @Test
  void damagedMarks() {
    String text = done("", BODY);
    String end = "<!-- plimsoll:end -->\n";
    assertThat(damage(text.replace(end, ""))).isEqualTo("the mark `plimsoll:end` is missing");
    assertThat(damage(end)).isEqualTo("the mark `plimsoll:begin` is missing");
    assertThat(damage(text + text)).contains("more than once");
    assertThat(damage(end + text.replace(end, "")))
        .isEqualTo("`plimsoll:end` stands before `plimsoll:begin`");
  }

  private static String damage(String text) {
    Result result = MarkedSection.MARKDOWN.put(text, BODY, true);
    assertThat(result).isInstanceOf(Result.Damaged.class);
    return ((Result.Damaged) result).why();
  }
}
