package dev.plimsoll.run.plan;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.Entry;
import dev.plimsoll.config.EnvironmentVariables;
import dev.plimsoll.config.GroupFolder;
import dev.plimsoll.config.schema.EngineName;
import dev.plimsoll.config.schema.GroupKeys;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.MemoryShare;
import dev.plimsoll.config.schema.Workers;
import dev.plimsoll.engine.pytest.FileListing;
import dev.plimsoll.engine.pytest.HostRequest;
import dev.plimsoll.engine.pytest.PluginFolder;
import dev.plimsoll.estimate.Sample;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.inventory.Classifier;
import dev.plimsoll.inventory.GroupList;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.inventory.TestFile;
import dev.plimsoll.memory.containment.Containment;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Mode;
import dev.plimsoll.model.RetryRule;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.schedule.budget.Budget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Turn what the user asked for, the configuration and the history into the plan of a run.
public final class PlanMaker {
  /// Peaks expected of tests that were never measured, by group: the plan's heavy tests start
  /// browsers and load data, its light ones allocate next to nothing; other groups lie between.
  private static final Bytes HEAVY = Bytes.mib(512);

  private static final Bytes BETWEEN = Bytes.mib(128);
  private static final Bytes LIGHT = Bytes.mib(32);

  /// The memory of a forked worker before its first test, and that of a spawned worker (measured: 4
  /// to 50 MB, and the size of an interpreter with its imports).
  private static final Bytes FORKED = Bytes.mib(24);

  private static final Bytes SPAWNED = Bytes.mib(96);

  /// What any worker may gain and keep: module caches and session fixtures of usual suites.
  private static final Bytes LEAST_GROWTH = Bytes.mib(128);

  private final RunRequest request;
  private final Config config;
  private final GroupLists lists;
  private final Classifier rules;
  private final List<RunPlan.Group> groups;
  private @Nullable FileListing listing;

  public PlanMaker(RunRequest request) {
    this.request = request;
    this.config = request.config();
    var folder = new GroupFolder(config);
    this.lists = folder.readSettled();
    this.rules = folder.classifier();
    this.groups = config.groups().stream().map(this::group).toList();
  }

  /// The pytest sessions of the run. Mostly it is one, which collects what pytest collects, and its
  /// tests are chosen afterwards. A runner that schedules its own tests knows no groups and gets
  /// the files; as pytest-xdist knows one number of workers for a session, each group then gets one
  /// of its own, unless the user wants one pool.
  ///
  /// @throws IOException when the list of files cannot be written
  public List<RunPlan.Part> parts(RunBootstrap bootstrap) throws IOException {
    boolean apart = isXdist() && !isPacked();
    boolean chosen = apart || (schedulesItself() && !request.groups().isEmpty());
    if (!chosen || listing().files().isEmpty()) {
      return List.of(new RunPlan.Part("", host(bootstrap, wanted(), omitted(bootstrap))));
    }
    var parts = new ArrayList<RunPlan.Part>();
    for (String group : apart ? wanted() : List.<String>of()) {
      if (!files(List.of(group)).isEmpty()) {
        parts.add(choosing(bootstrap, group, List.of(group)));
      }
    }
    return parts.isEmpty() ? List.of(choosing(bootstrap, "", wanted())) : parts;
  }

  /// A session that runs the files of some groups.
  private RunPlan.Part choosing(RunBootstrap bootstrap, String name, List<String> groups)
      throws IOException {
    Path list = bootstrap.scratch().resolve(name + ".files");
    Files.writeString(list, String.join("\0", files(groups)));
    var variables = new HashMap<>(Map.of("_PLIMSOLL_FILES", list.toString()));
    List<String> others = config.groups().stream().map(Entry::name).collect(Collectors.toList());
    others.removeAll(groups);
    variables.putAll(omitting(bootstrap, name, files(others)));
    return new RunPlan.Part(name, host(bootstrap, groups, variables));
  }

  /// The files that the lists of groups keep out of this run: pytest need not import them. Files
  /// that are in no list may belong to it.
  private Map<String, String> omitted(RunBootstrap bootstrap) throws IOException {
    if (request.groups().isEmpty()) {
      return Map.of();
    }
    Path root = config.root().toRealPath();
    return omitting(
        bootstrap,
        "",
        lists.lists().stream()
            .flatMap(list -> list.entries().stream())
            .map(GroupList.Entry::path)
            .filter(path -> lists.groupOf(path).filter(wanted()::contains).isEmpty())
            .map(path -> root.resolve(path).normalize().toString())
            .distinct()
            .toList());
  }

  private static Map<String, String> omitting(
      RunBootstrap bootstrap, String name, List<String> others) throws IOException {
    if (others.isEmpty()) {
      return Map.of();
    }
    Path file = bootstrap.scratch().resolve(name + ".omitted");
    Files.writeString(file, String.join("\0", others));
    return Map.of("_PLIMSOLL_OMITTED", file.toString());
  }

  private HostRequest host(
      RunBootstrap bootstrap, List<String> groups, Map<String, String> variables) {
    var environment = new HashMap<>(request.environment());
    environment.putAll(variables);
    environment.put("_PLIMSOLL_WORKERS", Integer.toString(pool()));
    request.shard().ifPresent(shard -> environment.putAll(variables(shard, bootstrap.id())));
    request.board().ifPresent(_ -> environment.put("_PLIMSOLL_SHARD", "board"));
    if (request.shard().isPresent() || request.board().isPresent()) {
      environment.put(EnvironmentVariables.NODE, ThisMachine.node(bootstrap.id()));
    }
    if (config.get(Keys.ISOLATE) != Isolation.NONE) {
      environment.put("_PLIMSOLL_ISOLATES", "1");
    }
    environment.put(
        "_PLIMSOLL_CHOICES",
        config.root().resolve(HistoryStore.FOLDER).resolve("engine.json").toString());
    return new HostRequest(
        request.python(),
        bootstrap.plugin(),
        request.folder(),
        bootstrap.scratch(),
        bootstrap.id(),
        isForDebugger(arguments()) ? "serial" : engine(),
        isXdist() ? withWorkers(groups) : arguments(),
        environment,
        bootstrap.launcher());
  }

  /// A shard's coverage stands beside its record, unless the user wants it elsewhere.
  private static Map<String, String> variables(ShardChoice shard, String run) {
    String coverage = System.getenv().getOrDefault("COVERAGE_FILE", shard.file(run) + ".coverage");
    return Map.of("_PLIMSOLL_SHARD", shard.name(), "COVERAGE_FILE", coverage);
  }

  /// What this engine cannot do of what was asked for, in words.
  public List<String> warnings(List<RunPlan.Part> parts) {
    var warnings = new ArrayList<String>();
    if (isXdist() && config.groups().stream().anyMatch(this::hasLimit)) {
      warnings.add(
          "time limits have no effect: pytest-xdist runs the tests. `--engine fork` enforces"
              + " them, and so does the plugin pytest-timeout (`-- --timeout=60`)");
    }
    if (schedulesItself() && config.get(Keys.RETRIES) > 0) {
      warnings.add(
          "`--retries` has no effect: %s runs the tests. `--engine fork` repeats them, and so does the plugin pytest-rerunfailures (`-- --reruns=%d`)"
              .formatted(
                  isXdist() ? "pytest-xdist" : "a pytest with a debugger",
                  config.get(Keys.RETRIES)));
    }
    var narrow =
        config.groups().stream()
            .filter(entry -> wanted().contains(entry.name()))
            .filter(entry -> isOnePool() && request.workers().apply(entry).value() < most(wanted()))
            .map(Entry::name)
            .toList();
    if (!narrow.isEmpty()) {
      warnings.add(
          "pytest-xdist has one pool of %d workers, and tests of %s use all of them. `--mode phased` or `--engine fork` uses the number of each group"
              .formatted(most(wanted()), String.join(" and ", narrow)));
    }
    arguments().stream()
        .filter(argument -> argument.matches("--junit-?xml(=.*)?") && parts.size() > 1)
        .forEach(argument ->
            warnings.add(
                "`%s` will contain only the tests of %s: each group has its own pytest-xdist session, and the last one overwrites the file. `--junit FILE` before the `--` contains all tests"
                    .formatted(argument, parts.getLast().group())));
    return warnings;
  }

  private boolean hasLimit(Entry entry) {
    return config.timeout(entry).isPresent() || !entry.get(GroupKeys.TIMEOUT_BY_PATH).isEmpty();
  }

  private boolean isXdist() {
    return config.get(Keys.ENGINE) == EngineName.XDIST;
  }

  private boolean isPacked() {
    return config.get(Keys.MODE) == Mode.PACKED;
  }

  /// Whether all groups share the workers that pytest-xdist starts.
  private boolean isOnePool() {
    return isXdist() && isPacked();
  }

  private boolean schedulesItself() {
    return isXdist() || isForDebugger(arguments());
  }

  private List<String> wanted() {
    return config.groups().stream()
        .map(Entry::name)
        .filter(name -> request.groups().isEmpty() || request.groups().contains(name))
        .toList();
  }

  private static boolean isForDebugger(List<String> arguments) {
    return arguments.stream()
        .anyMatch(argument -> argument.equals("--pdb") || argument.equals("--trace"));
  }

  private String engine() {
    return config.get(Keys.ENGINE).name().toLowerCase(Locale.ROOT);
  }

  /// The plan.
  ///
  /// @param id the run's id
  /// @param parts its sessions
  /// @param samples earlier attempts by node id
  /// @param earlier outcomes of the run that this one resumes, by node id
  public RunPlan plan(
      String id,
      List<RunPlan.Part> parts,
      Supplier<Map<String, List<Sample>>> samples,
      Map<String, TestResult> earlier,
      Budget budget,
      Machine machine,
      Containment containment) {
    var names = groups.stream().map(RunPlan.Group::name).toList();
    var map =
        new GroupMap(config.root(), lists, rules, names, Set.copyOf(request.groups()), marks());
    int workers = pool();
    return new RunPlan(
        id,
        request.command(),
        config.get(Keys.MODE),
        config.get(Keys.ORDER),
        groups,
        map,
        samples,
        earlier,
        workers,
        budget.size(),
        config.get(Keys.MEMORY) instanceof MemoryShare.Size(Bytes asked)
            ? Optional.of(asked)
            : Optional.empty(),
        engine().equals("auto") || engine().equals("fork") ? FORKED : SPAWNED,
        workerGrowth(budget.size(), workers),
        config.get(Keys.ISOLATE),
        request.oversize(),
        request.sequence(),
        new RetryRule(config.get(Keys.RETRIES), config.get(Keys.FAIL_ON_FLAKY)),
        containment.method().words(),
        machine,
        request.python(),
        parts,
        request.shard(),
        request.board().isPresent());
  }

  /// The marks in each file, where its tests will not tell them.
  private Map<String, Set<String>> marks() {
    return isXdist()
        ? listing().files().stream().collect(Collectors.toMap(TestFile::path, TestFile::marks))
        : Map.of();
  }

  /// The workers of the run: as many as its largest group has. Where groups run beside each other
  /// it may be more, up to the general number of workers.
  private int pool() {
    int most = groups.stream().mapToInt(RunPlan.Group::workers).max().orElse(1);
    int all = groups.stream().mapToInt(RunPlan.Group::workers).sum();
    return isPacked() && config.get(Keys.WORKERS) instanceof Workers.Count(int asked)
        ? Math.max(most, Math.min(asked, all))
        : most;
  }

  private Bytes workerGrowth(Bytes budget, int workers) {
    return switch (config.get(Keys.WORKER_GROWTH)) {
      case MemoryShare.Auto() -> budget.times(0.25 / workers).max(LEAST_GROWTH);
      case MemoryShare.Size(Bytes size) -> size;
      case MemoryShare.Fraction(double part) -> budget.times(part);
    };
  }

  private List<String> withWorkers(List<String> names) {
    var all = new ArrayList<>(List.of("-n", Integer.toString(most(names))));
    all.addAll(arguments());
    return all;
  }

  private int most(List<String> names) {
    return config.groups().stream()
        .filter(entry -> names.contains(entry.name()))
        .mapToInt(entry -> request.workers().apply(entry).value())
        .max()
        .orElse(1);
  }

  /// The configured arguments and the user's.
  private List<String> arguments() {
    var arguments = new ArrayList<>(config.get(Keys.PYTEST_ARGS));
    arguments.addAll(request.arguments());
    return arguments;
  }

  /// The files of these groups that pytest would collect.
  private List<String> files(List<String> names) throws IOException {
    Path root = config.root().toRealPath();
    return listing().files().stream()
        .filter(file -> names.contains(lists.groupOf(file, rules)))
        .map(file -> root.resolve(file.path()).normalize().toString())
        .toList();
  }

  private FileListing listing() {
    FileListing known = listing;
    if (known == null) {
      known =
          FileListing.ask(
              request.python(),
              new PluginFolder(System.getenv()).unpack(),
              request.folder(),
              config.root(),
              arguments());
      listing = known;
    }
    return known;
  }

  private WorkerCount count(Entry entry) {
    WorkerCount own = request.workers().apply(entry);
    int most = most(wanted());
    return isOnePool() && own.value() != most
        ? new WorkerCount(most, "pytest-xdist has one pool")
        : own;
  }

  private RunPlan.Group group(Entry entry) {
    boolean first = entry.equals(config.groups().getFirst());
    boolean last = entry.equals(config.groups().getLast());
    Bytes prior = last ? LIGHT : first ? HEAVY : BETWEEN;
    return new RunPlan.Group(
        entry.name(),
        count(entry),
        prior,
        new ByPath<>(entry.get(GroupKeys.MEMORY), entry.get(GroupKeys.MEMORY_BY_PATH)),
        new ByPath<>(config.timeout(entry), entry.get(GroupKeys.TIMEOUT_BY_PATH)));
  }
}
