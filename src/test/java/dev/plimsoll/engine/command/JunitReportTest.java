package dev.plimsoll.engine.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.TestResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JunitReportTest {
  @TempDir private Path folder;

  @Test
  void readsEveryOutcome() throws IOException {
    List<TestResult> results =
        read(
            """
            <testsuites><testsuite name="cart">
              <testcase classname="src/cart.test.ts" name="adds" time="1.25"/>
              <testcase classname="src/cart.test.ts" name="fails" time="0.1"><failure message="1 != 2">at cart.test.ts:7</failure></testcase>
              <testcase classname="src/cart.test.ts" name="breaks"><error message="boom"/></testcase>
              <testcase classname="src/cart.test.ts" name="waits"><skipped message="not yet"/></testcase>
            </testsuite></testsuites>
            """);
    assertThat(results)
        .extracting(TestResult::outcome)
        .containsExactly(Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED);
    assertThat(results.getFirst().id()).isEqualTo("src/cart.test.ts > adds");
    assertThat(results.getFirst().path()).isEqualTo("src/cart.test.ts");
    assertThat(results.getFirst().duration()).isEqualTo(Duration.ofMillis(1250));
    assertThat(results.get(1).text()).isEqualTo("1 != 2\nat cart.test.ts:7");
    assertThat(results.get(3).reason()).isEqualTo("not yet");
  }

  @Test
  void aRetriedNameCountsOnceAndAsTheWorse() throws IOException {
    List<TestResult> results =
        read(
            """
            <testsuite><testcase classname="a" name="b"/>
            <testcase classname="a" name="b"><failure/></testcase></testsuite>
            """);
    assertThat(results).extracting(TestResult::outcome).containsExactly(Outcome.FAILED);
  }

  @Test
  void refusesWhatIsNoReport() throws IOException {
    assertThatThrownBy(() -> JunitReport.read(folder.resolve("none.xml"), "g", Instant.EPOCH))
        .hasMessageContaining("did not write it");
    assertThatThrownBy(() -> read("<testsuite>")).isInstanceOf(IOException.class);
    assertThatThrownBy(() ->
            read(
                """
                <!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>
                <testsuite><testcase name="&x;"/></testsuite>
                """))
        .hasMessageContaining("DOCTYPE");
  }

  private List<TestResult> read(String xml) throws IOException {
    Path file = Files.writeString(folder.resolve("report.xml"), xml);
    return JunitReport.read(file, "unit", Instant.EPOCH);
  }
}
