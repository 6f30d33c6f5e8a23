package dev.plimsoll.engine.pytest;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Starts a Python to learn what it is. For `doctor`, and for the reason when a run did not start:
/// a run itself does not spend the time.
public final class PythonProbe {
  private static final int SECONDS = 60;
  private static final String MARK = "plimsoll-probe:";
  private static final Pattern ANSWER =
      Pattern.compile("^" + MARK + "(\\d+\\.\\d+\\.\\d+\\|.*\\|.*)$", Pattern.MULTILINE);
  // Must run on every Python since 2.7, so that an old one can be told from a broken one.
  private static final String SCRIPT =
      """
      import sys
      version = '%d.%d.%d' % sys.version_info[:3]
      names = {}
      for name in ('pytest', 'xdist'):
          try:
              names[name] = __import__(name).__version__
          except ImportError:
              names[name] = '-'
          except Exception as problem:
              names[name] = '! ' + repr(problem).replace('\\n', ' ')
      print('\\nMARK' + '|'.join([version, names['pytest'], names['xdist']]))
      """
          .replace("MARK", MARK);

  private PythonProbe() {}

  /// What a usable Python says of itself.
  ///
  /// @param version such as `3.11.7`
  /// @param pytest its version
  /// @param xdist version of pytest-xdist, empty when it is not installed
  public record Facts(String version, String pytest, String xdist) {}

  /// Start it.
  ///
  /// @param folder working folder, as for the run
  /// @throws UserError ({@link ExitCode#PYTHON}) when it does not start, is older than 3.9, or has
  ///   no pytest 7 or newer
  public static Facts check(ChosenPython python, Path folder) {
    String said = said(python, folder);
    Matcher answer = ANSWER.matcher(said);
    if (!answer.find()) {
      throw unusable(python, "it does not start: " + lastLine(said));
    }
    String[] facts = answer.group(1).split("\\|", 3);
    if (olderThan(facts[0], 3, 9)) {
      throw unusable(python, "it is Python " + facts[0] + "; 3.9 or newer is needed");
    }
    if (facts[1].equals("-")) {
      throw noPytest(python, facts[0]);
    }
    if (facts[1].startsWith("!")) {
      throw unusable(python, "its pytest cannot be imported: " + facts[1].substring(2));
    }
    if (olderThan(facts[1], 7, 0)) {
      throw unusable(python, "its pytest is " + facts[1] + "; 7.0 or newer is needed");
    }
    return new Facts(facts[0], facts[1], facts[2].matches("[0-9].*") ? facts[2] : "");
  }

  private static String said(ChosenPython python, Path folder) {
    try {
      Process process =
          new ProcessBuilder(List.of(python.executable().toString(), "-c", SCRIPT))
              .directory(folder.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectErrorStream(true)
              .start();
      var limit = Thread.ofVirtual().start(() -> stopLate(process));
      byte[] said = process.getInputStream().readAllBytes();
      limit.interrupt();
      return new String(said, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unusable(python, "it does not start: " + e.getMessage());
    }
  }

  private static void stopLate(Process process) {
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it answered
    }
  }

  private static boolean olderThan(String version, int major, int minor) {
    String[] parts = version.split("\\D+", -1);
    int actualMajor = Integer.parseInt(parts[0]);
    int actualMinor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
    return actualMajor < major || (actualMajor == major && actualMinor < minor);
  }

  private static String lastLine(String text) {
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty() ? "it exits without output" : lines.getLast();
  }

  private static UserError noPytest(ChosenPython python, String version) {
    return new UserError(
        "no pytest in " + python.executable(),
        "it is Python " + version + " from " + python.reason() + tried(python),
        "install it with `"
            + python.executable()
            + " -m pip install pytest`, or select another"
            + " Python with `--python PATH`",
        ExitCode.PYTHON);
  }

  private static UserError unusable(ChosenPython python, String why) {
    return new UserError(
        "cannot use " + python.executable(),
        why + tried(python),
        "select another Python with `--python PATH`: 3.9 or newer, with pytest 7 or newer",
        ExitCode.PYTHON);
  }

  private static String tried(ChosenPython python) {
    return "\nlooked at:\n" + String.join("\n", python.tried());
  }
}
