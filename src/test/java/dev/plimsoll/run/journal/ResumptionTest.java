package dev.plimsoll.run.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.verdict.LogTrace;
import org.junit.jupiter.api.Test;

class ResumptionTest {
  private static final long PID = 4711;

  private static LogTrace kill(long pid, String group) {
    return new LogTrace.OomKill(pid, "x", !group.isEmpty(), group, group, Bytes.ZERO, "line");
  }

  private static boolean concerns(LogTrace trace, boolean samePids) {
    return Resumption.concerns(trace, PID, samePids);
  }

  @Test
  void killsOfTheRunAndOfTheWholeMachineAreTold() {
    assertThat(concerns(kill(PID, "/docker/1"), true)).isTrue();
    assertThat(concerns(kill(99, "/a/plimsoll-4711-5/plimsoll-4711-5-gw0-1"), true)).isTrue();
    assertThat(concerns(kill(99, ""), true)).isTrue();
    assertThat(concerns(new LogTrace.DaemonKill("earlyoom", 99, "", "line"), true)).isTrue();
    assertThat(concerns(kill(99, "/docker/1"), false)).isTrue();
  }

  @Test
  void killsOfOthersThatReachedLimitsOfTheirOwnAreNot() {
    assertThat(concerns(kill(99, "/docker/1"), true)).isFalse();
    assertThat(concerns(kill(99, "/a/plimsoll-47110-5/plimsoll-47110-5-gw0-1"), true)).isFalse();
    assertThat(concerns(kill(99, "/a/plimsoll-8-5/plimsoll-8-5-probe"), false)).isFalse();
    assertThat(concerns(new LogTrace.Fault(PID, "x", "line"), true)).isFalse();
  }
}
