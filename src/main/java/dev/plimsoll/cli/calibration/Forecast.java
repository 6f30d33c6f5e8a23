package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.Outlook;
import dev.plimsoll.calibrate.RampState;
import dev.plimsoll.calibrate.SuiteProof;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a calibration of one or more suites still costs, told before it starts and with each run.
final class Forecast {
  private final Map<String, RampState> states;
  private final Map<String, Duration> serial;
  private int passed;

  /// @param states what is known of each suite
  /// @param serial how long the tests of a suite take one after another, as far as it is known
  Forecast(Map<String, RampState> states, Map<String, Duration> serial) {
    this.states = new LinkedHashMap<>(states);
    this.serial = Map.copyOf(serial);
  }

  /// For a suite that no recorded run tells of.
  static Forecast of(String suite, RampState state) {
    return new Forecast(Map.of(suite, state), Map.of());
  }

  /// More is known of a suite.
  void learn(String suite, RampState state) {
    states.put(suite, state);
  }

  /// A group without tests costs nothing.
  void drop(String suite) {
    states.remove(suite);
  }

  /// The groups ran together.
  void learn(SuiteProof proof) {
    states.putAll(proof.groups());
    passed = proof.passed();
  }

  /// How many runs are left, and how long they take; without a time when a suite has not run yet.
  String left() {
    List<Outlook> ramps =
        states.entrySet().stream()
            .map(suite ->
                Outlook.of(suite.getValue(), serial.getOrDefault(suite.getKey(), Duration.ZERO)))
            .toList();
    int together = states.size() == 1 ? 0 : needed() - passed;
    Outlook last = Outlook.together(ramps, together);
    int runs = last.runs() + ramps.stream().mapToInt(Outlook::runs).sum();
    boolean known = ramps.stream().noneMatch(ramp -> ramp.last().isZero());
    Duration time = ramps.stream().map(Outlook::time).reduce(last.time(), Duration::plus);
    return CalibrationText.left(runs, known ? Optional.of(time) : Optional.empty());
  }

  private int needed() {
    return states.values().stream().mapToInt(state -> state.plan().runs()).findFirst().orElse(0);
  }
}
