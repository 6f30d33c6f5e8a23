package dev.plimsoll.cli.report;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.cli.calibration.Calibrations;
import dev.plimsoll.config.Config;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.UserError;
import dev.plimsoll.report.CalibrationMarkdown;
import dev.plimsoll.report.RunMarkdown;
import dev.plimsoll.report.html.ReportTree;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Write what was measured for people and programs.
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Write the calibrations on this machine and the last run as tables and charts.",
    footer = {"", "Without options, the Markdown report goes to stdout. `-` as FILE means stdout."})
public final class ReportCommand extends ProjectCommand<ProjectFlags> {
  /// Where the page goes that is only to be looked at.
  private static final Path OPENED = Path.of(".plimsoll", "report.html");

  public ReportCommand() {
    super(new ProjectFlags());
  }

  @Option(names = "--md", paramLabel = "FILE", description = "write Markdown tables")
  private @Nullable Path markdown;

  @Option(names = "--html", paramLabel = "FILE", description = "write one page with charts")
  private @Nullable Path html;

  @Option(names = "--json", paramLabel = "FILE", description = "write JSON")
  private @Nullable Path json;

  @Option(names = "--open", description = "show the page in a browser")
  private boolean open;

  @Option(names = "--run", paramLabel = "ID", description = "the run to show (default: the last)")
  private @Nullable String run;

  @Override
  public Integer call() {
    Config config = flags.load();
    List<Calibration> calibrations = Calibrations.usable(config, this::say);
    List<ReportTree.Run> runs = runs(config);
    if (calibrations.isEmpty() && runs.isEmpty()) {
      throw new UserError(
          "there is nothing to report",
          "there are no calibrations and no recorded runs in `" + config.root() + "`",
          "`plimsoll run` records a run, and `plimsoll calibrate` measures levels",
          ExitCode.USAGE);
    }
    if (markdown == null && html == null && json == null && !open) {
      markdown = Path.of("-");
    }
    write(markdown, markdown(calibrations, runs));
    Path page = open && html == null ? config.root().resolve(OPENED) : html;
    if (page != null || json != null) {
      String data = RunReport.json(config.root(), calibrations, runs);
      write(json, data);
      write(page, RunReport.html(data));
    }
    if (open && page != null) {
      show(flags.current().resolve(page));
    }
    return ExitCode.OK.code();
  }

  private void show(Path page) {
    if (!Browser.show(page.toAbsolutePath().normalize(), System.getenv())) {
      say("no program to open pages was found (set `BROWSER`); open " + page);
    }
  }

  private static String markdown(List<Calibration> calibrations, List<ReportTree.Run> runs) {
    var text =
        new StringBuilder(
            calibrations.isEmpty()
                ? "# Plimsoll report\n"
                : CalibrationMarkdown.document(calibrations));
    runs.forEach(recorded -> text.append(RunMarkdown.of(recorded.summary(), recorded.changes())));
    return text.toString();
  }

  private List<ReportTree.Run> runs(Config config) {
    var runs = new ArrayList<ReportTree.Run>();
    try (var store = new HistoryStore(config.root(), InstantSource.system(), this::say)) {
      summary(store).ifPresent(summary -> runs.add(RunReport.of(config.root(), store, summary)));
    }
    return runs;
  }

  private Optional<RunSummary> summary(HistoryStore store) {
    String id = run;
    if (id == null) {
      return store.newestOwn();
    }
    return Optional.of(
        store
            .run(id)
            .orElseThrow(() ->
                new UserError(
                    "there is no recorded run `" + id + "`",
                    "",
                    "`plimsoll history` lists the runs",
                    ExitCode.USAGE)));
  }

  private void write(@Nullable Path file, String text) {
    if (file == null) {
      return;
    }
    if (file.toString().equals("-")) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(text);
      out.flush();
      return;
    }
    var report = new ReportFile(flags.current().resolve(file));
    report.check();
    report.write(text);
    say("wrote " + file);
  }
}
