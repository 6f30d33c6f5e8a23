package dev.plimsoll.cli.report;

import dev.plimsoll.cli.JsonText;
import dev.plimsoll.config.AtomicFile;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Death;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.report.DeathText;
import dev.plimsoll.report.MemoryCurve;
import dev.plimsoll.report.MemoryCurve.Point;
import dev.plimsoll.report.html.ReportTree.KilledAttempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps the memory curves of the last runs and which attempts died, and on which branch,
/// `.plimsoll/curves/RUN.json`.
///
/// As a consumer of a run's events it stores the curve at the run's end; a curve that cannot be
/// stored is left out, since a recording failure must not fail a run.
public final class CurveStore implements Consumer<RunEvent> {
  private static final int KEEP = 50;

  private final Path root;
  private final Path folder;
  private final MemoryCurve curve = new MemoryCurve();
  private final List<Death> deaths = new ArrayList<>();

  /// @param root the project's folder
  public CurveStore(Path root) {
    this.root = root;
    this.folder = root.resolve(".plimsoll").resolve("curves");
  }

  @Override
  public void accept(RunEvent event) {
    if (event instanceof RunEvent.Sampled sampled) {
      curve.add(sampled.memory(), sampled.workers());
    } else if (event instanceof RunEvent.Died died && !died.death().test().isEmpty()) {
      deaths.add(died.death());
    } else if (event instanceof RunEvent.Finished finished) {
      write(finished.summary().id(), finished.summary().start());
    }
  }

  private void write(String run, Instant start) {
    var rows = new ArrayList<Map<String, Object>>();
    for (Point point : curve.points()) {
      var workers = new TreeMap<String, Long>();
      point.workers().forEach((worker, held) -> workers.put(worker, held.value()));
      rows.add(
          Map.of(
              "at", point.at().toMillis(),
              "used", point.used().value(),
              "budget", point.budget().value(),
              "workers", workers));
    }
    var killed = deaths.stream().map(death -> fields(death, start)).toList();
    try {
      AtomicFile.write(file(run), JsonText.write(document(rows, killed)));
      forgetOldest();
    } catch (IOException unwritable) {
      return;
    }
  }

  private Map<String, Object> document(List<?> rows, List<?> killed) {
    return Map.of("points", rows, "deaths", killed, "branch", Branch.of(root, System.getenv()));
  }

  private static Map<String, Object> fields(Death death, Instant start) {
    return Map.of(
        "test", death.test(),
        "worker", death.worker(),
        "at", Duration.between(start, death.start()).toMillis(),
        "took", death.duration().toMillis(),
        "attempt", death.attempt(),
        "why", DeathText.cause(death));
  }

  private void forgetOldest() throws IOException {
    try (var files = Files.list(folder)) {
      var newestFirst =
          files.sorted(Comparator.comparingLong((Path f) -> f.toFile().lastModified()).reversed());
      for (Path old : newestFirst.skip(KEEP).toList()) {
        Files.deleteIfExists(old);
      }
    }
  }

  /// The curve of a run, empty when none is kept.
  List<Point> read(String run) {
    return rows(run, "points").map(CurveStore::point).toList();
  }

  /// Attempts of a run that ended with their worker.
  List<KilledAttempt> deaths(String run) {
    return rows(run, "deaths").map(CurveStore::death).toList();
  }

  /// The branch of a run, empty when it is not known.
  String branch(String run) {
    return Files.exists(file(run))
            && JsonText.read(file(run)) instanceof Map<?, ?> document
            && document.get("branch") instanceof String branch
        ? branch
        : "";
  }

  private Stream<Map<?, ?>> rows(String run, String name) {
    if (!Files.exists(file(run)) || !(JsonText.read(file(run)) instanceof Map<?, ?> document)) {
      return Stream.empty();
    }
    return document.get(name) instanceof List<?> rows
        ? rows.stream()
            .<Map<?, ?>>mapMulti((row, out) -> {
              if (row instanceof Map<?, ?> fields) {
                out.accept(fields);
              }
            })
        : Stream.empty();
  }

  private static Point point(Map<?, ?> row) {
    var workers = new TreeMap<String, Bytes>();
    if (row.get("workers") instanceof Map<?, ?> held) {
      held.forEach((worker, size) -> workers.put(String.valueOf(worker), Bytes.of(number(size))));
    }
    return new Point(
        Duration.ofMillis(number(row.get("at"))),
        Bytes.of(number(row.get("used"))),
        Bytes.of(number(row.get("budget"))),
        workers);
  }

  private static KilledAttempt death(Map<?, ?> row) {
    return new KilledAttempt(
        String.valueOf(row.get("test")),
        String.valueOf(row.get("worker")),
        Duration.ofMillis(number(row.get("at"))),
        Duration.ofMillis(number(row.get("took"))),
        (int) number(row.get("attempt")),
        String.valueOf(row.get("why")));
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }

  private Path file(String run) {
    return folder.resolve(run.replaceAll("[^A-Za-z0-9._-]", "_") + ".json");
  }
}
