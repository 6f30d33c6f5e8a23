package dev.plimsoll.report.json;

import dev.plimsoll.diagnose.Diagnosis;
import dev.plimsoll.diagnose.Effect;
import dev.plimsoll.diagnose.Failure;
import dev.plimsoll.diagnose.Remedy;
import dev.plimsoll.diagnose.Tally;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A diagnosis as a tree for a JSON writer; `docs/diagnose.md` documents every key.
public final class DiagnosisJson {
  public static final int SCHEMA = 1;

  private DiagnosisJson() {}

  public static Map<String, Object> tree(Diagnosis diagnosis, Remedy remedy, Duration took) {
    boolean proven = diagnosis.finding() == Diagnosis.Finding.PROVEN;
    var tree = new LinkedHashMap<String, Object>();
    tree.put("schema", SCHEMA);
    tree.put("test", diagnosis.test());
    tree.put("finding", diagnosis.finding().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    tree.put("effect", diagnosis.effect() == Effect.BREAKS ? "fails" : "passes");
    tree.put("way", diagnosis.way().word());
    tree.put("company", diagnosis.interfering());
    tree.put("with", tally(diagnosis.with()));
    tree.put("without", tally(diagnosis.without()));
    tree.put("aloneFailed", tally(diagnosis.alone()));
    tree.put("oneWorkerFailed", tally(diagnosis.oneWorker()));
    Diagnosis.Failures failures = diagnosis.failures();
    tree.put("failure", failures.found().cause());
    tree.put("recordedFailure", failures.recorded().cause());
    tree.put(
        "otherFailures", failures.others().entrySet().stream().map(DiagnosisJson::other).toList());
    tree.put("now", proven ? remedy.now() : List.of());
    tree.put("fix", proven ? remedy.fix() : "");
    tree.put("experiments", diagnosis.trials());
    tree.put("seconds", Math.round(took.toNanos() / 1e3) / 1e6);
    return tree;
  }

  private static Map<String, Object> other(Map.Entry<Failure, Integer> other) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("failure", other.getKey().cause());
    tree.put("times", other.getValue());
    return tree;
  }

  private static Map<String, Object> tally(Tally tally) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("times", tally.hits());
    tree.put("runs", tally.runs());
    return tree;
  }
}
