package dev.plimsoll.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.cli.report.GithubReport;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The whole program in a process of its own, as a user starts it.
///
/// @param out what it wrote to standard output
/// @param err what it wrote to standard error
public record ProgramRun(int exitCode, String out, String err) {
  public static ProgramRun of(Path folder, String... args)
      throws IOException, InterruptedException {
    return of(folder, Map.of(), args);
  }

  /// Run it to its end.
  ///
  /// @param env added to the environment
  public static ProgramRun of(Path folder, Map<String, String> env, String... args)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("plimsoll", ".out");
    Path err = Files.createTempFile("plimsoll", ".err");
    Process process = start(folder, env, out.toFile(), err.toFile(), args);
    int exitCode = process.waitFor();
    var run = new ProgramRun(exitCode, Files.readString(out), Files.readString(err));
    Files.delete(out);
    Files.delete(err);
    return run;
  }

  /// Run a check of `bench` on this program; answers its output after it has ended with 0.
  static String check(Path log, String script, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("python3", script));
    command.addAll(List.of(arguments));
    command.add("--");
    command.addAll(command());
    int status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    String text = Files.readString(log);
    if (status != 0) {
      throw new AssertionError(text);
    }
    return text;
  }

  /// The tests that it told with `--json`: the fields of each, by its id.
  Map<String, Map<?, ?>> tests() throws IOException {
    var tests = new HashMap<String, Map<?, ?>>();
    if (JSON.std.mapFrom(out).get("tests") instanceof List<?> list) {
      for (Object test : list) {
        if (test instanceof Map<?, ?> fields) {
          tests.put(String.valueOf(fields.get("id")), fields);
        }
      }
    }
    return tests;
  }

  /// The same with a field of each, as text.
  Map<String, String> tests(String field) throws IOException {
    var texts = new HashMap<String, String>();
    tests().forEach((id, fields) -> texts.put(id, String.valueOf(fields.get(field))));
    return texts;
  }

  /// The command line that starts it in a process of its own: the packaged program where the build
  /// names it, else the classes of this test.
  public static List<String> command(String... args) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    String program = System.getProperty("plimsoll.program", "");
    if (!program.isEmpty()) {
      command.addAll(List.of("-XX:+AutoCreateSharedArchive", "-Xlog:disable"));
      command.add("-XX:SharedArchiveFile=" + program + ".jsa");
    }
    command.add("-cp");
    command.add(program.isEmpty() ? System.getProperty("java.class.path") : program);
    command.add(Main.class.getName());
    command.addAll(List.of(args));
    return command;
  }

  public static Process start(Path folder, File out, File err, String... args) throws IOException {
    return start(folder, Map.of(), out, err, args);
  }

  static Process start(Path folder, Map<String, String> env, File out, File err, String... args)
      throws IOException {
    var builder = new ProcessBuilder(command(args)).directory(folder.toFile());
    builder.environment().remove(GithubReport.MARKER);
    builder.environment().put("NO_COLOR", "1");
    builder.environment().putAll(env);
    return builder
        .redirectOutput(out)
        .redirectError(err)
        .redirectInput(new File("/dev/null"))
        .start();
  }
}
