package dev.plimsoll.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.report.junit.JunitCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PytestCasesTest {
  private static final String LATE = line("error", ", \"late\": true");

  @TempDir Path folder;

  @Test
  void anErrorAfterTheTestBelongsToItsCase() throws IOException {
    assertThat(tags(line("system-out", "") + LATE))
        .isEqualTo(List.of(List.of("error", "system-out")));
  }

  @Test
  void aTestThatFailedHasAnotherCaseForIt() throws IOException {
    assertThat(tags(line("failure", "") + LATE))
        .isEqualTo(List.of(List.of("failure"), List.of("error")));
  }

  private List<List<String>> tags(String lines) throws IOException {
    Path file = Files.writeString(folder.resolve("cases"), "{\"suite\": \"pytest\"}\n" + lines);
    try (var cases = PytestCases.open(file)) {
      return cases.cases("test_a.py::test_a").stream()
          .map(one -> one.elements().stream().map(JunitCase.Element::tag).toList())
          .toList();
    }
  }

  private static String line(String tag, String more) {
    return """
    {"id": "test_a.py::test_a", "attributes": {"name": "test_a"}, "properties": [], "elements": \
    [{"tag": "%s", "attributes": {}, "text": "told"}]%s}
    """
        .formatted(tag, more);
  }
}
