package dev.plimsoll.run.guard;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.engine.pytest.WorkerName;
import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.memory.OomScore;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.containment.Containment;
import dev.plimsoll.memory.containment.RunCgroup;
import dev.plimsoll.memory.containment.WorkerCgroup;
import dev.plimsoll.memory.kernellog.KernelLog;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.verdict.DeathClassifier;
import dev.plimsoll.verdict.DeathEvidence;
import dev.plimsoll.verdict.LogTrace;
import dev.plimsoll.verdict.LogView;
import dev.plimsoll.verdict.ProcessEnd;
import dev.plimsoll.verdict.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Puts each worker into a control group where the kernel allows it, and judges deaths by what that
/// group, the kernel's counters and its log say.
public final class SystemGuard implements Guard {
  private static final int SIGKILL = 9;

  /// How long the kernel's record of a kill may take to appear; it is written before the process
  /// ends.
  private static final Duration PATIENCE = Duration.ofMillis(200);

  /// Deaths this near to each other share one look at the kernel-wide counter.
  private static final Duration TOGETHER = Duration.ofSeconds(2);

  private final Containment containment;
  private final ProcessKey self;
  private final Predicate<ProcessKey> isAlive;
  private final Bytes limit;
  private final SystemMemory memory;
  private final InstantSource clock;
  private final Consumer<String> warning;
  private final Instant start;
  private final Map<Integer, WorkerOomKills> groups = new HashMap<>();
  private final ArrayDeque<Instant> kills = new ArrayDeque<>();
  private @Nullable RunCgroup group;
  private @Nullable KernelLog log;
  private int serial;

  /// @param limit the most one worker may hold
  /// @param memory receives the run's cgroup, and reports the machine's memory around a death
  public SystemGuard(
      Containment containment,
      ProcessKey self,
      Predicate<ProcessKey> isAlive,
      Bytes limit,
      SystemMemory memory,
      InstantSource clock,
      Consumer<String> warning) {
    this.containment = containment;
    this.self = self;
    this.isAlive = isAlive;
    this.limit = limit;
    this.memory = memory;
    this.clock = clock;
    this.warning = warning;
    this.start = clock.instant();
  }

  @Override
  public void host(long pid) {
    OomScore.raise(SystemRoot.system(), pid, OomScore.HOST);
    RunCgroup run = group;
    try {
      if (run != null) {
        run.adoptHost(pid);
        return;
      }
      containment
          .open(self, pid, isAlive)
          .ifPresent(opened -> {
            group = opened;
            opened.limitAll(memory.most());
            memory.watch(opened);
          });
    } catch (IOException e) {
      warn(pid, "the kernel does not enforce memory limits: " + FileTrouble.why(e));
    }
  }

  @Override
  public void worker(int number, long pid) {
    RunCgroup run = group;
    if (run == null) {
      return;
    }
    try {
      WorkerCgroup workerCgroup = run.workerCgroup(WorkerName.of(number) + "-" + serial++, limit);
      workerCgroup.add(pid);
      groups.put(number, new WorkerOomKills(workerCgroup, pid));
    } catch (IOException e) {
      warn(pid, "worker " + WorkerName.of(number) + " has no memory limit: " + FileTrouble.why(e));
    }
  }

  /// A process that has exited meanwhile needs no limit; its end is reported elsewhere.
  private void warn(long pid, String text) {
    if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
      warning.accept(text);
    }
  }

  @Override
  public Verdict judge(HostMessage.Gone gone, Victim victim) {
    Set<Long> children = memory.companyOf(gone.pid());
    boolean killed = gone.signal() == SIGKILL && victim.kill().isNone();
    WorkerOomKills contained = groups.get(victim.number());
    var evidence =
        new DeathEvidence(
            DeathEvidence.Kind.WORKER,
            "worker " + WorkerName.of(victim.number()),
            Set.of(gone.pid()),
            contained == null || contained.killsTogether() ? Set.of() : children,
            contained == null ? "" : contained.name(),
            ending(gone),
            victim.kill(),
            contained == null ? OptionalLong.empty() : contained.untold(),
            killed ? together() : 1,
            memory.aroundDeath(),
            victim.kill().isNone()
                ? logView(gone.pid(), killed ? PATIENCE : Duration.ZERO)
                : LogView.UNREADABLE,
            victim.test(),
            victim.size(),
            victim.growth());
    ended(victim.number());
    return DeathClassifier.examine(evidence);
  }

  @Override
  public Optional<Outlived> testEnds(int number, int test) {
    WorkerOomKills contained = groups.get(number);
    return contained == null ? Optional.empty() : contained.testEnds(memory, test);
  }

  @Override
  public Optional<Outlived> outlived(int number, int test) {
    WorkerOomKills contained = groups.get(number);
    return contained == null ? Optional.empty() : contained.look(memory, test);
  }

  private static ProcessEnd ending(HostMessage.Gone gone) {
    if (gone.signal() > 0) {
      return new ProcessEnd.Signal(gone.signal());
    }
    return gone.status() >= 0 ? new ProcessEnd.Exit(gone.status()) : new ProcessEnd.Unreported();
  }

  private int together() {
    Instant now = clock.instant();
    kills.add(now);
    kills.removeIf(at -> at.plus(TOGETHER).isBefore(now));
    return kills.size();
  }

  private LogView logView(long pid, Duration patience) {
    KernelLog opened = log;
    if (opened == null) {
      opened = KernelLog.open(SystemRoot.system());
      log = opened;
    }
    return opened.since(
        start, patience, trace -> trace instanceof LogTrace.OomKill kill && kill.pid() == pid);
  }

  @Override
  public Optional<Outlived> ended(int number) {
    WorkerOomKills contained = groups.remove(number);
    if (contained == null) {
      return Optional.empty();
    }
    try (contained) {
      return contained.rest();
    }
  }

  @Override
  public void close() {
    groups.values().forEach(contained -> contained.close());
    RunCgroup run = group;
    if (run != null) {
      run.close();
    }
    KernelLog opened = log;
    if (opened != null) {
      opened.close();
    }
  }
}
