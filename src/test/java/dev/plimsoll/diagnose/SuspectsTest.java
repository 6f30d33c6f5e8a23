package dev.plimsoll.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.TestResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuspectsTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final List<String> ALL = List.of("t::a", "t::b", "t::c", "t::d");

  private static TestResult ran(String id, String worker, int from, int seconds) {
    return new TestResult(
        id,
        "t",
        "light",
        Outcome.PASSED,
        worker,
        START.plusSeconds(from),
        Duration.ofSeconds(seconds),
        Bytes.ZERO,
        PeakSource.NONE,
        1,
        "",
        "",
        List.of());
  }

  @Test
  void whatWasItsCompanyWhenItFailedComesFirst() {
    var failed =
        List.of(
            ran("t::b", "gw0", 2, 1),
            ran("t::a", "gw0", 0, 1),
            ran("t::x", "gw0", 4, 2),
            ran("t::c", "gw1", 5, 2),
            ran("t::gone", "gw1", 4, 1),
            ran("t::d", "gw1", 7, 2));
    List<Pool> pools = Suspects.of("t::x", ALL, ALL, List.of("t::d", "t::other"), failed);
    assertThat(pools)
        .extracting(Pool::way)
        .containsExactly(Way.CONCURRENT, Way.CONCURRENT, Way.BEFORE, Way.BEFORE, Way.CONCURRENT);
    assertThat(pools)
        .extracting(Pool::tests)
        .containsExactly(List.of("t::d"), List.of("t::c"), List.of("t::a", "t::b"), ALL, ALL);
  }

  @Test
  void withoutRecordsEveryOtherTestIsSuspected() {
    assertThat(Suspects.of("t::x", ALL, List.of(), List.of(), List.of()))
        .containsExactly(new Pool(Way.BEFORE, ALL, "all other tests"));
  }
}
