package dev.plimsoll.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A real script that starts a child and then becomes Java, as `./plimsoll` does.
class InheritedProcessTest {
  private static final String SCRIPT =
      """
      exec 3<<END 5<<END
      line
      END
      line
      END
      read -r line <&3
      read -r line <&5
      exec 4>/proc/self/fd/3 6>/proc/self/fd/5
      read -r name </proc/$$/comm
      later() {
        while read -r now </proc/$$/comm && [ "$now" = "$name" ]; do :; done
        exit "$1"
      }
      later 7 3<&- 4>&- 5<&- 6>&- &
      probe=$!
      later 0 3<&- 4>&- 5<&- 6>&- &
      other=$!
      MARK=test sh -c "$1" <&3 >&6 2>&1 3<&- 4>&- 5<&- 6>&- &
      exec 3<&- 6>&-
      shift
      """;

  @BeforeAll
  static void shellsMakePipes() throws Exception {
    var shell = new ProcessBuilder("sh", "-c", "[ -p /proc/self/fd/3 ] 3<<END\nline\nEND");
    assumeThat(shell.start().waitFor()).as("a here-document is a pipe in sh").isZero();
  }

  private static List<String> seen(String child, String pid, String probe, String... more)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "sh",
            "-c",
            SCRIPT + String.join(" ", "exec \"$@\"", pid, probe, String.join(" ", more)),
            "sh",
            child,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            InheritedProcessMain.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.lines().toList();
  }

  @ParameterizedTest
  @CsvSource({"exit 0, 0", "exit 3, 3", "kill -9 $$, 137", "kill -11 $$, 139"})
  void takesOverPipesAndHearsHowItEnds(String end, int status) throws Exception {
    assertThat(seen("read -r word; echo got $word >&2; " + end, "$!", "$probe"))
        .containsExactly(
            "alive true true", "said got line", "ended " + status + " " + status + " false");
  }

  @Test
  void itsChildrenMayHoldThePipeOpen() throws Exception {
    assertThat(seen("read -r word; (sleep 0.3; echo late) & exit 7", "$!", "$probe"))
        .containsExactly("alive true true", "said late", "ended 7 7 false");
  }

  @Test
  void canBeKilled() throws Exception {
    assertThat(seen("trap '' TERM INT; exec sleep 300", "$!", "$probe", "kill"))
        .last()
        .isEqualTo("ended 137 137 false");
  }

  @Test
  void anotherProcessIsNoChild() throws Exception {
    assertThat(seen("true", "1", "$probe")).containsExactly("no child");
    assertThat(seen("true", "4194304", "$probe")).containsExactly("no child");
  }

  /// Some systems show the end of every process as a success.
  @Test
  void whereTheKernelDoesNotTellHowAChildEndedItIsNotUsedAndEnded() throws Exception {
    assertThat(seen("read -r word; sleep 300", "$!", "$other")).containsExactly("no child");
    assertThat(seen("read -r word; sleep 300", "$!", "1")).containsExactly("no child");
  }
}
