package dev.plimsoll.run.chain;

import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.memory.MemorySensor;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.MemorySample;
import dev.plimsoll.model.Mode;
import dev.plimsoll.model.RamAfter;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.process.SteadyClock;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.stages.StagePlan;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The machine before and after stages ran, and their summary within it.
///
/// @param command what was run, for people
/// @param budget what the run may take
/// @param before the machine's memory at the start
public record ChainFrame(
    String run, String command, Machine machine, Bytes budget, MemorySample before, Instant start) {
  /// What runs from now on.
  public static ChainFrame open(String run, String command, Machine machine, Bytes budget) {
    return new ChainFrame(run, command, machine, budget, sample(), SteadyClock.now());
  }

  /// The kind of runner of a stage.
  public static String engine(Stage stage) {
    return stage.work().engine();
  }

  /// The summary of what ended now.
  ///
  /// @param root kept files are named relative to it
  public RunSummary close(ChainResult chain, Path root) {
    return summary(chain).with(chain.parts(), kept(chain, root));
  }

  private static List<String> kept(ChainResult chain, Path root) {
    return chain.kept().stream()
        .map(file -> file.startsWith(root) ? root.relativize(file) : file)
        .map(Path::toString)
        .distinct()
        .toList();
  }

  private RunSummary summary(ChainResult chain) {
    MemorySample after = sample();
    return new RunSummary(
        run,
        command,
        engine(chain.stages().stream().map(StageResult::stage).toList()),
        Mode.PHASED.word(),
        workers(chain),
        machine,
        start,
        chain.duration(),
        chain.results(),
        chain.peak().size(),
        chain.peak().source(),
        chain.machinePeak(),
        budget,
        before.swapUsed(),
        new RamAfter(
            after.used(), after.free(), after.buffCache(), after.available(), after.swapUsed()),
        evidence(chain, after),
        interrupted(chain),
        chain.exitCode().code());
  }

  /// The kind of runner of all stages, `stages` when there are several.
  public static String engine(StagePlan plan) {
    return engine(plan.stages());
  }

  private static String engine(List<Stage> stages) {
    List<String> engines = stages.stream().map(ChainFrame::engine).distinct().toList();
    return engines.size() == 1 ? engines.getFirst() : "stages";
  }

  private static Map<String, Integer> workers(ChainResult chain) {
    var workers = new LinkedHashMap<String, Integer>();
    chain.stages().stream()
        .filter(stage -> stage.result().isPresent())
        .forEach(stage -> workers.put(stage.stage().name(), stage.workers()));
    return workers;
  }

  private static String interrupted(ChainResult chain) {
    return chain.stages().stream()
        .flatMap(stage -> stage.result().stream())
        .map(RunnerResult::halted)
        .filter(why -> !why.isEmpty())
        .findFirst()
        .orElse(chain.interrupted());
  }

  /// The kernel counts kills on the whole machine; in a run that passed the victim was a stranger.
  private List<String> evidence(ChainResult chain, MemorySample after) {
    var evidence = new ArrayList<String>();
    chain.stages().forEach(stage -> evidence.addAll(stage.evidence()));
    boolean failed = chain.exitCode() != ExitCode.OK && chain.interrupted().isEmpty();
    if (failed && before.oomKills().isPresent() && after.oomKills().isPresent()) {
      long rose = after.oomKills().getAsLong() - before.oomKills().getAsLong();
      if (rose > 0) {
        evidence.add("the kernel counts " + rose + " killed for lack of memory during the run");
      }
    }
    return evidence;
  }

  private static MemorySample sample() {
    try (var sensor = new MemorySensor(SystemRoot.system())) {
      return sensor.fresh();
    }
  }
}
