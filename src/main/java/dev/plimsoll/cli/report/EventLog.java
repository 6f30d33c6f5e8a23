package dev.plimsoll.cli.report;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.UserError;
import dev.plimsoll.report.json.EventJson;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// The file of `--events`: one JSON object a line, written as the run goes, so that another program
/// can follow it.
public final class EventLog implements Consumer<RunEvent> {
  private final Path file;
  private final Writer writer;
  private Optional<IOException> trouble = Optional.empty();

  /// @throws UserError when the file cannot be written
  public EventLog(Path file) {
    var report = new ReportFile(file);
    report.check();
    this.file = file;
    try {
      writer = report.open();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public void accept(RunEvent event) {
    if (trouble.isPresent()) {
      return;
    }
    try {
      writer.write(JSON.std.asString(EventJson.tree(event)) + "\n");
      writer.flush();
    } catch (IOException e) {
      trouble = Optional.of(e);
    }
  }

  /// The run has ended.
  ///
  /// @throws UserError when something could not be written
  public void finish(RunSummary ended) {
    try {
      writer.close();
    } catch (IOException e) {
      trouble = Optional.of(trouble.orElse(e));
    }
    trouble.ifPresent(e -> {
      throw unwritable(e);
    });
  }

  private UserError unwritable(IOException e) {
    return new UserError(
        "cannot write the events to `" + file + "`",
        FileTrouble.why(e),
        "free some space, or use a different file",
        ExitCode.INTERNAL_ERROR);
  }
}
