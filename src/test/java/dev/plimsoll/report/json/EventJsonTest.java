package dev.plimsoll.report.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Death;
import dev.plimsoll.model.MemorySnapshot;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.report.TestingRuns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EventJsonTest {
  private static final Instant AT = TestingRuns.START;
  private static final Bytes SIZE = Bytes.mib(5);

  /// One event of each kind.
  private static List<RunEvent> events() {
    var death =
        new Death(
            "a.py::b",
            "gw0",
            AT,
            Duration.ZERO,
            SIZE,
            "was killed",
            Optional.empty(),
            List.of(),
            "",
            1,
            Death.Next.ALONE);
    var memory = new MemorySnapshot(AT, SIZE, PeakSource.PSS, SIZE, SIZE, SIZE);
    var result = TestingRuns.result("a.py::b", Outcome.PASSED, 1, SIZE);
    return List.of(
        new RunEvent.Started(AT, "r1", "fork", "phased", TestingRuns.MACHINE, SIZE, "none"),
        new RunEvent.Collected(AT, 1, 0, Map.of("light", 1), -1, false),
        new RunEvent.GroupStarted(AT, "light", 1, 1),
        new RunEvent.WorkerStarted(AT, "gw0", 12),
        new RunEvent.TestStarted(AT, "a.py::b", "light", "gw0"),
        new RunEvent.TestFinished(AT, result),
        new RunEvent.TestRetried(AT, "a.py::b", "gw0", "no"),
        new RunEvent.Died(AT, death),
        new RunEvent.WorkerGone(AT, "gw0", 12, ""),
        new RunEvent.Stopping(AT, "enough"),
        new RunEvent.Sampled(AT, memory, Map.of("gw0", SIZE)),
        new RunEvent.Forecast(AT, Duration.ofSeconds(3)),
        new RunEvent.Note(AT, RunEvent.Level.WARNING, "look"),
        new RunEvent.Output(AT, "text"),
        new RunEvent.Finished(AT, TestingRuns.run(0, List.of(result))));
  }

  @Test
  void theReferenceHasEachEventWithItsKeysAndNoOther() throws Exception {
    var documented = new HashMap<String, HashSet<String>>();
    var row = Pattern.compile("\\| `([^`]+)` \\| [^|]+ \\| (.+) \\|");
    for (String line : Files.readAllLines(Path.of("docs/reference/events.md"))) {
      var match = row.matcher(line);
      if (match.matches()) {
        var keys = new HashSet<>(List.of("event", "at"));
        // What stands in brackets or after a colon explains a key.
        String names = match.group(2).replaceAll("\\([^)]*\\)", "").replaceAll(":.*", "");
        Pattern.compile("`([^`]+)`")
            .matcher(names)
            .results()
            .forEach(key -> keys.add(key.group(1)));
        documented.put(match.group(1), keys);
      }
    }
    var written = new HashMap<String, HashSet<String>>();
    for (RunEvent event : events()) {
      Map<String, Object> tree = EventJson.tree(event);
      written.put(String.valueOf(tree.get("event")), new HashSet<>(tree.keySet()));
    }
    assertThat(events().stream().map(RunEvent::getClass).distinct())
        .hasSameSizeAs(RunEvent.class.getPermittedSubclasses());
    assertThat(written).isEqualTo(documented);
  }
}
