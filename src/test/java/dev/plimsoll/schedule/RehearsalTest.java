package dev.plimsoll.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RehearsalTest {
  @Test
  void aTestIsGivenUpInIt() {
    assertThat(Rehearsal.play()).hasAtLeastOneElementOfType(Decision.Preempt.class);
  }
}
