package dev.plimsoll.cli.stages;

import dev.plimsoll.config.Config;
import dev.plimsoll.engine.Division;
import dev.plimsoll.engine.pytest.ChosenPython;
import dev.plimsoll.files.UserFolder;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.history.OwnFolder;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.process.MachineLock;
import dev.plimsoll.process.ProcessTable;
import dev.plimsoll.process.SteadyClock;
import dev.plimsoll.run.PytestLauncher;
import dev.plimsoll.run.PytestStage;
import dev.plimsoll.run.chain.StageGuards;
import dev.plimsoll.run.chain.StageRunners;
import dev.plimsoll.run.chain.StageSession;
import dev.plimsoll.run.plan.MemoryRules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The surroundings of stages that this process runs.
public final class ChainSetting {
  private ChainSetting() {}

  /// The surroundings of the stages of a project.
  ///
  /// @param environment variables for the plugin in stages of pytest
  public static StageSession.Setting of(
      Config config,
      Supplier<ChosenPython> python,
      HistoryStore store,
      Map<String, String> environment,
      Consumer<String> warn)
      throws IOException {
    return of(config, python, store, environment, Optional.empty(), warn);
  }

  /// The same for a shard.
  ///
  /// @param division which tests of a Playwright stage run here
  static StageSession.Setting of(
      Config config,
      Supplier<ChosenPython> python,
      HistoryStore store,
      Map<String, String> environment,
      Optional<Division> division,
      Consumer<String> warn)
      throws IOException {
    String run =
        "stages-"
            + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX)
            + "-"
            + ProcessHandle.current().pid();
    var launcher = new PytestLauncher(SteadyClock.source(), warn);
    return new StageSession.Setting(
        run,
        config,
        outputs(config.root()).resolve(run),
        new MachineLock(UserFolder.runtime(System.getenv())),
        System.getenv(),
        guards(config),
        new StageRunners(
            args -> new PytestStage(config, python.get(), store, launcher, args, environment),
            division));
  }

  private static StageGuards guards(Config config) {
    var table = new ProcessTable(Path.of("/proc"));
    ProcessKey self = table.self();
    var rules = new MemoryRules(config);
    return new StageGuards(
        rules.rule(), rules.reserve(), rules.containment(self, table::isAlive), self);
  }

  /// `.plimsoll/output`, which git does not see.
  private static Path outputs(Path root) throws IOException {
    return OwnFolder.make(root.resolve(HistoryStore.FOLDER)).resolve("output");
  }
}
