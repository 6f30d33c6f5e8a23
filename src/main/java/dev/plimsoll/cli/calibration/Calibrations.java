package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.Amount;
import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.ChoicePolicy;
import dev.plimsoll.calibrate.RampPlan;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Keys;
import dev.plimsoll.model.Machine;
import dev.plimsoll.run.ThisMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// The calibrations of a project that count on this machine.
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
      return ordered(own, config);
    }
    List<Calibration> all = store.everywhere(READ);
    Optional<Calibration> last = all.stream().max(Comparator.comparing(Calibration::at));
    if (last.isEmpty()) {
      return List.of();
    }
    Machine other = last.get().machine();
    warn.accept(
        "warning: nothing was calibrated on this machine (%s); figures are those of %s"
            .formatted(machine.key(), other.key()));
    return ordered(all.stream().filter(c -> c.machine().equals(other)).toList(), config);
  }

  /// The workers chosen for a group on this machine; empty when it was not calibrated here.
  public static OptionalInt workers(Config config, String group, Consumer<String> warn) {
    return usable(config, warn).stream()
        .filter(c -> c.suite().equals(group) && c.choice().found())
        .mapToInt(c -> c.choice().workers())
        .findFirst();
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
