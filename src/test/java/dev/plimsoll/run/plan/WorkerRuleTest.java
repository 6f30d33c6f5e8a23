package dev.plimsoll.run.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigLoader;
import dev.plimsoll.config.Overrides;
import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.estimate.GroupTimes;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerRuleTest {
  private static final Machine HERE = new Machine("here", 8, Bytes.gib(16), "bare");
  private static final Machine LIMITED = new Machine("here", 8, Bytes.gib(4), "container");
  private static final LocalDate DAY = LocalDate.of(2026, 11, 25);
  private static final String CALIBRATED = "calibrated on this machine on 2026-11-25";

  @TempDir private Path root;

  @Test
  void autoIsWhatWasChosenHereThenWhatIsConfiguredThenASafeStart() throws IOException {
    assertThat(group("", "light", choice("light", 6, HERE)))
        .isEqualTo(new WorkerCount(6, CALIBRATED));
    assertThat(group("workers = 3", "light")).isEqualTo(new WorkerCount(3, "plimsoll.toml:1"));
    assertThat(group("", "light")).isEqualTo(new WorkerCount(2, "safe start"));
    assertThat(group("", "heavy")).isEqualTo(new WorkerCount(1, "safe start"));
    assertThat(group("workers = 3", "heavy")).isEqualTo(new WorkerCount(1, "safe start"));
    assertThat(group("", "heavy", choice("heavy", 2, HERE)).value()).isEqualTo(2);
  }

  @Test
  void testsThatWaitGetMoreWorkersThanTheSafeStart() throws IOException {
    assertThat(startOf("light", times(90, 30, 2)).value()).isEqualTo(16);
    assertThat(startOf("light", times(90, 30, 2)).source())
        .isEqualTo("its tests wait 67 % of their time");
    assertThat(startOf("light", times(90, 30, 2)).cores()).isEqualTo(8);
    assertThat(startOf("light", times(90, 30, 20)).value())
        .as("the longest test takes 20 s: more workers than 5 do not finish sooner")
        .isEqualTo(5);
    assertThat(startOf("light", times(90, 80, 2))).isEqualTo(new WorkerCount(2, "safe start"));
    assertThat(startOf("light", times(0.3, 0.01, 0.01)).value()).as("not worth more").isEqualTo(2);
    assertThat(startOf("heavy", times(90, 30, 2))).isEqualTo(new WorkerCount(1, "safe start"));
    var chosen =
        new WorkerRule(
            config("", ""),
            HERE,
            List.of(choice("light", 3, HERE)),
            () -> {
              throw new AssertionError("a calibrated number needs no history");
            });
    assertThat(chosen.group(config("", "").group("light").orElseThrow(), false).value())
        .isEqualTo(3);
  }

  @Test
  void theHistoryIsAskedOnceForAllGroups() throws IOException {
    Config config = config("", "");
    var asked = new AtomicInteger();
    var rule =
        new WorkerRule(
            config,
            HERE,
            List.of(),
            () -> {
              asked.incrementAndGet();
              return Map.of("light", times(90, 30, 2));
            });
    for (String group : List.of("light", "long", "light")) {
      rule.group(config.group(group).orElseThrow(), false);
    }
    assertThat(asked).hasValue(1);
  }

  private WorkerCount startOf(String group, GroupTimes times) throws IOException {
    Config config = config("", "");
    return new WorkerRule(config, HERE, List.of(), () -> Map.of(group, times))
        .group(config.group(group).orElseThrow(), false);
  }

  private static GroupTimes times(double wall, double cpu, double longest) {
    return new GroupTimes(seconds(wall), seconds(cpu), seconds(longest));
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  @Test
  void theNewestChoiceCounts() throws IOException {
    assertThat(group("", "light", choice("light", 6, HERE), choice("light", 4, HERE)).value())
        .isEqualTo(4);
  }

  @Test
  void whatIsWrittenForAGroupCountsUnlessAutoIsWrittenOut() throws IOException {
    String own = "[groups.light]\nworkers = 3\n";
    assertThat(group(own, "light", choice("light", 6, HERE)))
        .isEqualTo(new WorkerCount(3, "plimsoll.toml:2"));
    assertThat(group("workers = 'auto'\n" + own, "light", choice("light", 6, HERE)))
        .isEqualTo(new WorkerCount(6, CALIBRATED));
    assertThat(group("workers = 'auto'\n" + own, "light"))
        .isEqualTo(new WorkerCount(3, "plimsoll.toml:3"));
  }

  @Test
  void theGeneralNumberIsTheMost() throws IOException {
    assertThat(group("workers = 4", "light", choice("light", 6, HERE)))
        .isEqualTo(new WorkerCount(4, "plimsoll.toml:1"));
    assertThat(group("workers = 4", "light", choice("light", 3, HERE)))
        .isEqualTo(new WorkerCount(3, CALIBRATED));
  }

  @Test
  void aFlagIsTakenAsItIsForAGroupThatIsNamed() throws IOException {
    Config config = config("[groups.light]\nworkers = 3\n", "5");
    var rule = new WorkerRule(config, HERE, List.of(choice("light", 6, HERE)), Map::of);
    assertThat(rule.group(config.group("light").orElseThrow(), true))
        .isEqualTo(new WorkerCount(5, "--workers"));
    assertThat(rule.group(config.group("light").orElseThrow(), false).value()).isEqualTo(3);
    assertThat(rule.group(config.group("heavy").orElseThrow(), true).value()).isEqualTo(5);
    Config auto = config("[groups.light]\nworkers = 3\n", "auto");
    assertThat(
            new WorkerRule(auto, HERE, List.of(choice("light", 6, HERE)), Map::of)
                .group(auto.group("light").orElseThrow(), true))
        .isEqualTo(new WorkerCount(6, CALIBRATED));
  }

  @Test
  void aMachineWithAnotherLimitIsAnotherMachine() throws IOException {
    WorkerCount count = group("", "light", choice("light", 6, LIMITED));
    assertThat(count.value()).isEqualTo(2);
    assertThat(count.source()).isEqualTo("safe start");
    assertThat(count.warning())
        .contains("measured on here/8c/4096m", "this machine is here/8c/16384m");
  }

  @Test
  void aNumberFromAnotherMachineIsUsedWithAWarning() throws IOException {
    String own = "[groups.light]\nworkers = 6\nmeasured-on = '%s'\n";
    WorkerCount foreign = group(own.formatted(LIMITED.key()), "light");
    assertThat(foreign.value()).isEqualTo(6);
    assertThat(foreign.source()).isEqualTo("plimsoll.toml:2, measured on here/8c/4096m");
    assertThat(foreign.warning()).contains("`plimsoll calibrate light` to measure here");
    assertThat(group(own.formatted(LIMITED.key()), "light", choice("light", 4, HERE)))
        .isEqualTo(new WorkerCount(4, CALIBRATED));
    assertThat(group(own.formatted(HERE.key()), "light", choice("light", 4, HERE)))
        .isEqualTo(new WorkerCount(6, "plimsoll.toml:2"));
  }

  @Test
  void stagesFollowTheSameRule() throws IOException {
    String stage = "[stages.web]\ncommand = 'true {workers}'\n";
    assertThat(stage(stage)).isEqualTo(new WorkerCount(2, "safe start"));
    assertThat(stage("workers = 3\n" + stage)).isEqualTo(new WorkerCount(3, "plimsoll.toml:1"));
    assertThat(stage(stage, choice("web", 4, HERE))).isEqualTo(new WorkerCount(4, CALIBRATED));
    assertThat(stage(stage + "workers = 5\n", choice("web", 4, HERE)))
        .isEqualTo(new WorkerCount(5, "plimsoll.toml:3"));
    assertThat(stage(stage + "workers = 5\nmeasured-on = 'x'\n").warning()).contains("on x");
  }

  private WorkerCount group(String toml, String name, WorkerRule.Choice... choices)
      throws IOException {
    Config config = config(toml, "");
    return new WorkerRule(config, HERE, List.of(choices), Map::of)
        .group(config.group(name).orElseThrow(), false);
  }

  private WorkerCount stage(String toml, WorkerRule.Choice... choices) throws IOException {
    return new WorkerRule(config(toml, ""), HERE, List.of(choices), Map::of).stage("web");
  }

  private Config config(String toml, String flag) throws IOException {
    Files.writeString(root.resolve("plimsoll.toml"), toml);
    Overrides overrides =
        flag.isEmpty() ? Overrides.NONE : Overrides.NONE.with(Keys.WORKERS, "--workers", flag);
    return new ConfigLoader(ConfigSchema.STANDARD).load(root, overrides);
  }

  private static WorkerRule.Choice choice(String suite, int workers, Machine machine) {
    return new WorkerRule.Choice(suite, new MeasuredWorkers(workers, machine, DAY));
  }
}
