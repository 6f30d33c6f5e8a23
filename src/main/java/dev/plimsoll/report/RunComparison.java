package dev.plimsoll.report;

import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Two recorded runs side by side, as text and as a tree for a JSON writer: what {@link RunChanges}
/// finds in the tests of both, and the tests that only one of them ran.
public final class RunComparison {
  private static final int WIDTH = 100;

  private final RunSummary before;
  private final RunSummary now;
  private final RunChanges changes;
  private final Map<String, TestResult> was;
  private final Map<String, TestResult> is;

  public RunComparison(RunSummary before, RunSummary now) {
    this.before = before;
    this.now = now;
    this.changes = RunChanges.between(before, now);
    this.was = ran(before);
    this.is = ran(now);
  }

  private static Map<String, TestResult> ran(RunSummary run) {
    return run.results().stream()
        .filter(TestResult::ran)
        .collect(
            Collectors.toMap(
                TestResult::id, result -> result, (first, _) -> first, LinkedHashMap::new));
  }

  private static List<String> only(Map<String, TestResult> here, Map<String, TestResult> there) {
    return here.keySet().stream().filter(id -> !there.containsKey(id)).toList();
  }

  /// The runs, then each kind of difference that there is.
  public String text(Style style) {
    String differences =
        Stream.of(
                section(style.red("newly failing"), changes.failing(), this::failure),
                section(style.green("fixed"), changes.fixed(), RunComparison::plain),
                section(
                    "slower",
                    changes.slower(),
                    id -> figures(id, (a, b) -> times(a) + " -> " + times(b))),
                section(
                    "larger",
                    changes.larger(),
                    id -> figures(id, (a, b) -> a.peak() + " -> " + b.peak())),
                section("ran only before", only(was, is), RunComparison::plain),
                section("ran only now", only(is, was), this::added))
            .collect(Collectors.joining());
    return head("before", before, style)
        + head("now", now, style)
        + (before.start().isAfter(now.start()) ? "note: BEFORE started after NOW\n" : "")
        + (differences.isEmpty() ? "no differences\n" : differences);
  }

  private static String head(String label, RunSummary run, Style style) {
    return "%-8s%s  %s  %s\n"
        .formatted(
            label,
            TerminalText.clean(run.id()),
            Moment.text(run.start()),
            RunText.verdict(run, style));
  }

  private static String section(String label, List<String> ids, Function<String, String> line) {
    return ids.isEmpty()
        ? ""
        : label
            + " ("
            + ids.size()
            + ")\n"
            + ids.stream().map(id -> "  " + line.apply(id) + "\n").collect(Collectors.joining());
  }

  private static String plain(String id) {
    return TerminalText.clean(id);
  }

  private String failure(String id) {
    String cause = TerminalText.clean(FailureText.cause(result(is, id)));
    return plain(id) + (cause.isEmpty() ? "" : " - " + TerminalText.fit(cause, WIDTH));
  }

  private String added(String id) {
    return result(is, id).outcome().word() + "  " + plain(id);
  }

  private String figures(String id, BiFunction<TestResult, TestResult, String> figures) {
    return figures.apply(result(was, id), result(is, id)) + "  " + plain(id);
  }

  private static String times(TestResult result) {
    return Words.time(result.duration());
  }

  private static TestResult result(Map<String, TestResult> results, String id) {
    return Objects.requireNonNull(results.get(id));
  }

  /// The same for programs; times are seconds, memory is bytes.
  public Map<String, Object> tree() {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("schema", 1);
    tree.put("before", before.id());
    tree.put("now", now.id());
    tree.put("newlyFailing", changes.failing().stream().map(this::both).toList());
    tree.put("fixed", changes.fixed().stream().map(this::both).toList());
    tree.put("slower", changes.slower().stream().map(this::both).toList());
    tree.put("larger", changes.larger().stream().map(this::both).toList());
    tree.put("gone", only(was, is));
    tree.put("new", only(is, was));
    return tree;
  }

  private Map<String, Object> both(String id) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("id", id);
    tree.put("before", figures(result(was, id)));
    tree.put("now", figures(result(is, id)));
    return tree;
  }

  private static Map<String, Object> figures(TestResult result) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("outcome", result.outcome().word());
    tree.put("seconds", result.duration().toNanos() / 1e9);
    tree.put("peakBytes", result.peak().value());
    tree.put("source", result.source().word());
    tree.put("reason", result.reason());
    return tree;
  }
}
