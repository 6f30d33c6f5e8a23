package dev.plimsoll.engine.playwright;

import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.engine.Runner;
import dev.plimsoll.engine.RunnerRequest;
import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.engine.StagedProcess;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Runs `npx playwright test --workers=N` and tells what its tests do.
public final class PlaywrightRunner implements Runner {
  private static final String REPORTER = "plimsoll-reporter.cjs";
  private static final int SHOWN_LINES = 12;

  private final List<String> args;

  /// @param args what follows `playwright test`: files, `--project`, `--shard`, `--grep`, ...
  public PlaywrightRunner(List<String> args) {
    this.args = List.copyOf(args);
  }

  @Override
  public RunnerResult run(
      RunnerRequest request, CancellationToken cancellation, Consumer<RunEvent> events) {
    Map<String, String> env = new HashMap<>(System.getenv());
    env.putAll(request.env());
    var playwright = Playwright.find(request.folder(), env);
    var ledger = new Ledger(request, events, cancellation, playwright.takesLists());
    try {
      Path reporter = reporter(request.outputs());
      StagedProcess.Ended ended = once(request, playwright, args, reporter, ledger, cancellation);
      Path list = request.outputs().resolve(request.stage() + "-alone.txt");
      List<String> alone = cancellation.isPulled() ? List.of() : ledger.alone();
      if (!alone.isEmpty()) {
        Files.write(list, alone);
        List<String> listed = Playwright.listed(args, list);
        ended =
            ended.then(once(request.alone(), playwright, listed, reporter, ledger, cancellation));
      }
      int status = ended.status();
      return ledger.close(ended, lines -> neverSpoke(request, status, lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StagedProcess.Ended once(
      RunnerRequest request,
      Playwright playwright,
      List<String> args,
      Path reporter,
      Ledger ledger,
      CancellationToken cancellation)
      throws IOException {
    try (var stall = new Stall(request.care().stall(), cancellation, ledger::running, ledger::see);
        var socket =
            new ReporterSocket(message -> {
              stall.beat();
              ledger.accept(message);
            })) {
      Map<String, String> added = new HashMap<>(request.env());
      added.putAll(playwright.environment(reporter));
      added.put("_PLIMSOLL_SOCKET", socket.path().toString());
      added.put("_PLIMSOLL_ROOT", request.root().toString());
      List<String> command = playwright.command(args, request.workers(), reporter);
      return StagedProcess.run(request, command, added, cancellation, ledger::see);
    }
  }

  private static UserError neverSpoke(RunnerRequest request, int status, List<String> lines) {
    String said = String.join("\n", firstError(lines));
    return new UserError(
        "Playwright exited with exit code " + status + " before it loaded any test",
        said.isBlank() ? "it printed no output" : said,
        "try `npx playwright test --list` in "
            + request.folder()
            + "; its output is in "
            + request.output(),
        ExitCode.ENGINE);
  }

  /// From the first line that looks like an error on; the end of what was printed without one.
  private static List<String> firstError(List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains("Error")) {
        return lines.subList(i, Math.min(lines.size(), i + SHOWN_LINES));
      }
    }
    return lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
  }

  /// The reporter travels in the program; Node.js needs it as a file.
  private static Path reporter(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(REPORTER).toAbsolutePath();
    try (InputStream text = PlaywrightRunner.class.getResourceAsStream("/js/" + REPORTER)) {
      if (text == null) {
        throw new IllegalStateException(REPORTER + " is missing from the program");
      }
      Files.copy(text, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }
}
