package dev.plimsoll.report;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The failures of a run as workflow commands of GitHub Actions, which shows them at their lines.
///
/// Commands and their escaping: `docs.github.com`, "Workflow commands for GitHub Actions", and
/// `packages/core/src/command.ts` of `actions/toolkit`.
public final class GithubAnnotations {
  /// GitHub shows 10 errors and 10 warnings of a step (`docs/problem-matchers.md` of
  /// `actions/toolkit`).
  private static final int MOST = 10;

  /// The longest cause that is readable next to a line of code.
  private static final int CAUSE = 1_000;

  /// The location of a failure: pytest's `path:12: `, or Python's format (`--tb=native`).
  private static final Pattern PLACE =
      Pattern.compile("(?m)^(?:(.+?):(\\d+): |\\s*File \"(.+?)\", line (\\d+))");

  private GithubAnnotations() {}

  /// One line for each annotation.
  ///
  /// @param prefix folder of the project inside the repository, empty or with a `/` at its end
  public static List<String> of(RunSummary run, String prefix) {
    var red = run.results().stream().filter(result -> result.outcome().isRed()).toList();
    var noted =
        run.results().stream()
            .filter(result -> !result.outcome().isRed() && !result.notes().isEmpty())
            .toList();
    var lines = new ArrayList<String>();
    if (red.isEmpty() && run.exitCode() != ExitCode.OK.code()) {
      lines.add("::error title=plimsoll::" + data(RunText.verdict(run, Style.PLAIN)));
    }
    int shown = red.size() > MOST ? MOST - 1 : red.size();
    red.stream().limit(shown).forEach(result -> lines.add(error(result, prefix)));
    if (shown < red.size()) {
      lines.add(
          "::error title=plimsoll::"
              + Words.count(red.size() - shown, "more test")
              + " failed: see the log and the summary of the job");
    }
    noted.stream().limit(MOST).forEach(result -> lines.add(warning(result, prefix)));
    return lines;
  }

  private static String error(TestResult result, String prefix) {
    String title = TestName.of(result.id()).name() + " " + result.outcome().word();
    String cause = FailureText.cause(result);
    return command("error", result, prefix, title, TerminalText.fit(cause, CAUSE));
  }

  private static String warning(TestResult result, String prefix) {
    String title = TestName.of(result.id()).name() + " " + result.outcome().word() + ", but";
    return command("warning", result, prefix, title, String.join("\n", result.notes()));
  }

  private static String command(
      String kind, TestResult result, String prefix, String title, String message) {
    int line = line(result);
    return "::"
        + kind
        + (" file=" + property(prefix + result.path()))
        + (line > 0 ? ",line=" + line : "")
        + (",title=" + property(TerminalText.clean(title)))
        + ("::" + data(TerminalText.block(message.isEmpty() ? title : message, false)));
  }

  /// The first line of the test's own file that its failure names, 0 when it names none.
  static int line(TestResult result) {
    var place = PLACE.matcher(TerminalText.block(result.text(), false));
    while (place.find()) {
      boolean pytest = place.group(1) != null;
      String file = pytest ? place.group(1) : place.group(3);
      if (isSame(file, result.path())) {
        return Integer.parseInt(pytest ? place.group(2) : place.group(4));
      }
    }
    return 0;
  }

  /// pytest names files from the folder it was started in, results from its root folder.
  private static boolean isSame(String file, String path) {
    return file.equals(path) || file.endsWith("/" + path) || path.endsWith("/" + file);
  }

  static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
