package dev.plimsoll.cli.report;

import dev.plimsoll.cli.JsonText;
import dev.plimsoll.config.AtomicFile;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.report.MemoryCurve;
import dev.plimsoll.report.MemoryCurve.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Keeps the memory curves of the last runs, `.plimsoll/curves/RUN.json`.
///
/// As a consumer of a run's events it stores the curve at the run's end; a curve that cannot be
/// stored is left out, since a recording failure must not fail a run.
public final class CurveStore implements Consumer<RunEvent> {
  private static final int KEEP = 50;

  private final Path folder;
  private final MemoryCurve curve = new MemoryCurve();

  /// @param root the project's folder
  public CurveStore(Path root) {
    this.folder = root.resolve(".plimsoll").resolve("curves");
  }

  @Override
  public void accept(RunEvent event) {
    if (event instanceof RunEvent.Sampled sampled) {
      curve.add(sampled.memory());
    } else if (event instanceof RunEvent.Finished finished) {
      write(finished.summary().id(), curve.points());
    }
  }

  private void write(String run, List<Point> points) {
    var rows = new ArrayList<List<Long>>();
    for (Point point : points) {
      rows.add(List.of(point.at().toMillis(), point.used().value(), point.budget().value()));
    }
    try {
      AtomicFile.write(file(run), JsonText.write(Map.of("points", rows)));
      forgetOldest();
    } catch (IOException unwritable) {
      return;
    }
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
    if (!Files.exists(file(run)) || !(JsonText.read(file(run)) instanceof Map<?, ?> document)) {
      return List.of();
    }
    var points = new ArrayList<Point>();
    if (document.get("points") instanceof List<?> rows) {
      rows.forEach(row -> points.add(point(row)));
    }
    return points;
  }

  private static Point point(Object row) {
    if (row instanceof List<?> list
        && list.size() == 3
        && list.get(0) instanceof Number at
        && list.get(1) instanceof Number used
        && list.get(2) instanceof Number budget) {
      return new Point(
          Duration.ofMillis(at.longValue()),
          Bytes.of(used.longValue()),
          Bytes.of(budget.longValue()));
    }
    return new Point(Duration.ZERO, Bytes.ZERO, Bytes.ZERO);
  }

  private Path file(String run) {
    return folder.resolve(run.replaceAll("[^A-Za-z0-9._-]", "_") + ".json");
  }
}
