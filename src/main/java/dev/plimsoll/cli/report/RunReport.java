package dev.plimsoll.cli.report;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.cli.JsonText;
import dev.plimsoll.cli.Version;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.report.RunChanges;
import dev.plimsoll.report.html.HtmlPage;
import dev.plimsoll.report.html.ReportTree;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is reported of a run beside its summary, from the history and the curves of its project.
public final class RunReport {
  /// How far back the run before is looked for.
  private static final int EARLIER = 20;

  private RunReport() {}

  /// A run with what is kept beside it.
  public static ReportTree.Run of(Path root, HistoryStore store, RunSummary summary) {
    var kept = new CurveStore(root);
    return new ReportTree.Run(
        summary,
        kept.read(summary.id()),
        kept.deaths(summary.id()),
        changes(root, store, summary),
        store.past(summary.machine()),
        KeptMedia.of(root, summary.kept()));
  }

  /// What is otherwise than in the last run on the same branch.
  public static RunChanges changes(Path root, HistoryStore store, RunSummary now) {
    return before(root, store, now)
        .map(before -> RunChanges.between(before, now))
        .orElse(RunChanges.NONE);
  }

  /// A run whose branch is not known counts for each.
  private static Optional<RunSummary> before(Path root, HistoryStore store, RunSummary now) {
    var kept = new CurveStore(root);
    String branch = kept.branch(now.id());
    return store.ownRuns(EARLIER).stream()
        .filter(line -> line.finished() && !line.id().equals(now.id()))
        .filter(line -> line.start().isBefore(now.start()))
        .filter(line -> {
          String other = kept.branch(line.id());
          return branch.isEmpty() || other.isEmpty() || other.equals(branch);
        })
        .findFirst()
        .flatMap(line -> store.run(line.id()));
  }

  /// The report of a project as JSON.
  static String json(Path root, List<Calibration> calibrations, List<ReportTree.Run> runs) {
    Path name = root.toAbsolutePath().normalize().getFileName();
    String project = name == null ? "project" : name.toString();
    Map<String, ?> tree = ReportTree.of(project, Version.text(), calibrations, runs);
    return JsonText.write(tree);
  }

  /// One page that needs no other file.
  static String html(String json) {
    return HtmlPage.render(ReportAssets.template(), ReportAssets.assets(), json);
  }

  /// The page of one run.
  public static String html(Path root, HistoryStore store, RunSummary summary) {
    return html(json(root, List.of(), List.of(of(root, store, summary))));
  }
}
