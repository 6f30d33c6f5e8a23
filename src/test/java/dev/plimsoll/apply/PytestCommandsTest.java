package dev.plimsoll.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.apply.PytestCommands.Found;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which texts hold a command of pytest with a number of workers.
class PytestCommandsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "pytest -n 6",
        "pytest -n6 tests",
        "pytest -qn=6",
        "\tpython3 -m pytest tests -n 6\n",
        "`pytest --numprocesses 6`",
        "run: uv run pytest --numprocesses=6 && echo",
        "\"test\": \".venv/bin/pytest -q -n 6\"",
        "pytest -n auto -n 6",
        "pytest \\\n  -q \\\n  -n 6",
        "pytest \\\r\n  -n 6\r\n",
      })
  void aCommand(String text) {
    List<Found> found = PytestCommands.in(text);
    assertThat(found).extracting(Found::workers).containsExactly("6");
    assertThat(PytestCommands.with(text, found.getFirst(), 12)).isEqualTo(text.replace("6", "12"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pytest",
        "pytest -n 0",
        "pytest -n0",
        "pytest --no-header",
        "pytest; head -n 6 log",
        "pytest | head -n 6",
        "pytest tests # not -n 6",
        "pytest\nhead -n 6",
        "pip install pytest-xdist -n 6",
        "mypytest -n 6",
        "pytest -n $WORKERS",
        "<!-- plimsoll:begin 1-2 -->\n`pytest -n 6`\n<!-- plimsoll:end -->",
      })
  void none(String text) {
    assertThat(PytestCommands.in(text)).isEmpty();
  }

  @Test
  void placesAndWords() {
    List<Found> found =
        PytestCommands.in("# Über\n\npytest -n auto\n\nund `pytest -n 6 tests/unit -k \"a\"`.\n");
    assertThat(found).extracting(Found::line).containsExactly(3, 5);
    assertThat(found.getLast().words()).containsExactly("tests/unit", "-k", "a");
    assertThat(found.getLast().command()).isEqualTo("pytest -n 6 tests/unit -k \"a\"");
  }

  @Test
  void aLongTextIsReadToItsEnd() {
    String text = "pytest " + "word ".repeat(100_000) + "\npytest -n 6\n";
    assertThat(PytestCommands.in(text)).extracting(Found::line).containsExactly(2);
  }
}
