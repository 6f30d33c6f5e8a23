package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ErrorRendererTest {
  /// Each write to `/dev/full` fails as on a disk without space: full(4).
  @CommandLine.Command(name = "full")
  static final class WritesToAFullDisk implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      try {
        Files.writeString(Path.of("/dev/full"), "text");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return 0;
    }
  }

  @CommandLine.Command(name = "bug")
  static final class HasABug implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new IllegalStateException("wrong");
    }
  }

  private static String errorOf(Object command, int exitCode) {
    var text = new StringWriter();
    int code =
        new CommandLine(command)
            .setErr(new PrintWriter(text))
            .setExecutionExceptionHandler(new ErrorRenderer())
            .execute();
    assertThat(code).isEqualTo(exitCode);
    return text.toString();
  }

  @Test
  void aWordThatIsNoCommandIsNamed() {
    assertThat(CommandRun.of("rn").err())
        .startsWith("error: there is no command `plimsoll rn`\n")
        .contains("did you mean `run`?");
    assertThat(CommandRun.of("report", "--hmtl", "x").err()).contains("did you mean `--html`?");
    assertThat(CommandRun.of("history", "shw").err())
        .startsWith("error: there is no command `plimsoll history shw`\n")
        .contains("did you mean `show`?");
    assertThat(CommandRun.of("doctor", "x").err())
        .startsWith("error: `plimsoll doctor` takes no argument `x`\n")
        .contains("`plimsoll doctor --help` shows the options");
  }

  @Test
  void aFullDiskIsNoBugOfPlimsoll() {
    assertThat(errorOf(new WritesToAFullDisk(), 3))
        .startsWith("error: a file could not be written\n")
        .contains("No space left on device", "hint: free some space")
        .doesNotContain("bug in Plimsoll");
  }

  @Test
  void anythingElseIsABugWithItsStackTrace() {
    assertThat(errorOf(new HasABug(), 3))
        .contains("bug in Plimsoll", "IllegalStateException: wrong");
  }
}
