package dev.plimsoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.Golden;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Death;
import dev.plimsoll.model.Death.Next;
import dev.plimsoll.model.OtherRuns;
import dev.plimsoll.model.Shortage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag(Golden.TAG)
class DeathTextTest {
  private static final List<Shortage> SHORTAGES =
      List.of(
          new Shortage.RunBudget(Bytes.mib(1790), Bytes.mib(1500)),
          new Shortage.OtherRuns(
              Bytes.mib(900), Bytes.mib(2400), new OtherRuns(Bytes.gib(5), Bytes.gib(9))),
          new Shortage.MachineReserve(Bytes.mib(900), Bytes.mib(2400)),
          new Shortage.CgroupLimit("/docker/4f2a", Bytes.mib(8000), Bytes.gib(8)),
          new Shortage.Stall(62),
          new Shortage.Swapping());

  private static Death kernel(Next next) {
    return TestingRuns.death(
        next,
        Optional.empty(),
        "was killed by the kernel: out of memory",
        List.of("kernel log: a", "kernel log: b", "kernel log: c", "kernel log: d"),
        "run it alone");
  }

  @Test
  void eachCauseHasItsOwnSentenceAndHint() throws IOException {
    String text =
        SHORTAGES.stream()
            .map(met -> {
              String hint = ShortageText.hint(met);
              return Stream.of(Next.AGAIN, Next.REPORTED)
                  .map(next -> TestingRuns.death(next, Optional.of(met), "", List.of(), hint))
                  .map(death ->
                      death.next() == Next.REPORTED
                          ? DeathText.outcome(death)
                          : DeathText.of(death, Style.PLAIN))
                  .collect(Collectors.joining());
            })
            .collect(Collectors.joining("\n"));
    String kernel = DeathText.of(kernel(Next.ALONE), Style.PLAIN);
    Golden.check(
        "report/deaths.txt", text + "\n" + kernel + DeathText.outcome(kernel(Next.REPORTED)));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void aDeathIsAtMostSixLinesAndOneThatIsReportedIsToldWithItsTest(Next next) {
    String block = DeathText.of(kernel(next), Style.PLAIN);
    assertThat(block.lines().count()).isLessThanOrEqualTo(6);
    assertThat(block.isEmpty()).isEqualTo(next == Next.REPORTED);
    assertThat(DeathText.outcome(kernel(next)).lines().count()).isLessThanOrEqualTo(6);
  }
}
