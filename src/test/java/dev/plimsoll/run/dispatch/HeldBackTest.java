package dev.plimsoll.run.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Shortage;
import dev.plimsoll.report.ShortageText;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeldBackTest {
  private static final Optional<Shortage> NOTHING = Optional.empty();
  private static final Optional<Shortage> SWAPS = Optional.of(new Shortage.Swapping());
  private static final Optional<Shortage> FULL =
      Optional.of(new Shortage.RunBudget(Bytes.mib(1400), Bytes.mib(1500)));

  private final HeldBack heldBack = new HeldBack();

  private boolean isSaid(double seconds, Optional<Shortage> why) {
    return heldBack
        .note(why, Instant.EPOCH.plusMillis((long) (seconds * 1000)))
        .filter(text -> text.contains(ShortageText.of(why.orElseThrow())))
        .isPresent();
  }

  @Test
  void isSaidOnceItLasts() {
    assertThat(isSaid(0, NOTHING)).isFalse();
    assertThat(isSaid(1, SWAPS)).isFalse();
    assertThat(isSaid(2.9, FULL)).isFalse();
    assertThat(isSaid(3, SWAPS)).isTrue();
    assertThat(isSaid(3.1, SWAPS)).isFalse();
  }

  @Test
  void whatIsOverSoonIsNotSaid() {
    for (int second = 0; second < 100; second += 2) {
      assertThat(isSaid(second, FULL)).isFalse();
      assertThat(isSaid(second + 1.9, FULL)).isFalse();
      assertThat(isSaid(second + 1.95, NOTHING)).isFalse();
    }
  }

  @Test
  void isSaidAgainAfterAMinute() {
    isSaid(0, FULL);
    assertThat(isSaid(2, FULL)).isTrue();
    assertThat(isSaid(30, NOTHING)).isFalse();
    isSaid(40, FULL);
    assertThat(isSaid(61.9, FULL)).isFalse();
    assertThat(isSaid(62, FULL)).isTrue();
  }
}
