package dev.plimsoll.engine.pytest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonProbeTest {
  @TempDir private Path folder;

  private ChosenPython python3() {
    return new PythonFinder(System.getenv(), Installation.NONE).named("python3", "test", folder);
  }

  private UserError error(Path executable) {
    var python = new ChosenPython(executable, "--python", List.of("--python: " + executable));
    return catchThrowableOfType(UserError.class, () -> PythonProbe.check(python, folder));
  }

  private Path script(String text) throws IOException {
    Path script = Files.writeString(folder.resolve("python"), "#!/bin/sh\n" + text + "\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void aUsablePython() {
    PythonProbe.Facts facts = PythonProbe.check(python3(), folder);
    assertThat(facts.version()).matches("3\\.[0-9]+\\.[0-9]+");
    assertThat(facts.pytest()).matches("[7-9]\\..*");
  }

  @Test
  void withoutPytest() throws IOException, InterruptedException {
    Path environment = folder.resolve("env");
    Process process =
        new ProcessBuilder(
                python3().executable().toString(),
                "-m",
                "venv",
                "--without-pip",
                environment.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
    UserError error = error(environment.resolve("bin/python"));
    assertThat(error.exitCode()).isEqualTo(ExitCode.PYTHON);
    assertThat(error.what()).isEqualTo("no pytest in " + environment.resolve("bin/python"));
    assertThat(error.why()).contains("looked at:\n--python: ");
    assertThat(error.hint()).contains("-m pip install pytest");
  }

  @Test
  void doesNotStart() throws IOException {
    UserError error = error(script("echo 'Fatal Python error: no module encodings' >&2; exit 1"));
    assertThat(error.exitCode()).isEqualTo(ExitCode.PYTHON);
    assertThat(error.why()).contains("does not start: Fatal Python error: no module encodings");
    assertThat(error(script("exit 0")).why()).contains("exits without output");
    Path noFormat = Files.writeString(script(""), "\0\0");
    assertThat(error(noFormat).why()).contains("does not start");
  }

  @Test
  void tooOld() throws IOException {
    // What the probe's script prints under a Python 2.7 with pytest 4.6, the last that it could
    // have.
    UserError error = error(script("echo; echo 'plimsoll-probe:2.7.18|4.6.11|-'"));
    assertThat(error.why()).contains("it is Python 2.7.18; 3.9 or newer is needed");
    assertThat(error(script("echo; echo 'plimsoll-probe:3.9.1|6.2.5|-'")).why())
        .contains("its pytest is 6.2.5; 7.0 or newer is needed");
  }

  @Test
  void aProgramThatRepeatsTheScriptIsNoPython() throws IOException {
    UserError error = error(script("echo \"cannot open $2\" >&2; exit 2"));
    assertThat(error.exitCode()).isEqualTo(ExitCode.PYTHON);
    assertThat(error.why()).contains("it does not start");
  }
}
