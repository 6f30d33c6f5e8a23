package dev.plimsoll.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class HeldBackTest {
  private final HeldBack heldBack = new HeldBack();

  private boolean isSaid(double seconds, String why) {
    return heldBack
        .note(why, Instant.EPOCH.plusMillis((long) (seconds * 1000)))
        .filter(text -> text.contains("beside those that run: " + why + ";"))
        .isPresent();
  }

  @Test
  void isSaidOnceItLasts() {
    assertThat(isSaid(0, "")).isFalse();
    assertThat(isSaid(1, "the machine swaps")).isFalse();
    assertThat(isSaid(2.9, "the reserve is gone")).isFalse();
    assertThat(isSaid(3, "the machine swaps")).isTrue();
    assertThat(isSaid(3.1, "the machine swaps")).isFalse();
  }

  @Test
  void whatIsOverSoonIsNotSaid() {
    for (int second = 0; second < 100; second += 2) {
      assertThat(isSaid(second, "short")).isFalse();
      assertThat(isSaid(second + 1.9, "short")).isFalse();
      assertThat(isSaid(second + 1.95, "")).isFalse();
    }
  }

  @Test
  void isSaidAgainAfterAMinute() {
    isSaid(0, "short");
    assertThat(isSaid(2, "short")).isTrue();
    assertThat(isSaid(30, "")).isFalse();
    isSaid(40, "short");
    assertThat(isSaid(61.9, "short")).isFalse();
    assertThat(isSaid(62, "short")).isTrue();
  }
}
