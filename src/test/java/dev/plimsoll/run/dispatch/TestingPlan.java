package dev.plimsoll.run.dispatch;

import dev.plimsoll.config.schema.TestOrder;
import dev.plimsoll.engine.pytest.ChosenPython;
import dev.plimsoll.engine.pytest.HostRequest;
import dev.plimsoll.estimate.Sample;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.run.plan.ByPath;
import dev.plimsoll.run.plan.RunPlan;
import dev.plimsoll.run.plan.WorkerCount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The plan of a scripted run: plain but for what a test changes.
final class TestingPlan {
  static final Bytes CAPACITY = Bytes.gib(8);

  final TestingRun.Suite suite;

  /// Earlier attempts, and outcomes of the run that this one goes on with, by node id.
  final Map<String, List<Sample>> samples = new HashMap<>();

  final Map<String, TestResult> earlier = new HashMap<>();

  /// The group of each session, empty for all of them.
  List<String> sessions = List.of("");

  /// Files whose names begin with `heavy` are of that group where the run has it; of no group are
  /// those that begin with `other`.
  List<String> groups = List.of("light");

  /// What speaks against the number of workers of each group.
  String warning = "";

  List<String> arguments = List.of();
  List<String> tried = List.of("python3");
  Isolation isolation;
  boolean oversize;

  TestingPlan(TestingRun.Suite suite) {
    this.suite = suite;
    this.isolation = suite.isolate() ? Isolation.TEST : Isolation.NONE;
  }

  RunPlan plan() {
    var python =
        new ChosenPython(Path.of("/usr/bin/python3"), "--python", tried, List.of("python3"));
    var parts = new ArrayList<RunPlan.Part>();
    sessions.forEach(group -> parts.add(new RunPlan.Part(group, request(python, group))));
    return new RunPlan(
        "r1",
        "run",
        suite.mode(),
        TestOrder.PATH,
        groups.stream().map(this::group).toList(),
        new ByName(groups),
        () -> samples,
        earlier,
        suite.workers(),
        CAPACITY,
        Optional.empty(),
        Bytes.mib(10),
        Bytes.gib(4),
        isolation,
        oversize,
        List.of(),
        suite.retry(),
        "no limits",
        new Machine("laptop", 2, Bytes.gib(16), "linux"),
        python,
        parts,
        Optional.empty(),
        false);
  }

  private HostRequest request(ChosenPython python, String group) {
    return new HostRequest(
        python,
        Path.of("/plugin"),
        Path.of("/project"),
        Path.of("/scratch").resolve(group),
        "r1",
        suite.engine(),
        arguments,
        Map.of(),
        UnaryOperator.identity());
  }

  private RunPlan.Group group(String name) {
    return new RunPlan.Group(
        name,
        new WorkerCount(suite.workers(), "--workers", warning),
        Bytes.mib(50),
        new ByPath<>(Optional.empty(), Map.of("heavy_declared*", Bytes.mib(300))),
        new ByPath<>(Optional.of(suite.limit()), List.of()));
  }

  /// Groups by what a file's name begins with.
  private record ByName(List<String> groups) implements RunPlan.GroupOf {
    @Override
    public boolean isUnlisted(String file) {
      return false;
    }

    @Override
    public int group(String file, Set<String> marks) {
      String name = inProject(file);
      return name.startsWith("other") ? -1 : groups.indexOf(isHeavy(name) ? "heavy" : "light");
    }

    private boolean isHeavy(String name) {
      return name.startsWith("heavy") && groups.contains("heavy");
    }

    @Override
    public Optional<String> stray(String file, Set<String> marks) {
      return marks.contains("heavy") && !isHeavy(inProject(file))
          ? Optional.of(inProject(file) + " (light, its markers: heavy)")
          : Optional.empty();
    }

    @Override
    public boolean runs(String group) {
      return true;
    }

    @Override
    public String inProject(String file) {
      return file.substring(file.lastIndexOf('/') + 1);
    }
  }
}
