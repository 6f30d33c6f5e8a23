package dev.plimsoll.cli.run;

import dev.plimsoll.cli.EventSinks;
import dev.plimsoll.cli.JsonText;
import dev.plimsoll.cli.Options;
import dev.plimsoll.cli.report.DesktopNotification;
import dev.plimsoll.cli.report.EventLog;
import dev.plimsoll.cli.report.ReportFile;
import dev.plimsoll.config.Config;
import dev.plimsoll.report.json.ChromeTrace;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// The options of `run` for outputs that few runs have: a file of events, a trace, a notification.
final class MoreOutputs {
  private @Nullable Path events;
  private @Nullable Path trace;
  private boolean notifies;

  void addTo(CommandSpec command) {
    command
        .addOption(
            Options.value(
                Path.class,
                path -> events = path,
                "FILE",
                "Write each event of the run as a JSON line.",
                "--events"))
        .addOption(
            Options.value(
                Path.class,
                path -> trace = path,
                "FILE",
                "Write a trace of the run that Perfetto and Chrome open.",
                "--trace-file"))
        .addOption(
            Options.flag(
                on -> notifies = on, "Show a desktop notification at the end.", "--notify"));
  }

  /// Whether one of them is asked for.
  boolean wanted() {
    return events != null || trace != null || notifies;
  }

  /// Attach them to the run.
  void attach(EventSinks sinks, Config config, Consumer<String> warning) {
    if (events != null) {
      var log = new EventLog(events);
      sinks.add(log);
      sinks.addReport(log::finish);
    }
    if (trace != null) {
      var file = new ReportFile(trace);
      file.check();
      var chrome = new ChromeTrace();
      sinks.add(chrome::accept);
      sinks.addReport(_ -> file.write(JsonText.write(chrome.tree())));
    }
    if (notifies) {
      var notification = new DesktopNotification(System.getenv(), warning);
      String project = String.valueOf(config.root().getFileName());
      sinks.addReport(summary -> notification.show(project, summary));
    }
  }
}
