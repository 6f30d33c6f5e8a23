package dev.plimsoll.shard;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Put the records of all shards together: every collected test has the outcome that its shard
/// recorded, or is "not run" with the reason.
///
/// Only records of one plan, one environment and one collection make a run: anything else is an
/// error that names the difference. Of several attempts of a shard the newest counts, even if it
/// did not come to its end: an older one ran other code. For the same reason a record of another
/// plan is left out only if it is older than all that count.
public final class Merge {
  private static final String HINT =
      "give all shards the same plan, code and environment, and run those again that differ";

  /// How many files a message names.
  private static final int SHOWN = 20;

  private final ShardPlan plan;
  private final Map<Integer, ShardRecord> shards = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private String name = "";

  private Merge(ShardPlan plan) {
    this.plan = plan;
  }

  /// The merged run.
  ///
  /// @param records all that were found
  /// @param digest of the plan
  /// @param command the arguments of `plimsoll`, for people
  /// @throws UserError when the records do not belong together
  public static MergedRun of(
      Collection<ShardRecord> records, ShardPlan plan, String digest, String command) {
    var merge = new Merge(plan);
    merge.choose(merge.ofPlan(records, digest));
    merge.checkEnvironments();
    Manifest manifest = merge.manifest();
    List<TestResult> results = merge.results(manifest);
    List<String> runs = merge.shards.values().stream().map(ShardRecord::run).toList();
    return new MergedRun(
        merge.summary(results, command), runs, merge.notes, merge.warnings, merge.missing);
  }

  /// The records of the plan; the others must be older.
  private List<ShardRecord> ofPlan(Collection<ShardRecord> records, String digest) {
    List<ShardRecord> kept =
        records.stream()
            .filter(record -> record.of() == plan.size() && record.plan().equals(digest))
            .toList();
    List<ShardRecord> others = records.stream().filter(record -> !kept.contains(record)).toList();
    Optional<Instant> first = kept.stream().map(ShardRecord::start).min(Instant::compareTo);
    for (ShardRecord other : others) {
      if (first.isEmpty() || !other.start().isBefore(first.get())) {
        throw new UserError(
            "the records are of different plans",
            "`%s` is of shard %d/%d of plan %s, and the plan given is %s with %d shards"
                .formatted(
                    other.file(),
                    other.number(),
                    other.of(),
                    brief(other.plan()),
                    brief(digest),
                    plan.size()),
            "run the shards again with one plan; if these are of another run, delete them, or keep"
                + " the records of each run apart with `plimsoll run --record FOLDER`: "
                + names(others),
            ExitCode.INCOMPLETE);
      }
    }
    if (!others.isEmpty()) {
      warnings.add("left out older records of another plan: " + names(others));
    }
    return kept;
  }

  private static String names(List<ShardRecord> records) {
    String names =
        records.stream()
            .limit(SHOWN)
            .map(record -> "`" + record.file() + "`")
            .collect(Collectors.joining(", "));
    return records.size() > SHOWN ? names + " and " + (records.size() - SHOWN) + " more" : names;
  }

  private static String brief(String digest) {
    return digest.substring(0, Math.min(12, digest.length()));
  }

  private void choose(Collection<ShardRecord> records) {
    var attempts = new TreeMap<Integer, List<ShardRecord>>();
    records.forEach(
        record -> attempts.computeIfAbsent(record.index(), _ -> new ArrayList<>()).add(record));
    attempts.forEach((index, all) -> {
      all.sort(Comparator.comparing(ShardRecord::start).thenComparing(ShardRecord::run));
      ShardRecord newest = all.getLast();
      shards.put(index, newest);
      name = name.isEmpty() ? "merged-" + all.getFirst().run() : name;
      if (all.size() > 1) {
        notes.add(
            "shard %d/%d ran %d times; its newest attempt counts (%s)"
                .formatted(newest.number(), plan.size(), all.size(), newest.run()));
      }
    });
  }

  private void checkEnvironments() {
    Optional<ShardRecord> first =
        shards.values().stream().filter(shard -> !shard.environment().isEmpty()).findFirst();
    for (ShardRecord shard : shards.values()) {
      if (first.isPresent() && !shard.environment().isEmpty()) {
        checkEnvironment(first.get(), shard);
      }
    }
  }

  private static void checkEnvironment(ShardRecord one, ShardRecord other) {
    var names = new TreeSet<>(one.environment().keySet());
    names.addAll(other.environment().keySet());
    var differences = new ArrayList<String>();
    for (String name : names) {
      String here = one.environment().getOrDefault(name, "missing");
      String there = other.environment().getOrDefault(name, "missing");
      if (!here.equals(there)) {
        differences.add(
            "%s: %s in shard %d, %s in shard %d"
                .formatted(name, here, one.number(), there, other.number()));
      }
    }
    if (!differences.isEmpty()) {
      throw different("the shards ran in different environments", String.join("\n", differences));
    }
  }

  /// The collection that all shards have.
  private Manifest manifest() {
    List<ShardRecord> collected =
        shards.values().stream().filter(shard -> shard.manifest().isPresent()).toList();
    if (collected.isEmpty()) {
      throw new UserError(
          "no shard collected any tests",
          shards.isEmpty()
              ? "there is no record of a shard"
              : "each shard ended before its tests were collected",
          "look at the output of the shards, and check that their records were kept",
          ExitCode.INCOMPLETE);
    }
    ShardRecord first = collected.getFirst();
    Manifest manifest = first.manifest().orElseThrow();
    for (ShardRecord shard : collected) {
      Manifest other = shard.manifest().orElseThrow();
      if (!other.tests().equals(manifest.tests())) {
        List<String> differences = manifest.differences(other);
        if (!differences.isEmpty()) {
          throw different(
              "shards %d and %d collected different tests"
                  .formatted(first.number(), shard.number()),
              String.join("\n", differences));
        }
      }
    }
    return manifest;
  }

  private static UserError different(String what, String why) {
    return new UserError(what, why, HINT, ExitCode.INCOMPLETE);
  }

  private List<TestResult> results(Manifest manifest) {
    Map<String, Integer> owners = manifest.shards(plan);
    var results = new LinkedHashMap<String, TestResult>();
    var lacking = new TreeMap<Integer, Integer>();
    for (Manifest.Entry test : manifest.tests().values()) {
      int owner = owners.getOrDefault(test.id(), 0);
      ShardRecord shard = shards.get(owner);
      TestResult result = shard == null ? null : shard.results().get(test.id());
      if (shard == null || result == null) {
        lacking.merge(owner, 1, Integer::sum);
        results.put(
            test.id(), TestResult.notRun(test.id(), test.path(), test.group(), reason(owner)));
      } else {
        results.put(test.id(), from(shard, result));
      }
    }
    lacking.forEach((owner, count) ->
        missing.add("%s: %d tests have no result".formatted(reason(owner), count)));
    for (int i = 0; i < plan.size(); i++) {
      ShardRecord shard = shards.get(i);
      boolean ended = shard != null && shard.summary().isPresent();
      if (!ended && !lacking.containsKey(i)) {
        missing.add(reason(i));
      }
    }
    shards.values().forEach(shard -> addUncollected(shard, manifest, results));
    return List.copyOf(results.values());
  }

  /// Files that could not be collected, and tests that each shard runs: a red result counts.
  private static void addUncollected(
      ShardRecord shard, Manifest manifest, Map<String, TestResult> results) {
    shard.results().values().stream()
        .filter(result -> !manifest.tests().containsKey(result.id()))
        .forEach(result ->
            results.merge(
                result.id(),
                from(shard, result),
                (known, other) -> gravity(other) > gravity(known) ? other : known));
  }

  private static int gravity(TestResult result) {
    return result.outcome().isRed() ? 2 : result.outcome() == Outcome.NOT_RUN ? 1 : 0;
  }

  private String reason(int index) {
    ShardRecord shard = shards.get(index);
    String name = "shard %d/%d".formatted(index + 1, plan.size());
    if (shard == null) {
      return name + " left no record";
    }
    return shard.summary().isPresent() ? name + " lost it" : name + " did not come to its end";
  }

  /// The result with its machine; workers of different shards have the same names.
  private static TestResult from(ShardRecord shard, TestResult result) {
    TestResult there = result.under(result.conditions().on(shard.machine()));
    return result.worker().isEmpty()
        ? there
        : there.by("shard" + shard.number() + "/" + result.worker());
  }

  private RunSummary summary(List<TestResult> results, String command) {
    ShardRecord first = shards.values().iterator().next();
    return new MachineRuns(
            first.machine(),
            shards.values().stream().map(ShardRecord::start).min(Instant::compareTo).orElseThrow(),
            shards.values().stream().flatMap(s -> s.summary().stream()).toList())
        .together(name, command, results, !missing.isEmpty());
  }
}
