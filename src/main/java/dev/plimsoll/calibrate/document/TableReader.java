package dev.plimsoll.calibrate.document;

import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.calibrate.choice.Measurement;
import dev.plimsoll.calibrate.choice.MemoryUse;
import dev.plimsoll.calibrate.choice.Outcomes;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.RamAfter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Read measurements from a parsed JSON document.
///
/// `{"suites": {NAME: [ROW, ...]}}`, where a row is one run (or several, see `runs`) at one level:
///
/// - `workers` (whole number from 1), required
/// - `seconds` (number, or a list with one per run), required unless the run failed
/// - `part` (text): what was run when the suite is measured in parts, whose times add up
/// - `passed`, `skipped`, `failed`, `errors` (whole numbers), `failed_tests` (list of texts)
/// - `crashed`, `oom`, `sigkill`, `timeout` (true, a count, or a text that says what)
/// - `ram`: `{used, free, buff, available}` after the run, `swap` after the run (or `{before,
///   after}`), `swap_before`; `peak` of the run's processes; `machine_peak`; `min_available`;
///   `total`: all in MiB
/// - `noisy` (true or false): other programs disturbed the run
/// - `runs`: a list of rows that inherit what they leave out from this one, or their number when
///   the row stands for several equal ones
///
/// What is not named here is left alone, so that a table may say more than is needed; it is listed,
/// so that a slip of the pen does not pass for a measurement.
public final class TableReader {
  private static final Map<String, String> TROUBLES =
      Map.of("crashed", "crashed", "oom", "OOM kill", "sigkill", "SIGKILL", "timeout", "timed out");
  private static final Set<String> KEYS =
      Set.of(
          "workers",
          "seconds",
          "part",
          "passed",
          "skipped",
          "failed",
          "errors",
          "failed_tests",
          "crashed",
          "oom",
          "sigkill",
          "timeout",
          "ram",
          "swap",
          "swap_before",
          "peak",
          "machine_peak",
          "min_available",
          "total",
          "noisy",
          "runs");
  private static final int MOST_RUNS = 1000;

  private TableReader() {}

  /// Read a document.
  ///
  /// @throws dev.plimsoll.model.UserError when it does not have the format; names the place
  public static Table read(@Nullable Object document) {
    var suites = new LinkedHashMap<String, List<Measurement>>();
    var unused = new TreeSet<String>();
    Node node = new Node("", document).get("suites");
    if (node.members().isEmpty()) {
      throw node.wrong("an object with at least one suite");
    }
    node.members().forEach((name, rows) -> suites.put(name, suite(rows, unused)));
    return new Table(suites, unused);
  }

  private static List<Measurement> suite(Node node, Set<String> unused) {
    var rows = new ArrayList<Measurement>();
    for (Node row : node.elements()) {
      rows.addAll(row(row));
      row.members().keySet().stream().filter(key -> !KEYS.contains(key)).forEach(unused::add);
    }
    return rows;
  }

  private static List<Measurement> row(Node row) {
    Node runs = row.get("runs");
    if (!runs.present()) {
      return timed(row);
    }
    if (runs.isNumber()) {
      int count = runs.whole(1);
      if (count > MOST_RUNS) {
        throw runs.wrong("at most " + MOST_RUNS);
      }
      var once = timed(row);
      var all = new ArrayList<Measurement>();
      for (int i = 0; i < count; i++) {
        all.addAll(once);
      }
      return all;
    }
    var all = new ArrayList<Measurement>();
    for (Node run : runs.elements()) {
      all.addAll(timed(inherit(row, run)));
    }
    if (all.isEmpty()) {
      throw runs.wrong("a list with at least one run");
    }
    return all;
  }

  private static Node inherit(Node row, Node run) {
    var merged = new LinkedHashMap<Object, Object>(row.object());
    merged.putAll(run.object());
    return new Node(run.place(), merged);
  }

  private static List<Measurement> timed(Node row) {
    int workers = row.get("workers").whole(1);
    Outcomes outcomes = outcomes(row);
    String part = row.get("part").present() ? row.get("part").text() : "";
    boolean noisy = row.get("noisy").present() && row.get("noisy").flag();
    MemoryUse memory = memory(row);
    var times = new ArrayList<Duration>();
    Node seconds = row.get("seconds");
    if (seconds.isList()) {
      seconds.elements().forEach(element -> times.add(duration(element)));
    } else if (seconds.present() || outcomes.clean()) {
      times.add(duration(seconds));
    } else {
      times.add(Duration.ZERO);
    }
    if (times.isEmpty()) {
      throw seconds.wrong("a number, or a list with at least one");
    }
    return times.stream()
        .map(time -> new Measurement(workers, part, outcomes, time, memory, noisy))
        .toList();
  }

  private static Duration duration(Node seconds) {
    double amount = seconds.amount();
    if (amount > 1e9) {
      throw seconds.wrong("a number of seconds");
    }
    return Duration.ofNanos(Math.round(amount * 1e9));
  }

  private static Outcomes outcomes(Node row) {
    var names = new ArrayList<String>();
    if (row.get("failed_tests").present()) {
      row.get("failed_tests").elements().forEach(test -> names.add(test.text()));
    }
    var troubles = new ArrayList<String>();
    for (String key : List.of("crashed", "oom", "sigkill", "timeout")) {
      String words = trouble(row.get(key), TROUBLES.getOrDefault(key, key));
      if (!words.isEmpty()) {
        troubles.add(words);
      }
    }
    int failed = count(row.get("failed")) + count(row.get("errors"));
    return new Outcomes(
        known(row.get("passed")), known(row.get("skipped")), failed, names, troubles);
  }

  private static OptionalInt known(Node node) {
    return node.present() ? OptionalInt.of(node.whole(0)) : OptionalInt.empty();
  }

  private static int count(Node node) {
    return node.present() ? node.whole(0) : 0;
  }

  /// What went wrong in words, empty when nothing did.
  private static String trouble(Node node, String words) {
    return switch (node.value()) {
      case null -> "";
      case Boolean flag -> flag ? words : "";
      case Number _ -> {
        int count = node.whole(0);
        yield count == 0 ? "" : count == 1 ? words : words + " (" + count + " times)";
      }
      case String text -> text.isBlank() ? "" : words + ": " + text;
      case List<?> list when list.isEmpty() -> "";
      case List<?> _ ->
          words + ": " + String.join(", ", node.elements().stream().map(Node::text).toList());
      default -> throw node.wrong("true, false, a count or a text");
    };
  }

  private static MemoryUse memory(Node row) {
    Node swap = row.get("swap");
    Amount swapBefore = row.get("swap_before").mb();
    Amount swapAfter = row.get("swap_after").mb();
    if (swap.isObject()) {
      swapBefore = swap.get("before").mb();
      swapAfter = swap.get("after").mb();
    } else if (swap.present()) {
      swapAfter = swap.mb();
    }
    Node ram = row.get("ram");
    Amount total = row.get("total").mb();
    Amount available = Amount.UNKNOWN;
    RamAfter after = RamAfter.UNKNOWN;
    if (ram.present()) {
      available = ram.get("available").mb();
      after = ramAfter(ram, swapAfter);
      total = total.known() ? total : sum(ram);
    }
    Amount peak = row.get("peak").mb();
    return new MemoryUse(
        swapBefore, swapAfter, peak, left(row, peak, available, total), total, after);
  }

  private static RamAfter ramAfter(Node ram, Amount swap) {
    return new RamAfter(
        ram.get("used").mb().bytes(),
        ram.get("free").mb().bytes(),
        ram.get("buff").mb().bytes(),
        ram.get("available").mb().bytes(),
        swap.bytes());
  }

  private static Amount sum(Node ram) {
    Amount used = ram.get("used").mb();
    Amount free = ram.get("free").mb();
    Amount buff = ram.get("buff").mb();
    boolean known = used.known() && free.known() && buff.known();
    return known ? Amount.of(used.bytes().plus(free.bytes()).plus(buff.bytes())) : Amount.UNKNOWN;
  }

  /// What the machine could still give at the peak: as measured, else the machine's memory less its
  /// peak, else what was available after the run less the peak of the run's processes. Without a
  /// peak it is what was available after the run: there was no more at any moment of it.
  private static Amount left(Node row, Amount peak, Amount available, Amount total) {
    Amount least = row.get("min_available").mb();
    Amount machinePeak = row.get("machine_peak").mb();
    if (least.known()) {
      return least;
    }
    if (machinePeak.known() && total.known()) {
      return difference(total, machinePeak);
    }
    if (peak.known() && available.known()) {
      return difference(available, peak);
    }
    return peak.known() && total.known() ? difference(total, peak) : available;
  }

  private static Amount difference(Amount from, Amount take) {
    return Amount.of(Bytes.of(from.bytes().value() - take.bytes().value()));
  }
}
