package dev.plimsoll.run.plan;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.Entry;
import dev.plimsoll.config.schema.GroupKeys;
import dev.plimsoll.config.schema.Key;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.Origin;
import dev.plimsoll.config.schema.Setting;
import dev.plimsoll.config.schema.StageKeys;
import dev.plimsoll.config.schema.Workers;
import dev.plimsoll.estimate.GroupTimes;
import dev.plimsoll.model.Machine;
import dev.plimsoll.schedule.Waiting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Decides how many workers a group or a stage gets on this machine.
///
/// A number of the group's own counts first; `auto` is what calibration chose on this machine, else
/// the general `workers`, else a safe start: one worker for the heavy group, two for others, and
/// more where history shows that the tests of a group wait ({@link Waiting}). Two things put what
/// was measured here before the group's own number: a `measured-on` beside it that names another
/// machine, and a general `workers` that says `auto` in so many words. What was measured on another
/// machine is never taken for `auto`; a warning tells of it.
public final class WorkerRule {
  private static final int SAFE_START = 2;
  private static final String SAFE = "safe start";

  private final Config config;
  private final Machine machine;
  private final List<Choice> choices;
  private final Supplier<Map<String, GroupTimes>> times;
  private @Nullable Map<String, GroupTimes> known;

  /// What calibration chose for a group or a stage.
  public record Choice(String suite, MeasuredWorkers workers) {}

  /// A rule for this machine.
  ///
  /// @param choices of all machines, the newest last
  /// @param times what the tests of each group took on such a machine, by the group's name; asked
  ///   for once at most, and only when nothing else gives a number
  public WorkerRule(
      Config config,
      Machine machine,
      List<Choice> choices,
      Supplier<Map<String, GroupTimes>> times) {
    this.times = times;
    this.config = config;
    this.machine = machine;
    this.choices = List.copyOf(choices);
  }

  /// The workers of a group.
  ///
  /// @param named whether the user asked for this group by name: then a number of the command line
  ///   is taken as it is
  public WorkerCount group(Entry entry, boolean named) {
    boolean heavy =
        entry.equals(config.groups().getFirst()) && !entry.equals(config.groups().getLast());
    Setting<Workers> general = config.values().setting(Keys.WORKERS);
    Optional<WorkerCount> own = own(entry, GroupKeys.WORKERS, GroupKeys.MEASURED_ON);
    if (!(general.value() instanceof Workers.Count(int most))) {
      return own.orElseGet(() -> heavy ? fallback(entry, 1, SAFE) : start(entry));
    }
    String source = general.origin().text();
    boolean exact = (named && general.origin().isAskedFor()) || (own.isEmpty() && !heavy);
    if (exact) {
      return own.isPresent() ? new WorkerCount(most, source) : fallback(entry, most, source);
    }
    WorkerCount count = own.orElseGet(() -> fallback(entry, 1, SAFE));
    boolean fewer = general.origin().isAskedFor() && count.value() < most && own.isPresent();
    return fewer
        ? count.below(source)
        : count.value() <= most ? count : new WorkerCount(most, source);
  }

  /// The workers of a stage: `--workers` is for stages that leave the number open, the general
  /// number is the most for all.
  public WorkerCount stage(String name) {
    Entry entry =
        config.entries(StageKeys.SECTION).stream()
            .filter(stage -> stage.name().equals(name))
            .findFirst()
            .orElseThrow();
    Setting<Workers> general = config.values().setting(Keys.WORKERS);
    Optional<WorkerCount> own = own(entry, StageKeys.WORKERS, StageKeys.MEASURED_ON);
    if (!(general.value() instanceof Workers.Count(int most))) {
      return own.orElseGet(() -> fallback(entry, SAFE_START, SAFE));
    }
    String source = general.origin().text();
    boolean open = entry.get(StageKeys.WORKERS) instanceof Workers.Auto;
    if (open && general.origin().isAskedFor()) {
      return new WorkerCount(most, source);
    }
    WorkerCount count = own.orElseGet(() -> fallback(entry, most, source));
    return count.value() <= most ? count : new WorkerCount(most, source);
  }

  private Optional<WorkerCount> own(Entry entry, Key<Workers> key, Key<String> origin) {
    Optional<WorkerCount> here =
        choices.stream()
            .filter(choice -> choice.suite().equals(entry.name()) && isHere(choice))
            .map(choice -> choice.workers().here())
            .reduce((_, newer) -> newer);
    Setting<Workers> setting = entry.values().setting(key);
    if (!(setting.value() instanceof Workers.Count(int count))) {
      return here;
    }
    String measuredOn = entry.get(origin);
    boolean elsewhere = !measuredOn.isEmpty() && !measuredOn.equals(machine.key());
    if (here.isPresent() && (elsewhere || saysAuto())) {
      return here;
    }
    String source = setting.origin().text();
    return Optional.of(
        elsewhere
            ? new WorkerCount(
                count, source + ", measured on " + measuredOn, foreign(entry, measuredOn))
            : new WorkerCount(count, source));
  }

  private boolean isHere(Choice choice) {
    return choice.workers().machine().key().equals(machine.key());
  }

  private boolean saysAuto() {
    return config.get(Keys.WORKERS) instanceof Workers.Auto
        && !(config.origin(Keys.WORKERS) instanceof Origin.Default);
  }

  private String foreign(Entry entry, String where) {
    return "the workers of `%s` were measured on %s, and this machine is %s; run `plimsoll calibrate %s` to measure here"
        .formatted(entry.name(), where, machine.key(), entry.name());
  }

  /// A safe start, or more workers where the tests of the group leave the cores idle.
  private WorkerCount start(Entry entry) {
    WorkerCount safe = fallback(entry, SAFE_START, SAFE);
    GroupTimes took = times().get(entry.name());
    if (took == null) {
      return safe;
    }
    int workers = Waiting.workers(SAFE_START, machine.cores(), took);
    return workers == SAFE_START
        ? safe
        : new WorkerCount(
            workers,
            "its tests wait %.0f %% of their time".formatted(100 * (1 - took.computing())),
            safe.below(),
            safe.warning(),
            machine.cores());
  }

  private Map<String, GroupTimes> times() {
    Map<String, GroupTimes> all = known;
    if (all == null) {
      all = times.get();
      known = all;
    }
    return all;
  }

  private WorkerCount fallback(Entry entry, int count, String source) {
    String warning =
        choices.stream()
            .filter(choice -> choice.suite().equals(entry.name()) && !isHere(choice))
            .map(choice -> choice.workers().machine().key())
            .reduce((_, newer) -> newer)
            .map(where -> foreign(entry, where))
            .orElse("");
    return new WorkerCount(count, source, warning);
  }
}
