package dev.plimsoll.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.calibrate.choice.Choice;
import dev.plimsoll.calibrate.choice.ChoicePolicy;
import dev.plimsoll.calibrate.choice.MemoryUse;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static final Machine MACHINE = new Machine("m", 2, Bytes.gib(8), "vm");

  @Test
  void timesThatOthersDisturbedInEveryRunAreDoubted() {
    assertThat(of(trial(1, 10, 1.9), trial(1, 29, 2.0), trial(2, 9, 1.9)).doubt())
        .hasValueSatisfying(text -> assertThat(text).contains("1.9 of 2 cores", "97.4 %"));
    assertThat(of(trial(1, 10, 1.9), trial(2, 9, 1.9)).doubt())
        .as("no level ran twice")
        .isPresent();
  }

  @Test
  void oneQuietRunOrTimesThatAgreeAreNotDoubted() {
    assertThat(of(trial(1, 10, 1.9), trial(1, 29, 2.0), trial(2, 9, 0)).doubt()).isEmpty();
    assertThat(of(trial(1, 100, 1.9), trial(1, 104, 2.0), trial(2, 90, 1.9)).doubt()).isEmpty();
    assertThat(of().doubt()).isEmpty();
  }

  private static Trial trial(int workers, int seconds, double busy) {
    return new Trial(
        "",
        workers,
        Duration.ofSeconds(seconds),
        10,
        Map.of(),
        List.of(),
        MemoryUse.UNKNOWN,
        Background.of(busy, Bytes.ZERO, MACHINE.cores()),
        List.of());
  }

  private static Calibration of(Trial... trials) {
    var plan =
        new RampPlan(List.of(1, 2), 1, Amount.UNKNOWN, false, Duration.ZERO, ChoicePolicy.DEFAULT);
    return new Calibration(
        "light",
        "fork",
        "",
        MACHINE,
        Amount.UNKNOWN,
        Instant.EPOCH,
        "",
        List.of(),
        0,
        new RampState(plan, List.of(trials)),
        new Choice(1, "fastest", List.of(), List.of()),
        "all levels were tried");
  }
}
