package dev.plimsoll.engine.playwright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.model.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaywrightTest {
  private static final Path REPORTER = Path.of("/r.cjs");

  @ParameterizedTest
  @CsvSource({"1.62.3,false", "1.63.0,true", "1.65.1,true", "2.0.0-beta,true", "next,false"})
  void knowsWhichVersionsTakeAReporter(String version, boolean takes) {
    assertThat(version(version).takesReporters()).isEqualTo(takes);
    assertThat(version(version).environment(REPORTER).isEmpty()).isEqualTo(takes);
  }

  @Test
  void addsWorkersAndReporter() {
    assertThat(version("1.65.1").command(List.of("a.spec.ts"), 4, REPORTER))
        .containsExactly(
            "node", "cli.js", "test", "--workers=4", "--add-reporter=/r.cjs", "a.spec.ts");
    assertThat(version("1.40.0").command(List.of("a.spec.ts"), 4, REPORTER))
        .containsExactly("node", "cli.js", "test", "--workers=4", "a.spec.ts");
  }

  @Test
  void extendsAReporterThatTheUserAdds() {
    assertThat(version("1.65.1").command(List.of("--add-reporter=dot"), 1, REPORTER))
        .contains("--add-reporter=dot,/r.cjs");
    assertThat(version("1.65.1").command(List.of("--add-reporter", "dot"), 1, REPORTER))
        .containsSequence("--add-reporter", "dot,/r.cjs");
  }

  @Test
  void leavesWorkersOfTheUserAlone() {
    assertThat(version("1.65.1").command(List.of("--workers=1"), 4, REPORTER))
        .doesNotContain("--workers=4");
  }

  @Test
  void aListTakesTheShardOut() {
    Path list = Path.of("/tests.txt");
    assertThat(Playwright.listed(List.of("--shard", "1/2", "a", "--project=one"), list))
        .containsExactly("--test-list=/tests.txt", "a", "--project=one");
    assertThat(Playwright.listed(List.of("--shard=1/2"), list))
        .containsExactly("--test-list=/tests.txt");
    assertThat(version("1.55.9").takesLists()).isFalse();
    assertThat(version("1.56.0").takesLists()).isTrue();
  }

  @Test
  void aShardNeedsTheListOfItsTests() {
    var sharing = new Sharing((_, _) -> Set.of(), "functional");
    assertThatThrownBy(() -> sharing.check(version("1.55.1"), List.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Playwright 1.55.1");
    assertThatCode(() -> sharing.check(version("1.56.0"), List.of())).doesNotThrowAnyException();
    assertThat(version("1.61.1").asksReporters()).isFalse();
    assertThat(version("1.62.0").asksReporters()).isTrue();
  }

  private static Playwright version(String version) {
    return new Playwright(Path.of("node"), Path.of("cli.js"), version);
  }
}
