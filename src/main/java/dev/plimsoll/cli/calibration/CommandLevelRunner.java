package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.LevelRunner;
import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.engine.command.CommandRunner;
import dev.plimsoll.memory.MemorySensor;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.kernellog.KernelLog;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Mode;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.process.Watchdog;
import dev.plimsoll.run.guard.SystemMemory;
import dev.plimsoll.schedule.budget.BudgetRule;
import dev.plimsoll.schedule.budget.Reserve;
import dev.plimsoll.verdict.LogTrace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Runs a command line with `{workers}` (and optionally `{suite}`) in a shell, and measures it.
///
/// Writes its output to a file for each run. Exit code 0 means that it passed.
final class CommandLevelRunner implements LevelRunner {
  private static final String SUITE = "{suite}";
  private static final long SAMPLE_MILLIS = 100;

  /// A line of the kernel's log may come a moment after the kill.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Map<Integer, String> SIGNALS =
      Map.of(6, "SIGABRT", 9, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

  private final String command;
  private final Path folder;
  private final Path logs;
  private final Machine machine;
  private final InstantSource clock;
  private final String mark;
  private final CancellationToken cancellation;
  private boolean shortage;

  /// @param folder working folder of the command
  /// @param logs directory for its output
  /// @param mark identifies the processes of this calibration for the watchdog
  /// @param cancellation ends the current run
  CommandLevelRunner(
      String command,
      Path folder,
      Path logs,
      Machine machine,
      InstantSource clock,
      String mark,
      CancellationToken cancellation) {
    this.command = command;
    this.folder = folder;
    this.logs = logs;
    this.machine = machine;
    this.clock = clock;
    this.mark = mark;
    this.cancellation = cancellation;
  }

  @Override
  public RunSummary run(String suite, int workers) {
    String id = UUID.randomUUID().toString();
    String line =
        command.replace(CommandRunner.WORKERS, Integer.toString(workers)).replace(SUITE, suite);
    var kills = oomKills();
    try (var memory =
            new SystemMemory(new BudgetRule.Auto(), Reserve.USUAL, Optional.empty(), clock);
        var log = KernelLog.open(SystemRoot.system())) {
      Bytes budget = memory.read(0, Map.of()).snapshot().budget();
      Bytes swap = memory.after().swapUsed();
      Instant start = clock.instant();
      long began = System.nanoTime();
      int status = execute(line, logs.resolve(suite + "-" + workers + ".log"), memory);
      if (cancellation.isPulled()) {
        throw GroupLevelRunner.interrupted();
      }
      var duration = Duration.ofNanos(System.nanoTime() - began);
      var peak = memory.peak();
      return new RunSummary(
          id,
          line,
          "command",
          Mode.PHASED.word(),
          Map.of(suite, workers),
          machine,
          start,
          duration,
          List.of(),
          peak.tree(),
          peak.source(),
          peak.machine(),
          budget,
          swap,
          memory.after(),
          evidence(status, kills, shortage, log, start),
          "",
          status);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw GroupLevelRunner.interrupted();
    }
  }

  private int execute(String line, Path log, SystemMemory memory)
      throws IOException, InterruptedException {
    Files.createDirectories(logs);
    var builder = new ProcessBuilder("sh", "-c", line).directory(folder.toFile());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().put(Watchdog.MARK, mark);
    Process process = builder.start();
    var _ = cancellation.onPull().thenRun(() -> kill(process));
    try {
      shortage = false;
      do {
        Bytes headroom = memory.read(process.pid(), Map.of()).headroom();
        shortage |= !headroom.isPositive();
      } while (!process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS));
      return process.exitValue();
    } finally {
      kill(process);
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /// The kernel counts kills on the whole machine. When the command passed and memory was never
  /// short, the killed process was an unrelated one in its own cgroup.
  private static List<String> evidence(
      int status, OptionalLong killsBefore, boolean wasShort, KernelLog log, Instant start) {
    var evidence = new ArrayList<String>();
    var now = oomKills();
    boolean ours = status != 0 || wasShort;
    if (ours
        && killsBefore.isPresent()
        && now.isPresent()
        && now.getAsLong() > killsBefore.getAsLong()) {
      evidence.add(
          "the kernel killed a process for lack of memory (oom_kill rose from %d to %d)"
              .formatted(killsBefore.getAsLong(), now.getAsLong()));
      log.since(start, PATIENCE, LogTrace.OomKill.class::isInstance).traces().stream()
          .map(LogTrace::line)
          .forEach(evidence::add);
    }
    String signal = SIGNALS.get(status - 128);
    if (signal != null) {
      evidence.add(
          "exit code %d (128 + %s, unless the program chose it)".formatted(status, signal));
    }
    return evidence;
  }

  private static OptionalLong oomKills() {
    try (var sensor = new MemorySensor(SystemRoot.system())) {
      return sensor.fresh().oomKills();
    }
  }
}
