package dev.plimsoll.run;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.EngineName;
import dev.plimsoll.config.Entry;
import dev.plimsoll.config.GroupFolder;
import dev.plimsoll.config.GroupKeys;
import dev.plimsoll.config.Isolation;
import dev.plimsoll.config.Keys;
import dev.plimsoll.config.MemoryShare;
import dev.plimsoll.config.Mode;
import dev.plimsoll.engine.pytest.FileListing;
import dev.plimsoll.engine.pytest.HostRequest;
import dev.plimsoll.engine.pytest.PluginFolder;
import dev.plimsoll.estimate.Sample;
import dev.plimsoll.inventory.Classifier;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.memory.Containment;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.schedule.Budget;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Turn what the user asked for, the configuration and the history into the plan of a run.
public final class PlanMaker {
  /// Peaks expected of tests that were never measured, by group: the plan's heavy tests start
  /// browsers and load data, its light ones allocate next to nothing; other groups lie between.
  private static final Bytes HEAVY = Bytes.mib(512);

  private static final Bytes BETWEEN = Bytes.mib(128);
  private static final Bytes LIGHT = Bytes.mib(32);

  /// What a forked worker takes before its first test, and what one that starts by itself does
  /// (measured: 4 to 50 MB, and the size of an interpreter with its imports).
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

  /// The pytest sessions of the run.
  List<HostRequest> hosts(Groundwork ground) {
    return sessions().stream()
        .map(arguments ->
            new HostRequest(
                request.python().executable(),
                ground.plugin(),
                request.folder(),
                ground.scratch(),
                ground.id(),
                isForDebugger(arguments) ? "serial" : engine(),
                arguments,
                request.environment(),
                ground.launcher()))
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
  /// @param hosts its sessions
  /// @param samples earlier attempts by node id
  /// @param earlier outcomes of the run that this one resumes, by node id
  RunPlan plan(
      String id,
      List<HostRequest> hosts,
      Supplier<Map<String, List<Sample>>> samples,
      Map<String, TestResult> earlier,
      Budget budget,
      Machine machine,
      Containment containment) {
    var names = groups.stream().map(RunPlan.Group::name).toList();
    var map = new GroupMap(config.root(), lists, rules, names, Set.copyOf(request.groups()));
    int workers = groups.stream().mapToInt(RunPlan.Group::workers).max().orElse(1);
    return new RunPlan(
        id,
        request.command(),
        config.get(Keys.MODE) == Mode.PACKED,
        config.get(Keys.ORDER),
        groups,
        map,
        samples,
        earlier,
        workers,
        budget.size(),
        engine().equals("fork") ? FORKED : SPAWNED,
        keep(budget.size(), workers),
        config.get(Keys.ISOLATE) != Isolation.NONE,
        config.get(Keys.ISOLATE) == Isolation.FILE,
        request.oversize(),
        containment.rung().words(),
        machine,
        hosts);
  }

  private Bytes keep(Bytes budget, int workers) {
    return switch (config.get(Keys.WORKER_GROWTH)) {
      case MemoryShare.Auto() -> budget.times(0.25 / workers).max(LEAST_GROWTH);
      case MemoryShare.Size(Bytes size) -> size;
      case MemoryShare.Fraction(double part) -> budget.times(part);
    };
  }

  /// The arguments of each pytest session. The runner of `xdist` knows one number of workers for a
  /// session, so each group gets one of its own, unless the user names paths or wants one pool.
  private List<List<String>> sessions() {
    if (config.get(Keys.ENGINE) != EngineName.XDIST) {
      return List.of(arguments());
    }
    if (request.hasPaths() || config.get(Keys.MODE) == Mode.PACKED) {
      int most = groups.stream().mapToInt(RunPlan.Group::workers).max().orElse(1);
      return List.of(withWorkers(arguments(), most));
    }
    var sessions = new ArrayList<List<String>>();
    for (RunPlan.Group group : groups) {
      List<String> files = filesOf(group.name());
      boolean wanted = request.groups().isEmpty() || request.groups().contains(group.name());
      if (wanted && !files.isEmpty()) {
        var arguments = new ArrayList<>(config.get(Keys.PYTEST_ARGS));
        arguments.addAll(request.arguments());
        arguments.addAll(files);
        sessions.add(withWorkers(arguments, group.workers()));
      }
    }
    return sessions.isEmpty() ? List.of(withWorkers(arguments(), 1)) : sessions;
  }

  private static List<String> withWorkers(List<String> arguments, int workers) {
    var all = new ArrayList<>(List.of("-n", Integer.toString(workers)));
    all.addAll(arguments);
    return all;
  }

  /// The configured arguments, the user's, and the files of the wanted groups when the user names
  /// no path.
  private List<String> arguments() {
    var arguments = new ArrayList<>(config.get(Keys.PYTEST_ARGS));
    arguments.addAll(request.arguments());
    if (!request.groups().isEmpty() && !request.hasPaths()) {
      arguments.addAll(filesOfWanted());
    }
    return arguments;
  }

  /// Files of the wanted groups' lists, so that only they are collected; none when a group has no
  /// list yet.
  private List<String> filesOfWanted() {
    var files = new ArrayList<String>();
    for (var list : lists.lists()) {
      if (request.groups().contains(list.group())) {
        if (list.entries().isEmpty()) {
          return List.of();
        }
        list.entries().stream()
            .map(entry -> config.root().resolve(entry.path()))
            .filter(Files::exists)
            .forEach(file -> files.add(request.folder().relativize(file).toString()));
      }
    }
    return files;
  }

  /// The files of one group, as pytest would collect them.
  private List<String> filesOf(String group) {
    return listing().files().stream()
        .filter(file -> lists.groupOf(file, rules).equals(group))
        .map(file -> request.folder().relativize(config.root().resolve(file.path())).toString())
        .sorted()
        .toList();
  }

  private FileListing listing() {
    FileListing known = listing;
    if (known == null) {
      known =
          FileListing.ask(
              request.python(),
              new PluginFolder(System.getenv()).unpack(),
              config.root(),
              config.get(Keys.PYTEST_ARGS));
      listing = known;
    }
    return known;
  }

  private RunPlan.Group group(Entry entry) {
    boolean first = entry.equals(config.groups().getFirst());
    boolean last = entry.equals(config.groups().getLast());
    Bytes prior = last ? LIGHT : first ? HEAVY : BETWEEN;
    return new RunPlan.Group(
        entry.name(),
        request.workers().apply(entry),
        prior,
        new ByPath<>(entry.get(GroupKeys.MEMORY), entry.get(GroupKeys.MEMORY_BY_PATH)),
        new ByPath<>(config.timeout(entry), entry.get(GroupKeys.TIMEOUT_BY_PATH)));
  }
}
