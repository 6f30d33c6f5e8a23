package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.estimate.Estimate;
import dev.plimsoll.estimate.Estimate.Basis;
import dev.plimsoll.estimate.Estimator;
import dev.plimsoll.estimate.Sample;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Conditions;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.run.plan.RunPlan;
import dev.plimsoll.schedule.Candidate;
import dev.plimsoll.schedule.Cohesion;
import dev.plimsoll.shard.Manifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// The collected tests of a run: as the host numbers them and as the scheduler does (only those
/// that are to run).
public final class Tests {
  /// Expected time of a test nothing is known of: the order of a unit test; measured times replace
  /// it at once.
  private static final Duration UNKNOWN_DURATION = Duration.ofMillis(50);

  /// Files that a note names.
  private static final int SHOWN = 3;

  private final RunPlan plan;
  private Map<String, List<Sample>> samples = Map.of();
  private String root = "";
  private final List<HostMessage.Item> items = new ArrayList<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private final List<HostMessage.Item> selected = new ArrayList<>();
  private final Map<Integer, Integer> byItem = new HashMap<>();
  private final Map<String, Set<String>> marks = new LinkedHashMap<>();
  private final List<TestResult> done = new ArrayList<>();
  private final List<HostMessage.Uncollected> uncollected = new ArrayList<>();
  private final UnlistedFiles unlisted = new UnlistedFiles();

  public Tests(RunPlan plan) {
    this.plan = plan;
  }

  /// Paths of items start in pytest's root folder.
  public void rootedIn(String folder) {
    root = folder;
  }

  public void add(List<HostMessage.Item> more) {
    items.addAll(more);
  }

  public void add(HostMessage.Uncollected file) {
    uncollected.add(file);
  }

  /// What could not be collected counts as a test, as in pytest. A file that skipped itself does so
  /// only in a run of its group.
  List<TestResult> uncollected() {
    return uncollected.stream()
        .filter(file ->
            file.outcome().isRed() || plan.groupOf().group(absolute(path(file)), Set.of()) >= 0)
        .map(file ->
            TestResult.uncollected(
                file.id(), path(file), file.outcome(), file.text(), file.reason()))
        .toList();
  }

  /// Says which listed files their markers would place elsewhere, where nobody has moved them: the
  /// lists come from the source, which does not show every marker, and a marker may come later.
  Optional<String> strays() {
    List<String> strays =
        marks.entrySet().stream()
            .flatMap(
                file -> plan.groupOf().stray(absolute(file.getKey()), file.getValue()).stream())
            .toList();
    return strays.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%d listed file%s a marker of another group: %s%s; `plimsoll groups explain FILE` shows details, and `plimsoll groups move FILE GROUP --reason TEXT` keeps the file in a group"
                .formatted(
                    strays.size(),
                    strays.size() == 1 ? " has" : "s have",
                    strays.stream().limit(SHOWN).collect(Collectors.joining(", ")),
                    strays.size() > SHOWN ? ", ..." : ""));
  }

  /// Says which files ran although no group list holds them.
  List<String> unlisted() {
    return unlisted.lines(plan.groups());
  }

  private String absolute(String path) {
    return path.startsWith("/") ? path : (root.equals("/") ? "" : root) + "/" + path;
  }

  private static String path(HostMessage.Uncollected file) {
    return file.id().split("::", 2)[0];
  }

  /// Group and estimate every collected test.
  ///
  /// @param deselected marks of tests that are not to run, by the path of their file
  /// @param cohesion what keeps tests together
  /// @return all tests that are to run somewhere; this run has those of its shard
  public Manifest close(Map<String, List<String>> deselected, Cohesion cohesion) {
    samples = plan.samples().get();
    deselected.forEach((path, names) -> marks.put(path, new HashSet<>(names)));
    items.forEach(
        item -> marks.computeIfAbsent(item.path(), p -> new HashSet<>()).addAll(item.marks()));
    var groups = new HashMap<String, Integer>();
    if (!plan.sequence().isEmpty()) {
      followSequence();
      return Manifest.EMPTY;
    }
    for (HostMessage.Item item : items) {
      groups.computeIfAbsent(
          item.path(),
          path -> plan.groupOf().group(absolute(path), marks.getOrDefault(path, Set.of())));
    }
    Manifest manifest = plan.sharesTests() ? manifest(groups, cohesion) : Manifest.EMPTY;
    var share = plan.shard().map(shard -> shard.tests(manifest));
    for (HostMessage.Item item : items) {
      int group = groups.getOrDefault(item.path(), -1);
      boolean elsewhere = share.isPresent() && !share.get().contains(item.id());
      TestResult earlier = plan.earlier().get(item.id());
      if (earlier != null) {
        done.add(earlier);
      } else if (group >= 0 && !elsewhere) {
        byItem.put(item.index(), candidates.size());
        selected.add(item);
        candidates.add(
            new Candidate(
                item.path(),
                cohesion.unit(item.id(), item.path(), item.unit(), item.pool()),
                group,
                estimate(item, group)));
      }
    }
    selected.stream()
        .map(HostMessage.Item::path)
        .distinct()
        .forEach(
            path -> unlisted.add(plan.groupOf(), absolute(path), groups.getOrDefault(path, -1)));
    return manifest;
  }

  private Manifest manifest(Map<String, Integer> groups, Cohesion cohesion) {
    return Manifest.of(
        items.stream()
            .filter(item -> groups.getOrDefault(item.path(), -1) >= 0)
            .map(item -> entry(item, groups.getOrDefault(item.path(), 0), cohesion))
            .toList());
  }

  private Manifest.Entry entry(HostMessage.Item item, int group, Cohesion cohesion) {
    return new Manifest.Entry(
        item.id(),
        item.path(),
        plan.groups().get(group).name(),
        cohesion.unit(item.id(), item.path(), item.unit(), item.pool()),
        declared(item, group).orElse(Bytes.ZERO));
  }

  /// Only the tests of the recorded sequence run, as one unit: it stays on one worker, in order.
  private void followSequence() {
    Map<String, HostMessage.Item> byId = new HashMap<>();
    items.forEach(item -> byId.put(item.id(), item));
    var order = plan.sequence().stream().filter(byId::containsKey).map(byId::get).toList();
    int group =
        order.stream()
            .mapToInt(item ->
                plan.groupOf()
                    .group(absolute(item.path()), marks.getOrDefault(item.path(), Set.of())))
            .findFirst()
            .orElse(0);
    for (HostMessage.Item item : order) {
      byItem.put(item.index(), candidates.size());
      selected.add(item);
      Bytes prior = plan.groups().get(group).prior();
      candidates.add(
          new Candidate(
              item.path(), "replay", group, new Estimate(UNKNOWN_DURATION, prior, Basis.PRIOR)));
    }
  }

  /// Says which tests of the recorded sequence were not collected; empty when all were.
  Optional<String> missingFromSequence() {
    Set<String> collected = new HashSet<>();
    items.forEach(item -> collected.add(item.id()));
    var missing = plan.sequence().stream().filter(id -> !collected.contains(id)).toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%d of the %d tests of the recorded sequence no longer exist: %s%s"
                .formatted(
                    missing.size(),
                    plan.sequence().size(),
                    missing.stream().limit(SHOWN).collect(Collectors.joining(", ")),
                    missing.size() > SHOWN ? ", ..." : ""));
  }

  List<Candidate> candidates() {
    return candidates;
  }

  public int size() {
    return candidates.size();
  }

  int leftOut() {
    return items.size() - candidates.size() - done.size();
  }

  /// Outcomes that a run before this one has already.
  List<TestResult> done() {
    return done;
  }

  /// The test with the scheduler's number.
  public HostMessage.Item item(int test) {
    return selected.get(test);
  }

  /// The scheduler's number of the host's item, -1 when it is not to run.
  public int test(int item) {
    return byItem.getOrDefault(item, -1);
  }

  int groupIndex(int test) {
    return candidates.get(test).group();
  }

  public RunPlan.Group group(int test) {
    return plan.groups().get(candidates.get(test).group());
  }

  /// The conditions of a test of which nothing was measured.
  Conditions conditions(int test) {
    return conditions(test, Duration.ZERO, Duration.ZERO);
  }

  /// Where a test ran, and what it stays together with.
  Conditions conditions(int test, Duration waited, Duration cpu) {
    return new Conditions(candidates.get(test).unit(), plan.machine(), waited, cpu);
  }

  public Estimate estimate(int test) {
    return candidates.get(test).estimate();
  }

  /// Number of tests of each group that has any, in order.
  Map<String, Integer> perGroup() {
    var counts = new LinkedHashMap<String, Integer>();
    for (int group = 0; group < plan.groups().size(); group++) {
      int index = group;
      int count = (int) candidates.stream().filter(candidate -> candidate.group() == index).count();
      if (count > 0) {
        counts.put(plan.groups().get(group).name(), count);
      }
    }
    return counts;
  }

  /// Expected seconds of the whole run when history knows nine tests of ten, else negative.
  double expectedSeconds() {
    long known = selected.stream().filter(item -> samples.containsKey(item.id())).count();
    if (known * 10 < size() * 9L) {
      return -1;
    }
    double[] perGroup = new double[plan.groups().size()];
    double[] longest = new double[plan.groups().size()];
    for (Candidate candidate : candidates) {
      double expected = candidate.estimate().duration().toNanos() / 1e9;
      perGroup[candidate.group()] += expected;
      longest[candidate.group()] = Math.max(longest[candidate.group()], expected);
    }
    double seconds = 0;
    for (int group = 0; group < perGroup.length; group++) {
      int workers = Math.min(plan.workers(), plan.groups().get(group).workers());
      seconds += Math.max(longest[group], perGroup[group] / workers);
    }
    return seconds;
  }

  /// Tests whose recorded or declared peak exceeds the largest possible budget, in words.
  List<String> oversize() {
    if (plan.oversize()) {
      return List.of();
    }
    var texts = new ArrayList<String>();
    for (int test = 0; test < size(); test++) {
      Estimate estimate = estimate(test);
      if (exceedsCapacity(test)) {
        String what = estimate.basis() == Basis.DECLARED ? "declared" : "recorded";
        texts.add(item(test).id() + ": its " + what + " peak is " + known(test, estimate));
      }
    }
    return texts;
  }

  /// A peak of which only a part was seen is no reason to refuse a run: the test gets its attempt.
  private static boolean isMeasured(Estimate estimate) {
    return switch (estimate.basis()) {
      case PRIOR, TOO_LARGE -> false;
      case RECORDED, DECLARED -> true;
    };
  }

  /// Says since when a test is known to be too large, and so gets one attempt, alone; empty for one
  /// that is not.
  Optional<String> tooLarge(int test) {
    if (estimate(test).basis() != Basis.TOO_LARGE) {
      return Optional.empty();
    }
    long runs =
        samples.getOrDefault(item(test).id(), List.of()).stream()
            .takeWhile(Sample::isTooLarge)
            .count();
    String since = runs == 1 ? "the run before" : "each of the " + runs + " runs before";
    return Optional.of(
        "Plimsoll killed it alone in "
            + since
            + ", so it gets one attempt, with nothing beside it");
  }

  /// Says that nothing can run beside a test because it needs more than the budget, which the user
  /// allows; empty for one that fits.
  Optional<String> fillsTheBudget(int test) {
    return exceedsCapacity(test)
        ? Optional.of(
            "its peak, %s, exceeds the budget, so it ran with nothing beside it"
                .formatted(known(test, estimate(test))))
        : Optional.empty();
  }

  private boolean exceedsCapacity(int test) {
    Estimate estimate = estimate(test);
    return isMeasured(estimate) && known(test, estimate).compareTo(plan.capacity()) > 0;
  }

  /// The peak without the margin of the estimate: what was declared, or the largest that was seen.
  private Bytes known(int test, Estimate estimate) {
    return estimate.basis() == Basis.DECLARED
        ? estimate.peak()
        : samples.getOrDefault(item(test).id(), List.of()).stream()
            .filter(sample -> !sample.isCensored())
            .map(Sample::peak)
            .max(Bytes::compareTo)
            .orElse(Bytes.ZERO);
  }

  /// The time limit of a test: its mark's, else its group's.
  public Optional<Duration> timeout(int test) {
    String marked = item(test).declared().getOrDefault("timeout", "");
    if (marked.isEmpty()) {
      return limit(test);
    }
    try {
      return Optional.of(
          Duration.ofNanos((long) (Double.parseDouble(marked.replaceFirst("s$", "")) * 1e9)));
    } catch (NumberFormatException e) {
      return limit(test);
    }
  }

  private Optional<Duration> limit(int test) {
    return group(test).timeout().of(inProject(item(test)));
  }

  private String inProject(HostMessage.Item item) {
    return plan.groupOf().inProject(absolute(item.path()));
  }

  /// Declarations that are far from what was recorded, in words.
  List<String> farOffDeclarations() {
    var texts = new ArrayList<String>();
    for (int test = 0; test < size(); test++) {
      List<Sample> known = samples.getOrDefault(item(test).id(), List.of());
      Estimate estimate = estimate(test);
      if (estimate.basis() == Basis.DECLARED && Estimator.isFarOff(estimate.peak(), known)) {
        Bytes largest = known.stream().map(Sample::peak).max(Bytes::compareTo).orElse(Bytes.ZERO);
        texts.add(
            item(test).id()
                + " declares "
                + estimate.peak()
                + ", its largest recorded peak is "
                + largest);
      }
    }
    return texts;
  }

  private Estimate estimate(HostMessage.Item item, int index) {
    RunPlan.Group group = plan.groups().get(index);
    Estimate prior = new Estimate(UNKNOWN_DURATION, group.prior(), Basis.PRIOR);
    Estimate recorded = Estimator.estimate(samples.getOrDefault(item.id(), List.of()), prior);
    return declared(item, index).map(peak -> Estimator.declared(recorded, peak)).orElse(recorded);
  }

  /// The memory that a test's mark or its group declares.
  private Optional<Bytes> declared(HostMessage.Item item, int group) {
    OptionalLong marked = Bytes.parse(item.declared().getOrDefault("memory", ""));
    return marked.isPresent()
        ? Optional.of(Bytes.of(marked.getAsLong()))
        : plan.groups().get(group).declared().of(inProject(item));
  }
}
