package dev.plimsoll.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {
  @TempDir private Path folder;

  private UserError refused(Path path) {
    return catchThrowableOfType(UserError.class, () -> new ReportFile(path).check());
  }

  @Test
  void makesItsFolderAndReplacesTheText() throws Exception {
    var file = new ReportFile(folder.resolve("a/b/report.xml"));
    file.check();
    file.write("a longer text\n");
    file.check();
    file.write("short\n");
    assertThat(file.path()).hasContent("short\n");
  }

  @Test
  void aPipeStaysAPipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    var read =
        CompletableFuture.supplyAsync(() -> {
          try {
            return Files.readString(pipe);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    var file = new ReportFile(pipe);
    file.check();
    file.write("text\n");
    assertThat(read.join()).isEqualTo("text\n");
    assertThat(Files.isRegularFile(pipe)).isFalse();
  }

  @Test
  void whatCannotBeAFileIsRefusedBefore() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(refused(folder).why()).isEqualTo("it is a directory");
    assertThat(refused(file.resolve("a/b.xml")).why()).endsWith("file` is not a directory");
    assertThat(refused(file.resolve("b.xml")).exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void anotherFailureIsNoBug() {
    Path nowhere = Path.of("/proc/report.xml");
    UserError error =
        catchThrowableOfType(UserError.class, () -> new ReportFile(nowhere).write("text"));
    assertThat(error.what()).isEqualTo("cannot write the report `/proc/report.xml`");
    assertThat(error.exitCode()).isEqualTo(ExitCode.INTERNAL_ERROR);
  }
}
