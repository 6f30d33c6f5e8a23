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

class SuiteProofTest {
  private static final RampState STATE =
      new RampState(
          new RampPlan(List.of(1), 1, Amount.UNKNOWN, false, Duration.ZERO, ChoicePolicy.DEFAULT),
          List.of(
              new Trial(
                  "",
                  1,
                  Duration.ofSeconds(1),
                  10,
                  Map.of(),
                  List.of(),
                  MemoryUse.UNKNOWN,
                  Background.UNKNOWN,
                  List.of())));

  private static final Map<String, RampState> STATES = Map.of("long", STATE, "light", STATE);

  private static Calibration ended(int workers, int together, String code) {
    return new Calibration(
        "light",
        "fork",
        "",
        new Machine("m", 2, Bytes.gib(8), "vm"),
        Amount.UNKNOWN,
        Instant.EPOCH,
        code,
        List.of(),
        together,
        STATE,
        new Choice(workers, "fastest", List.of(), List.of()),
        "all levels were tried");
  }

  private static int passed(Calibration longs, Calibration lights, String code) {
    return SuiteProof.resume(STATES, Map.of("long", longs, "light", lights), code).passed();
  }

  @Test
  void whatPassedTogetherCountsForTheSameChoiceAndCode() {
    assertThat(passed(ended(1, 3, "c"), ended(1, 3, "c"), "c")).isEqualTo(3);
    assertThat(passed(ended(1, 3, "c"), ended(1, 2, "c"), "c")).isEqualTo(2);
  }

  @Test
  void itDoesNotForAnotherChoiceOrOtherCode() {
    assertThat(passed(ended(2, 3, "c"), ended(1, 3, "c"), "c")).isZero();
    assertThat(passed(ended(1, 3, "b"), ended(1, 3, "c"), "c")).isZero();
    assertThat(passed(ended(1, 3, ""), ended(1, 3, ""), "")).isZero();
    assertThat(SuiteProof.resume(STATES, Map.of(), "c").passed()).isZero();
  }
}
