package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;

/// Waits for what another process does.
final class Waiting {
  private Waiting() {}

  interface Condition {
    boolean holds() throws IOException;
  }

  interface Words {
    String text() throws IOException;
  }

  /// Wait until it holds; it has failed when it does not within a minute.
  ///
  /// @param said what tells more then
  static void until(Condition condition, Words said) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as(said.text()).isLessThan(end);
      Thread.sleep(20);
    }
  }
}
