package dev.plimsoll.calibrate.document;

import dev.plimsoll.calibrate.Background;
import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.Clash;
import dev.plimsoll.calibrate.PastRun;
import dev.plimsoll.calibrate.RampPlan;
import dev.plimsoll.calibrate.RampState;
import dev.plimsoll.calibrate.Trial;
import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.calibrate.choice.Choice;
import dev.plimsoll.calibrate.choice.MemoryUse;
import dev.plimsoll.calibrate.choice.Rejected;
import dev.plimsoll.calibrate.choice.Rejected.Kind;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RamAfter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A {@link Calibration} as a JSON document, and back. Seconds are decimal numbers, memory is in
/// bytes, unknown amounts are null.
public final class CalibrationDocument {
  private static final int VERSION = 1;

  private CalibrationDocument() {}

  public static Map<String, @Nullable Object> write(Calibration calibration) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("version", VERSION);
    document.put("suite", calibration.suite());
    document.put("engine", calibration.engine());
    document.put("command", calibration.command());
    document.put("machine", machine(calibration.machine()));
    document.put("budget", bytes(calibration.budget()));
    document.put("at", calibration.at().toString());
    document.put("code", calibration.code());
    document.put("files", calibration.files());
    document.put("together", calibration.together());
    document.put("runs_required", calibration.state().plan().runs());
    document.put("end", calibration.end());
    var choice = choice(calibration.choice());
    choice.put("notes", calibration.choice().notes());
    document.put("choice", choice);
    document.put(
        "trials", calibration.state().trials().stream().map(CalibrationDocument::trial).toList());
    document.put(
        "past", calibration.state().past().stream().map(CalibrationDocument::past).toList());
    return document;
  }

  /// The choice as `plimsoll choose --json` shows it.
  public static Map<String, @Nullable Object> choice(Choice choice) {
    var rejected = new ArrayList<Map<String, Object>>();
    for (Rejected level : choice.rejected()) {
      var entry = new LinkedHashMap<String, Object>();
      entry.put("workers", level.workers());
      entry.put("kind", level.kind().word());
      entry.put("reason", level.reason());
      entry.put("detail", level.detail());
      rejected.add(entry);
    }
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("workers", choice.found() ? choice.workers() : null);
    document.put("reason", choice.reason());
    document.put("rejected", rejected);
    return document;
  }

  private static Map<String, Object> machine(Machine machine) {
    var document = new LinkedHashMap<String, Object>();
    document.put("name", machine.name());
    document.put("cores", machine.cores());
    document.put("memory", machine.memory().value());
    document.put("kind", machine.kind());
    return document;
  }

  private static Map<String, @Nullable Object> trial(Trial trial) {
    var unusual = new LinkedHashMap<String, String>();
    trial.unusual().forEach((test, outcome) -> unusual.put(test, outcome.word()));
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("run", trial.run());
    document.put("workers", trial.workers());
    document.put("seconds", trial.time().toNanos() / 1e9);
    document.put("tests", trial.tests());
    document.put("unusual", unusual);
    document.put("troubles", trial.troubles());
    document.put("memory", memory(trial.memory()));
    document.put("background", background(trial.background()));
    document.put("clashes", trial.clashes().stream().map(CalibrationDocument::clash).toList());
    return document;
  }

  private static Map<String, Object> past(PastRun run) {
    var document = new LinkedHashMap<String, Object>();
    document.put("run", run.run());
    document.put("workers", run.workers());
    document.put("tests", run.tests());
    document.put("failed", run.failed());
    document.put("troubles", run.troubles());
    return document;
  }

  private static PastRun past(Node node) {
    return new PastRun(
        node.get("run").text(),
        node.get("workers").whole(1),
        node.get("tests").whole(0),
        texts(node.get("failed")),
        texts(node.get("troubles")));
  }

  private static Map<String, Object> clash(Clash clash) {
    return Map.of("test", clash.test(), "beside", clash.beside());
  }

  private static Map<String, @Nullable Object> background(Background background) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("known", background.known());
    document.put("cores", background.cores());
    document.put("memory", background.memory().value());
    document.put("noisy", background.noisy());
    return document;
  }

  private static Map<String, @Nullable Object> memory(MemoryUse memory) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("swap_before", bytes(memory.swapBefore()));
    document.put("swap_after", bytes(memory.swapAfter()));
    document.put("peak", bytes(memory.peak()));
    document.put("left", bytes(memory.left()));
    document.put("total", bytes(memory.total()));
    var after = memory.after();
    document.put("used", after.used().value());
    document.put("free", after.free().value());
    document.put("buff_cache", after.buffCache().value());
    document.put("available", after.available().value());
    return document;
  }

  private static @Nullable Long bytes(Amount amount) {
    return amount.known() ? amount.bytes().value() : null;
  }

  /// Read a document.
  ///
  /// @param plan what a continued calibration may do
  /// @throws dev.plimsoll.model.UserError when it is not such a document; names the place
  public static Calibration read(@Nullable Object document, RampPlan plan) {
    Node node = new Node("", document);
    if (node.get("version").whole(1) != VERSION) {
      throw node.get("version").wrong("the number " + VERSION);
    }
    var trials = new ArrayList<Trial>();
    node.get("trials").elements().forEach(trial -> trials.add(trial(trial)));
    var past = new ArrayList<PastRun>();
    if (node.get("past").present()) {
      node.get("past").elements().forEach(run -> past.add(past(run)));
    }
    return new Calibration(
        node.get("suite").text(),
        node.get("engine").text(),
        node.get("command").text(),
        machine(node.get("machine")),
        amount(node.get("budget")),
        instant(node.get("at")),
        node.get("code").present() ? node.get("code").text() : "",
        node.get("files").present() ? texts(node.get("files")) : List.of(),
        node.get("together").present() ? node.get("together").whole(0) : 0,
        new RampState(plan, trials, past),
        choice(node.get("choice")),
        node.get("end").text());
  }

  private static Instant instant(Node node) {
    try {
      return Instant.parse(node.text());
    } catch (DateTimeException e) {
      throw node.wrong("a moment");
    }
  }

  private static Machine machine(Node node) {
    return new Machine(
        node.get("name").text(),
        node.get("cores").whole(1),
        size(node.get("memory")),
        node.get("kind").text());
  }

  private static Choice choice(Node node) {
    var rejected = new ArrayList<Rejected>();
    for (Node level : node.get("rejected").elements()) {
      rejected.add(
          Rejected.read(
              level.get("workers").whole(1),
              kind(level.get("kind")),
              level.get("reason").text(),
              level.get("detail").text()));
    }
    Node workers = node.get("workers");
    return new Choice(
        workers.present() ? workers.whole(1) : 0,
        node.get("reason").text(),
        rejected,
        texts(node.get("notes")));
  }

  private static Kind kind(Node node) {
    for (Kind kind : Kind.values()) {
      if (kind.word().equals(node.text())) {
        return kind;
      }
    }
    throw node.wrong("a kind of rejection");
  }

  private static Trial trial(Node node) {
    var unusual = new LinkedHashMap<String, Outcome>();
    node.get("unusual").members().forEach((test, word) -> unusual.put(test, outcome(word)));
    var clashes = new ArrayList<Clash>();
    for (Node clash : node.get("clashes").elements()) {
      clashes.add(new Clash(clash.get("test").text(), texts(clash.get("beside"))));
    }
    return new Trial(
        node.get("run").text(),
        node.get("workers").whole(1),
        Duration.ofNanos(Math.round(node.get("seconds").amount() * 1e9)),
        node.get("tests").whole(0),
        unusual,
        texts(node.get("troubles")),
        memory(node.get("memory")),
        background(node.get("background")),
        clashes);
  }

  private static Outcome outcome(Node node) {
    try {
      return Outcome.ofWord(node.text());
    } catch (IllegalArgumentException e) {
      throw node.wrong("an outcome");
    }
  }

  private static Background background(Node node) {
    return new Background(
        node.get("known").flag(),
        node.get("cores").amount(),
        Bytes.of((long) node.get("memory").number()),
        node.get("noisy").flag());
  }

  private static MemoryUse memory(Node node) {
    Amount swap = amount(node.get("swap_after"));
    return new MemoryUse(
        amount(node.get("swap_before")),
        swap,
        amount(node.get("peak")),
        amount(node.get("left")),
        amount(node.get("total")),
        new RamAfter(
            size(node.get("used")),
            size(node.get("free")),
            size(node.get("buff_cache")),
            size(node.get("available")),
            swap.bytes()));
  }

  private static Amount amount(Node node) {
    return node.present() ? Amount.of(Bytes.of((long) node.number())) : Amount.UNKNOWN;
  }

  private static Bytes size(Node node) {
    return Bytes.of((long) node.amount());
  }

  private static List<String> texts(Node node) {
    return node.elements().stream().map(Node::text).toList();
  }
}
