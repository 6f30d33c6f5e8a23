package dev.plimsoll.report;

import dev.plimsoll.diagnose.Diagnosis;
import dev.plimsoll.diagnose.Effect;
import dev.plimsoll.diagnose.ExperimentSetup;
import dev.plimsoll.diagnose.Failure;
import dev.plimsoll.diagnose.Remedy;
import dev.plimsoll.diagnose.Tally;
import dev.plimsoll.diagnose.Way;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// A diagnosis as text for people; the verdict is the last line.
public final class DiagnosisText {
  private static final int LABEL = 10;
  private static final int MOST = 20;

  /// How much of a failure's cause to show, in terminal cells.
  private static final int CAUSE = 120;

  private DiagnosisText() {}

  /// The whole text.
  ///
  /// @param remedy shown only if the result is proven
  public static String of(Diagnosis diagnosis, Remedy remedy, Duration took, Style style) {
    var text = new StringBuilder();
    text.append(style.bold(TerminalText.clean(diagnosis.test()))).append(' ');
    text.append(found(diagnosis)).append('\n');
    diagnosis.interfering().stream()
        .limit(MOST)
        .forEach(id -> text.append("  ").append(TerminalText.clean(id)).append('\n'));
    if (diagnosis.interfering().size() > MOST) {
      text.append("  and ").append(diagnosis.interfering().size() - MOST).append(" more\n");
    }
    section(text, style, "seen", seen(diagnosis));
    failures(text, style, diagnosis.failures());
    if (diagnosis.finding() == Diagnosis.Finding.PROVEN) {
      section(text, style, "now", remedy.now());
      section(text, style, "fix", List.of(remedy.fix()));
      section(text, style, "check", check(diagnosis));
    }
    return text.append(verdict(diagnosis, took, style)).append('\n').toString();
  }

  /// The other tests of an experiment in words: `alone`, `after 1 test`, `with 25 tests at the same
  /// time`.
  public static String interfering(ExperimentSetup trial) {
    if (trial.interfering().isEmpty()) {
      return "alone";
    }
    String place = trial.way() == Way.BEFORE ? "after " : "beside ";
    return place + Words.count(trial.interfering().size(), "test");
  }

  private static String found(Diagnosis diagnosis) {
    String others = Words.count(diagnosis.interfering().size(), "other test");
    boolean breaks = diagnosis.effect() == Effect.BREAKS;
    return switch (diagnosis.finding()) {
      case PROVEN ->
          breaks
              ? "fails " + place(diagnosis, others) + ":"
              : "fails alone, and passes only " + place(diagnosis, others) + ":";
      case UNPROVEN ->
          (breaks ? "fails " : "passes only ")
              + place(diagnosis, others)
              + "; not all of them may be needed:";
      case FAILS_ALONE -> "fails alone, without other tests";
      case FLAKY -> "sometimes fails alone, without other tests";
      case LINGERS ->
          (breaks
                  ? "failed with other tests, and fails alone since then:"
                  : "failed alone, and passes alone since it passed after other tests:")
              + " something outlives the processes,"
              + " such as a file or rows in a database. Remove it, and diagnose again";
      case NEVER -> "passed alone and with every set of other tests";
      case STOPPED ->
          diagnosis.alone().hits() == 0
              ? "did not fail before the search stopped"
              : "failed alone, and the search stopped before it showed why";
    };
  }

  /// The failure that the result is about, and those that it is not about.
  private static void failures(StringBuilder text, Style style, Diagnosis.Failures failures) {
    section(
        text,
        style,
        "why",
        failures.found().isKnown() ? List.of(cause(failures.found())) : List.of());
    section(
        text,
        style,
        "recorded",
        failures.differ() ? List.of(cause(failures.recorded())) : List.of());
    section(
        text,
        style,
        "others",
        failures.others().entrySet().stream()
            .map(other ->
                "%s failed otherwise: %s"
                    .formatted(Words.count(other.getValue(), "experiment"), cause(other.getKey())))
            .toList());
  }

  private static String cause(Failure failure) {
    return TerminalText.fit(TerminalText.clean(failure.cause()), CAUSE);
  }

  private static String place(Diagnosis diagnosis, String others) {
    return diagnosis.way() == Way.BEFORE
        ? "after " + others + " in the same process"
        : "with " + others + " at the same time";
  }

  private static List<String> seen(Diagnosis diagnosis) {
    String failed = diagnosis.failures().others().isEmpty() ? "failed " : "failed like this ";
    String word = diagnosis.effect() == Effect.BREAKS ? failed : "passed ";
    String alone = "alone it " + failed + of(diagnosis.alone());
    return switch (diagnosis.finding()) {
      case PROVEN ->
          List.of(
              "with these tests it " + word + of(diagnosis.with()),
              "without any one of them it " + word + least(diagnosis.without()),
              alone);
      case UNPROVEN -> List.of("with these tests it " + word + of(diagnosis.with()), alone);
      case FAILS_ALONE, FLAKY, LINGERS, NEVER -> List.of(alone);
      case STOPPED -> diagnosis.alone().hits() == 0 ? List.of() : List.of(alone);
    };
  }

  private static String of(Tally tally) {
    return tally.hits() + " of " + Words.count(tally.runs(), "time");
  }

  private static String least(Tally tally) {
    return tally.hits() + " of " + Words.count(tally.runs(), "time") + " or more";
  }

  /// How to reproduce it without Plimsoll, if one process is enough.
  private static List<String> check(Diagnosis diagnosis) {
    if (diagnosis.way() == Way.CONCURRENT) {
      return List.of();
    }
    String ids =
        diagnosis.interfering().stream()
            .map(DiagnosisText::quoted)
            .collect(Collectors.joining(" "));
    String order = diagnosis.effect() == Effect.BREAKS ? ids + " " : "";
    return List.of("python -m pytest " + order + quoted(diagnosis.test()));
  }

  /// The id as a word of a shell: without a meaning there, and without a control character that the
  /// terminal would obey (bash's and zsh's `$'...'`).
  static String quoted(String id) {
    if (id.matches("[A-Za-z0-9_./:-]+")) {
      return id;
    }
    if (TerminalText.clean(id).equals(id)) {
      return ShellWord.quoted(id);
    }
    var word = new StringBuilder("$'");
    id.codePoints()
        .forEach(point -> {
          boolean plain = point >= ' ' && point < 0x7f && point != '\'' && point != '\\';
          word.append(plain ? Character.toString(point) : "\\U%08x".formatted(point));
        });
    return word.append('\'').toString();
  }

  private static void section(StringBuilder text, Style style, String label, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append(style.bold(label)).append(" ".repeat(LABEL - label.length()));
      text.append(String.join("\n" + " ".repeat(LABEL), lines)).append('\n');
    }
  }

  private static String verdict(Diagnosis diagnosis, Duration took, Style style) {
    String word =
        switch (diagnosis.finding()) {
          case PROVEN -> style.green("PROVEN");
          case UNPROVEN -> style.yellow("UNPROVEN");
          case FAILS_ALONE -> style.red("FAILS ALONE");
          case FLAKY -> style.red("FLAKY");
          case LINGERS -> style.yellow("LINGERS");
          case NEVER -> style.yellow("NOT REPRODUCED");
          case STOPPED -> style.yellow("STOPPED");
        };
    return word + ": " + Words.count(diagnosis.trials(), "experiment") + " in " + Words.time(took);
  }
}
