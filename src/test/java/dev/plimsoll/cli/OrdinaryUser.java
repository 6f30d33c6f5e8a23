package dev.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/// A user without privileges, as which the program is started. Tests that run as root become one;
/// others are one already.
///
/// @param name an account that each Linux has, empty for the user of the tests
record OrdinaryUser(String name) {
  static final OrdinaryUser FIRST = new OrdinaryUser(isRoot() ? "nobody" : "");

  /// Another one, who needs root to be become.
  static OrdinaryUser second() {
    Assumptions.assumeTrue(isRoot(), "only root can become a second user");
    return new OrdinaryUser("daemon");
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /// A folder for everybody, as `/tmp`: not below a folder of the tests, which is closed to others.
  static Path commonFolder() throws IOException {
    Path folder = Files.createTempDirectory("common-");
    new ProcessBuilder("chmod", "1777", folder.toString()).start().onExit().join();
    return folder;
  }

  /// Run a command as this user with nothing but these variables: no home that exists, no runtime
  /// folder, no terminal.
  ProgramRun run(Path folder, Map<String, String> env, List<String> command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("plimsoll", ".out");
    Path err = Files.createTempFile("plimsoll", ".err");
    Process process = start(folder, env, command, out, err);
    var run = new ProgramRun(process.waitFor(), Files.readString(out), Files.readString(err));
    Files.delete(out);
    Files.delete(err);
    return run;
  }

  Process start(Path folder, Map<String, String> env, List<String> command, Path out, Path err)
      throws IOException {
    var line = new ArrayList<String>();
    if (!name.isEmpty()) {
      line.addAll(List.of("runuser", "-u", name, "--"));
    }
    line.addAll(List.of("env", "-i", "PATH=" + System.getenv("PATH"), "HOME=/nonexistent"));
    line.addAll(List.of("NO_COLOR=1", "TMPDIR=" + folder.resolveSibling("")));
    env.forEach((key, value) -> line.add(key + "=" + value)); // the last one of a name counts
    line.addAll(command);
    return new ProcessBuilder(line)
        .directory(folder.toFile())
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile())
        .start();
  }
}
