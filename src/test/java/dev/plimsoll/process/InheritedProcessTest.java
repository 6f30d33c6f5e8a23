package dev.plimsoll.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A real script that starts a child and then becomes Java, as `./plimsoll` does.
class InheritedProcessTest {
  /// With a child in the interpreter's place, and one more that ends like the probe but with 0.
  private static final String SCRIPT =
      """
      . bin/lib/early.sh
      python=$1
      plugin=/
      shift
      read -r name </proc/$$/comm
      (
        while read -r now </proc/$$/comm && [ "$now" = "$name" ]; do :; done
        exit 0
      ) 2>/dev/null &
      other=$!
      start_python
      """;

  @TempDir private Path folder;

  @BeforeAll
  static void shellsMakePipes() throws Exception {
    var shell = new ProcessBuilder("sh", "-c", "[ -p /proc/self/fd/3 ] 3<<END\nline\nEND");
    assumeThat(shell.start().waitFor()).as("a here-document is a pipe in sh").isZero();
  }

  private List<String> seen(String child, String pid, String probe, String... more)
      throws IOException, InterruptedException {
    Path script = Files.writeString(folder.resolve("child"), "#!/bin/sh\n" + child + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    List<String> command =
        List.of(
            "sh",
            "-c",
            SCRIPT + String.join(" ", "exec \"$@\"", pid, probe, "$mark", String.join(" ", more)),
            "sh",
            script.toString(),
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
    assertThat(seen("read -r word; echo got $word >&2; " + end, "$pid", "$probe"))
        .containsExactly(
            "alive true true", "said got line", "ended " + status + " " + status + " false");
  }

  @Test
  void itsChildrenMayHoldThePipeOpen() throws Exception {
    assertThat(seen("read -r word; (sleep 0.3; echo late) & exit 7", "$pid", "$probe"))
        .containsExactly("alive true true", "said late", "ended 7 7 false");
  }

  @Test
  void canBeKilled() throws Exception {
    assertThat(seen("trap '' TERM INT; exec sleep 300", "$pid", "$probe", "kill"))
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
    assertThat(seen("read -r word; sleep 300", "$pid", "$other")).containsExactly("no child");
    assertThat(seen("read -r word; sleep 300", "$pid", "1")).containsExactly("no child");
  }
}
