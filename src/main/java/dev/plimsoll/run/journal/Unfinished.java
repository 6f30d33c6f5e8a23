package dev.plimsoll.run.journal;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.model.TestResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A run that ended before its end, as its journal tells.
///
/// @param boot the machine's boot it ran in
/// @param pid of the program that ran it, 0 when it is not known
/// @param last moment of its last line
/// @param groups the groups that were asked for
/// @param arguments what else was asked for
/// @param ended outcomes by node id
/// @param open tests that were with a worker and have no outcome; some of them ran
/// @param verdicts deaths of workers that it saw
public record Unfinished(
    String run,
    String boot,
    long pid,
    Instant last,
    List<String> groups,
    List<String> arguments,
    Map<String, TestResult> ended,
    Set<String> open,
    List<String> verdicts) {
  public Unfinished {
    groups = List.copyOf(groups);
    arguments = List.copyOf(arguments);
    verdicts = List.copyOf(verdicts);
  }

  /// The newest run of the folder, when it did not finish.
  public static Optional<Unfinished> latest(Path folder) throws IOException {
    var journals = journals(folder);
    return journals.isEmpty() ? Optional.empty() : read(journals.getFirst());
  }

  /// Journals, the newest first.
  static List<Path> journals(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(Journal.SUFFIX))
          .sorted(Comparator.comparing(Path::getFileName).reversed())
          .toList();
    }
  }

  private static Optional<Unfinished> read(Path journal) throws IOException {
    var reading = new Lines();
    try (var lines = Files.newBufferedReader(journal)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        reading.add(line);
      }
    }
    return reading.finished || reading.run.isEmpty()
        ? Optional.empty()
        : Optional.of(reading.unfinished());
  }

  /// Reads line by line; the last one may have been cut off by the death.
  private static final class Lines {
    private String run = "";
    private String boot = "";
    private long pid;
    private Instant last = Instant.EPOCH;
    private List<String> groups = List.of();
    private List<String> arguments = List.of();
    private final Map<String, TestResult> ended = new LinkedHashMap<>();
    private final Set<String> open = new LinkedHashSet<>();
    private final List<String> verdicts = new java.util.ArrayList<>();
    private boolean finished;

    void add(String line) {
      try {
        take(JSON.std.mapFrom(line));
      } catch (IOException | RuntimeException torn) {
        return;
      }
    }

    private void take(Map<?, ?> line) {
      last = line.get("at") instanceof Number at ? Instant.ofEpochMilli(at.longValue()) : last;
      switch (String.valueOf(line.get("event"))) {
        case "began" -> {
          run = String.valueOf(line.get("run"));
          boot = String.valueOf(line.get("boot"));
          pid = line.get("pid") instanceof Number number ? number.longValue() : 0;
          groups = texts(line.get("groups"));
          arguments = texts(line.get("arguments"));
        }
        case "admitted" -> open.addAll(texts(line.get("tests")));
        case "died" -> verdicts.add(String.valueOf(line.get("verdict")));
        case "ended" -> {
          if (line.get("result") instanceof Map<?, ?> map) {
            TestResult result = ResultLine.read(map);
            ended.put(result.id(), result);
            open.remove(result.id());
          }
        }
        case "finished" -> finished = true;
        default -> {}
      }
    }

    private static List<String> texts(@Nullable Object value) {
      return value instanceof List<?> list
          ? list.stream().map(String::valueOf).toList()
          : List.of();
    }

    Unfinished unfinished() {
      return new Unfinished(run, boot, pid, last, groups, arguments, ended, open, verdicts);
    }
  }
}
