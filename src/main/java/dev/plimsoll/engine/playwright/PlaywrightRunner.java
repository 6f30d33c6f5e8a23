package dev.plimsoll.engine.playwright;

import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.engine.Division;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Runs `npx playwright test --workers=N` and tells what its tests do.
public final class PlaywrightRunner implements Runner {
  private static final String REPORTER = "plimsoll-reporter.cjs";
  private static final int SHOWN_LINES = 12;

  private final List<String> args;
  private final Optional<Division> division;

  /// @param args what follows `playwright test`: files, `--project`, `--shard`, `--grep`, ...
  public PlaywrightRunner(List<String> args) {
    this(args, Optional.empty());
  }

  /// @param division which of the tests run here, when several machines share them
  public PlaywrightRunner(List<String> args, Optional<Division> division) {
    this.args = List.copyOf(args);
    this.division = division;
  }

  @Override
  public RunnerResult run(
      RunnerRequest request, CancellationToken cancellation, Consumer<RunEvent> events) {
    Map<String, String> env = new HashMap<>(System.getenv());
    env.putAll(request.env());
    var playwright = Playwright.find(request.folder(), env);
    var ledger = new Ledger(request, events, cancellation, playwright.takesLists());
    Optional<Sharing> sharing = division.map(own -> new Sharing(own, request.stage()));
    sharing.ifPresent(own -> own.check(playwright, args));
    try {
      var going = new Going(request, playwright, ledger, cancellation);
      StagedProcess.Ended ended =
          sharing.isPresent() ? going.share(args, sharing.get()) : going.once(args);
      List<String> alone = cancellation.isPulled() ? List.of() : ledger.alone();
      if (!alone.isEmpty()) {
        ended = ended.then(going.alone().listed(args, "alone", alone));
      }
      int status = ended.status();
      RunnerResult result = ledger.close(ended, lines -> neverSpoke(request, status, lines));
      return sharing.filter(Sharing::isEmpty).isPresent() ? foundNothing(result) : result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A shard may have no test, but not the whole selection: Playwright exits with 1 then.
  private static RunnerResult foundNothing(RunnerResult result) {
    return new RunnerResult(
        1,
        result.results(),
        result.problems(),
        result.artefacts(),
        result.halted(),
        result.output(),
        result.duration());
  }

  /// Starts Playwright, once or several times.
  private record Going(
      RunnerRequest request, Playwright playwright, Ledger ledger, CancellationToken cancellation) {
    /// The tests of a shard. Before 1.62 Playwright loads all files twice: for the list, then to
    /// run.
    StagedProcess.Ended share(List<String> args, Sharing sharing) throws IOException {
      List<String> passing = new ArrayList<>(args);
      passing.addFirst("--pass-with-no-tests");
      if (playwright.asksReporters()) {
        return start(passing, Map.of("_PLIMSOLL_SHARED", "1"), ledger, sharing::places);
      }
      List<String> mine = new ArrayList<>();
      passing.addFirst("--list");
      StagedProcess.Ended list =
          start(
              passing,
              Map.of(),
              message -> {
                if (message instanceof ReporterMessage.Begin begin) {
                  List<ReporterMessage.Name> all = begin.all().tests();
                  sharing.places(begin.all()).forEach(place -> mine.add(all.get(place).line()));
                } else if (message instanceof ReporterMessage.Hello
                    || message instanceof ReporterMessage.Problem) {
                  ledger.accept(message);
                }
              },
              Going::none);
      return list.status() != 0 || mine.isEmpty() || cancellation.isPulled()
          ? list
          : list.then(listed(args, "shard", mine));
    }

    Going alone() {
      return new Going(request.alone(), playwright, ledger, cancellation);
    }

    /// Only these tests of a selection.
    StagedProcess.Ended listed(List<String> args, String name, List<String> lines)
        throws IOException {
      Path list = request.outputs().resolve(request.stage() + "-" + name + ".txt");
      Files.createDirectories(request.outputs());
      Files.write(list, lines);
      return once(Playwright.listed(args, list));
    }

    StagedProcess.Ended once(List<String> args) throws IOException {
      return start(args, Map.of(), ledger, Going::none);
    }

    /// Nobody asks for a shard.
    private static List<Integer> none(ReporterMessage.Collection all) {
      return List.of();
    }

    private StagedProcess.Ended start(
        List<String> args,
        Map<String, String> more,
        Consumer<ReporterMessage> messages,
        Function<ReporterMessage.Collection, List<Integer>> shares)
        throws IOException {
      Path reporter = reporter(request.outputs());
      try (var stall =
              new Stall(request.care().stall(), cancellation, ledger::running, ledger::see);
          var socket =
              new ReporterSocket(
                  message -> {
                    stall.beat();
                    messages.accept(message);
                  },
                  shares)) {
        Map<String, String> added = new HashMap<>(request.env());
        added.putAll(playwright.environment(reporter));
        added.putAll(more);
        added.put("_PLIMSOLL_SOCKET", socket.path().toString());
        added.put("_PLIMSOLL_ROOT", request.root().toString());
        List<String> command = playwright.command(args, request.workers(), reporter);
        return StagedProcess.run(request, command, added, cancellation, ledger::see);
      }
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
