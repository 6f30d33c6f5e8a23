package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.RampPlan;
import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.calibrate.choice.ChoicePolicy;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.GroupFolder;
import dev.plimsoll.config.schema.EngineName;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.estimate.GroupTimes;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.UserError;
import dev.plimsoll.report.Words;
import dev.plimsoll.run.plan.MeasuredWorkers;
import dev.plimsoll.run.plan.ThisMachine;
import dev.plimsoll.run.plan.WorkerRule;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The calibrations of a project that apply to this machine.
public final class Calibrations {
  private static final RampPlan READ =
      new RampPlan(RampPlan.LEVELS, 3, Amount.UNKNOWN, false, Duration.ZERO, ChoicePolicy.DEFAULT);

  private Calibrations() {}

  /// Those of this machine in the order of the groups; without any those of the machine measured
  /// last, with a warning.
  public static List<Calibration> usable(Config config, Consumer<String> warn) {
    var store = new CalibrationStore(config.root());
    Machine machine = ThisMachine.read();
    List<Calibration> own = store.all(machine, READ);
    if (!own.isEmpty()) {
      return ordered(preferred(own, config), config);
    }
    List<Calibration> all = store.everywhere(READ);
    Optional<Calibration> last = all.stream().max(Comparator.comparing(Calibration::at));
    if (last.isEmpty()) {
      return List.of();
    }
    Machine other = last.get().machine();
    warn.accept(
        "warning: no calibrations on this machine (%s); showing those of %s"
            .formatted(machine.key(), other.key()));
    List<Calibration> others = all.stream().filter(c -> c.machine().equals(other)).toList();
    return ordered(preferred(others, config), config);
  }

  /// The choices that were measured with pytest-xdist, on the machine that {@link #usable} takes.
  public static List<Calibration> withXdist(Config config) {
    Machine here = ThisMachine.read();
    List<Calibration> all = new CalibrationStore(config.root()).everywhere(READ);
    Optional<Machine> machine =
        all.stream().anyMatch(c -> c.machine().key().equals(here.key()))
            ? Optional.of(here)
            : all.stream().max(Comparator.comparing(Calibration::at)).map(Calibration::machine);
    return all.stream()
        .filter(c -> machine.isPresent() && c.machine().key().equals(machine.get().key()))
        .filter(c -> isXdist(c) && c.finished() && c.choice().found())
        .toList();
  }

  /// Where a suite was measured with several engines, what was measured with the configured one.
  private static List<Calibration> preferred(List<Calibration> all, Config config) {
    boolean xdist = config.get(Keys.ENGINE) == EngineName.XDIST;
    return all.stream()
        .filter(c ->
            isXdist(c) == xdist
                || all.stream()
                    .filter(other -> other.suite().equals(c.suite()))
                    .filter(other -> other.machine().equals(c.machine()))
                    .noneMatch(other -> isXdist(other) == xdist))
        .toList();
  }

  private static boolean isXdist(Calibration calibration) {
    return calibration.engine().equals("xdist");
  }

  /// The rule by which groups and stages of a project get their workers on this machine. A file
  /// that cannot be read is no reason not to run.
  public static WorkerRule rule(Config config, Consumer<String> warn) {
    Machine machine = ThisMachine.read();
    List<Calibration> found = found(config, warn);
    stale(found.stream().filter(c -> c.machine().key().equals(machine.key())).toList(), config)
        .ifPresent(warn);
    return new WorkerRule(
        config,
        machine,
        found.stream().map(Calibrations::choice).toList(),
        () -> groupTimes(config, machine, warn));
  }

  private static Map<String, GroupTimes> groupTimes(
      Config config, Machine machine, Consumer<String> warn) {
    try (var store = new HistoryStore(config.root(), InstantSource.system(), warn)) {
      return store.groupTimes(machine);
    } catch (UserError e) {
      warn.accept(e.what() + ": " + e.why());
      return Map.of();
    }
  }

  /// Which groups have changed so much since they were measured that they should be measured again.
  public static Optional<String> stale(List<Calibration> calibrations, Config config) {
    if (calibrations.isEmpty()) {
      return Optional.empty(); // most runs: their lists need not be read for this
    }
    GroupLists lists = new GroupFolder(config).read();
    var changed = new LinkedHashMap<String, String>();
    for (Calibration calibration : ordered(calibrations, config)) {
      int files = calibration.changed(lists.list(calibration.suite()));
      if (files > 0) {
        changed.put(
            calibration.suite(),
            "%s (%s, calibrated on %s)"
                .formatted(
                    calibration.suite(),
                    Words.count(files, "file"),
                    LocalDate.ofInstant(calibration.at(), ZoneOffset.UTC)));
      }
    }
    return changed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "group lists have changed since their calibration: %s; `plimsoll calibrate %s` measures again"
                .formatted(
                    String.join(", ", changed.values()), String.join(" ", changed.keySet())));
  }

  /// The calibrations that chose a number of workers on this and on other machines, the newest
  /// last.
  private static List<Calibration> found(Config config, Consumer<String> warn) {
    try {
      var found =
          new CalibrationStore(config.root())
              .everywhere(READ).stream().filter(c -> c.finished() && c.choice().found()).toList();
      return preferred(found, config).stream().sorted((a, b) -> a.at().compareTo(b.at())).toList();
    } catch (UserError e) {
      warn.accept(e.what() + " and ignored: " + e.why() + "; " + e.hint());
      return List.of();
    }
  }

  private static WorkerRule.Choice choice(Calibration c) {
    var on = LocalDate.ofInstant(c.at(), ZoneOffset.UTC);
    return new WorkerRule.Choice(
        c.suite(), new MeasuredWorkers(c.choice().workers(), c.machine(), on));
  }

  private static List<Calibration> ordered(List<Calibration> calibrations, Config config) {
    var groups = config.get(Keys.GROUPS_ORDER);
    var ordered = new ArrayList<>(calibrations);
    ordered.sort(
        Comparator.comparingInt(
                (Calibration c) -> {
                  int at = groups.indexOf(c.suite());
                  return at < 0 ? groups.size() : at;
                })
            .thenComparing(Calibration::suite));
    return ordered;
  }
}
