package dev.plimsoll.apply;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeadingStyleTest {
  private static String heading(String text) {
    HeadingStyle style = HeadingStyle.of(text);
    return (style.heading("Tests", 0) + style.heading("light", 1)).replace("\n\n", "|");
  }

  @Test
  void theLevelIsThatOfTheSectionsOfTheFile() {
    assertThat(heading("")).isEqualTo("## Tests|### light|");
    assertThat(heading("no headings")).isEqualTo("## Tests|### light|");
    assertThat(heading("# Mine\n\n## A\n\ntext\n")).isEqualTo("## Tests|### light|");
    assertThat(heading("# A\n\ntext\n\n# B\n\ntext\n")).isEqualTo("# Tests|## light|");
    assertThat(heading("### A\ntext\n### B\ntext\n")).isEqualTo("### Tests|#### light|");
    assertThat(heading("# Mine\n```sh\n# a comment\n# another\n```\n"))
        .isEqualTo("## Tests|### light|");
  }

  @Test
  void theFormIsThatOfTheFile() {
    assertThat(heading("Mine\n====\n\nA\n---\n\ntext\n")).isEqualTo("Tests\n-----|### light|");
    assertThat(heading("# Mine #\n\n## A ##\n\ntext\n")).isEqualTo("## Tests ##|### light ###|");
    assertThat(heading("---\ntitle: x\n---\n# Mine\n")).isEqualTo("## Tests|### light|");
  }

  @Test
  void aSectionUnderAHeadingIsPartOfItAlsoTheNextTime() {
    String text = "# Mine\n\n## A\ntext\n\n## Tests\n";
    String marks = "\n<!-- plimsoll:begin x -->\n## Old\n### old\n<!-- plimsoll:end -->\n";
    assertThat(heading(text)).isEqualTo("### Tests|#### light|");
    assertThat(heading(text + marks + "\n## Last\n")).isEqualTo("### Tests|#### light|");
  }
}
