package dev.plimsoll.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Ceiling;
import dev.plimsoll.model.MemorySample;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemorySensorTest {
  private static MemorySample sample(String system) {
    try (var sensor = new MemorySensor(Systems.of(system))) {
      return sensor.sample();
    }
  }

  private static List<String> missing(String system) {
    try (var sensor = new MemorySensor(Systems.of(system))) {
      return sensor.features().stream().filter(f -> !f.present()).map(Feature::name).toList();
    }
  }

  @Test
  void aLaptopTellsEverythingAndItsSliceIsACeiling() {
    MemorySample sample = sample("laptop-v2");
    assertThat(sample.total()).isEqualTo(Bytes.kib(16314836));
    assertThat(sample.available()).isEqualTo(Bytes.kib(9801232));
    assertThat(sample.swapUsed()).isEqualTo(Bytes.kib(210000));
    assertThat(sample.used()).isEqualTo(Bytes.kib(16314836 - 2101520 - 1180000));
    assertThat(sample.pagesIn()).isEqualTo(OptionalLong.of(5120));
    assertThat(sample.pagesOut()).isEqualTo(OptionalLong.of(52500));
    assertThat(sample.oomKills()).isEqualTo(OptionalLong.of(3));
    assertThat(sample.someStall()).isEqualTo(OptionalDouble.of(1.5));
    assertThat(sample.fullStall()).isEqualTo(OptionalDouble.of(0.75));
    assertThat(sample.ceilings())
        .containsExactly(
            new Ceiling("/user.slice/user-1000.slice", Bytes.gib(12), Bytes.gib(6), Bytes.gib(1)));
    assertThat(missing("laptop-v2")).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          docker-v2   | /                           | 2147483648  | 1258291200
          docker-v1   | /                           | 4026531840  | 3221225472
          hybrid      | /user.slice/user-1000.slice | 6442450944  | 3000000000
          wsl2-6.18   | /wsl-user                   | 16725782528 | 3221225472
          """)
  void theInnermostCeilingIsFound(String system, String group, long limit, long usage) {
    assertThat(sample(system).ceilings())
        .extracting(Ceiling::group, c -> c.limit().value(), c -> c.usage().value())
        .contains(org.assertj.core.api.Assertions.tuple(group, limit, usage));
  }

  @Test
  void hiddenAncestorsOfVersion1AreKnownByTheHierarchicalLimit() {
    assertThat(sample("docker-v1").ceilings())
        .singleElement()
        .satisfies(ceiling -> {
          assertThat(ceiling.limit()).isLessThan(Bytes.gib(4));
          assertThat(ceiling.headroom()).isEqualTo(Bytes.mib(768 + 1024));
        });
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          microvm-v1  |
          wsl2-4.19   | memory pressure (PSI)
          wsl2-5.15   | memory pressure (PSI)
          gvisor      | memory pressure (PSI),swap counters,kernel-wide OOM counter,memory cgroups
          nothing     | /proc/meminfo,memory pressure (PSI),swap counters,kernel-wide OOM counter,memory cgroups
          kernel-3.10 | memory pressure (PSI),kernel-wide OOM counter
          """)
  void whatIsMissingIsSaid(String system, String names) {
    List<String> expected = names == null ? List.of() : List.of(names.split(",", -1));
    assertThat(missing(system)).isEqualTo(expected);
  }

  @Test
  void unlimitedGroupsAreNoCeilings() {
    assertThat(sample("wsl2-4.19").ceilings()).isEmpty();
    assertThat(sample("wsl2-5.15").ceilings()).isEmpty();
    assertThat(sample("microvm-v1").ceilings()).isEmpty();
  }

  @Test
  void availableIsEstimatedWhereTheKernelDoesNotTell() {
    assertThat(sample("kernel-3.10").available()).isEqualTo(Bytes.kib(500000 + 800000 - 50000));
  }

  @Test
  void aSystemThatTellsNothingGivesZeroes() {
    MemorySample sample = sample("nothing");
    assertThat(sample.total()).isEqualTo(Bytes.ZERO);
    assertThat(sample.oomKills()).isEmpty();
    assertThat(sample.ceilings()).isEmpty();
  }

  @Test
  void thisMachineIsReadAgainAndAgain() {
    try (var sensor = new MemorySensor(SystemRoot.system())) {
      for (int i = 0; i < 20; i++) {
        assertThat(sensor.sample().total().isPositive()).isTrue();
      }
      assertThat(sensor.fresh().available()).isGreaterThan(Bytes.ZERO);
    }
  }
}
