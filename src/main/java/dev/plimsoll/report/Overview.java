package dev.plimsoll.report;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/// The first screen of a run's report below its verdict and failures, as Markdown: what changed,
/// what took most, and whether more workers would help.
final class Overview {
  private static final int CHANGED = 10;
  private static final int COSTLY = 5;

  private final UnaryOperator<String> id;
  private final StringBuilder text = new StringBuilder();

  private Overview(UnaryOperator<String> id) {
    this.id = id;
  }

  /// @param id how the id of a test is written
  static String of(RunSummary run, RunChanges changes, UnaryOperator<String> id) {
    var overview = new Overview(id);
    overview.changed(changes);
    overview.costly(run.results());
    String more = MoreWorkers.sentence(run, id);
    if (!more.isEmpty()) {
      overview.text.append(more).append("\n\n");
    }
    return overview.text.toString();
  }

  private void changed(RunChanges changes) {
    if (changes.equals(RunChanges.NONE)) {
      return;
    }
    text.append("### Since the last run on this branch\n\n");
    changed("newly failing", changes.failing());
    changed("fixed", changes.fixed());
    changed("slower", changes.slower());
    changed("larger", changes.larger());
    text.append('\n');
  }

  private void changed(String how, List<String> tests) {
    if (tests.isEmpty()) {
      return;
    }
    String names =
        String.join(", ", tests.stream().limit(CHANGED).map(id).toList())
            + (tests.size() > CHANGED ? ", and " + (tests.size() - CHANGED) + " more" : "");
    text.append("- ").append(Words.number(tests.size())).append(' ').append(how).append(": ");
    text.append(names).append('\n');
  }

  private void costly(List<TestResult> results) {
    List<TestResult> ran = results.stream().filter(TestResult::ran).toList();
    if (ran.isEmpty()) {
      return;
    }
    text.append("| time | slowest tests |\n| ---: | --- |\n");
    ran.stream()
        .sorted(Comparator.comparing(TestResult::duration).reversed())
        .limit(COSTLY)
        .forEach(result -> row(Words.time(result.duration()), result.id()));
    List<TestResult> large =
        ran.stream()
            .filter(result -> result.peak().compareTo(Bytes.mib(1)) >= 0)
            .sorted(Comparator.comparing(TestResult::peak).reversed())
            .limit(COSTLY)
            .toList();
    if (!large.isEmpty()) {
      text.append("\n| memory | largest tests |\n| ---: | --- |\n");
      large.forEach(result -> row(RunText.bound(result) + result.peak(), result.id()));
    }
    text.append('\n');
  }

  private void row(String figure, String test) {
    String cell = id.apply(test).replace("|", "&#124;");
    text.append("| ").append(figure).append(" | ").append(cell).append(" |\n");
  }
}
