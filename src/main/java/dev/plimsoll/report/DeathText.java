package dev.plimsoll.report;

import dev.plimsoll.model.Death;
import dev.plimsoll.model.Shortage;
import java.util.ArrayList;
import java.util.List;

/// The death of a worker in a few lines: what happened, what shows it, what comes next.
public final class DeathText {
  /// A kill has many records; the first are enough.
  private static final int EVIDENCE = 3;

  private DeathText() {}

  /// The death of a worker whose test runs again, or that ran none. A test that runs again has its
  /// first evidence only, as the next attempt decides. A death that is its test's outcome appears
  /// with the test.
  public static String of(Death death, Style style) {
    if (death.next() == Death.Next.REPORTED) {
      return "";
    }
    String head = style.yellow(death.shortage().isPresent() ? "killed" : "died") + ": ";
    String what =
        death.test().isEmpty()
            ? "worker " + death.worker() + " " + death.what()
            : death.test() + ": " + cause(death);
    var text = new StringBuilder(head).append(TerminalText.clean(what));
    text.append(next(death)).append('\n');
    evidence(death).stream()
        .limit(death.next() == Death.Next.NONE ? EVIDENCE : 1)
        .forEach(line -> text.append("  ").append(line).append('\n'));
    return text.toString();
  }

  /// What happened, in one sentence with the numbers that matter.
  public static String cause(Death death) {
    return death
        .shortage()
        .map(shortage -> killed(death) + numbers(shortage, death))
        .orElse("its worker " + death.what());
  }

  /// Why the test is red, in a few words.
  public static String brief(Death death) {
    return death
        .shortage()
        .map(shortage -> "killed by Plimsoll: " + ShortageText.of(shortage))
        .orElse(cause(death));
  }

  private static String killed(Death death) {
    return death.next() == Death.Next.REPORTED
        ? "Plimsoll killed it, with nothing beside it: "
        : "";
  }

  private static String numbers(Shortage shortage, Death death) {
    String held = death.held().isPositive() ? "; this test held " + death.held() : "";
    return ShortageText.of(shortage)
        + held
        + (shortage instanceof Shortage.RunBudget && !held.isEmpty() ? " of it" : "");
  }

  /// What shows the cause, and what to do, indented below it in the report of a test.
  static List<String> evidence(Death death) {
    var lines = new ArrayList<String>();
    death.evidence().stream().limit(EVIDENCE).map(TerminalText::clean).forEach(lines::add);
    boolean last = death.next() == Death.Next.REPORTED || death.next() == Death.Next.NONE;
    if (last && !death.advice().isEmpty()) {
      lines.add("hint: " + TerminalText.clean(death.advice()));
    }
    return lines;
  }

  /// The outcome of a test whose worker died: what happened, what shows it, what to do.
  public static String outcome(Death death) {
    var text = new StringBuilder("  ").append(cause(death)).append('\n');
    evidence(death).forEach(line -> text.append("  ").append(line).append('\n'));
    return text.toString();
  }

  private static String next(Death death) {
    String attempt = " (attempt %d)".formatted(death.attempt() + 1);
    return switch (death.next()) {
      case NONE, REPORTED -> "";
      case AGAIN -> "; it runs again" + attempt;
      case ALONE -> "; it runs again alone" + attempt;
      case SPAWNED -> "; it runs again in a process of its own" + attempt;
    };
  }
}
