package dev.plimsoll.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.config.Nearest;
import dev.plimsoll.model.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypesTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, 500",
    "30s, 30000",
    "1m30s, 90000",
    "1min 30s, 90000",
    "2h, 7200000",
    "0.5s, 500",
    "1h1m1s1ms, 3661001",
    "1.5m, 90000"
  })
  void durations(String text, long millis) {
    assertThat(Types.DURATION.read(text)).contains(Duration.ofMillis(millis));
    Object written = Types.DURATION.plain(Duration.ofMillis(millis));
    assertThat(Types.DURATION.read(written)).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "10", "ten", "5 parsecs", "-3s", "0s", "1s1h", "1e3s", "99999999h"})
  void noDurations(String text) {
    assertThat(Types.DURATION.read(text)).isEmpty();
  }

  @Test
  void bareNumbersAreSeconds() {
    assertThat(Types.DURATION.read(90L)).contains(Duration.ofSeconds(90));
    assertThat(Types.DURATION.read(0.5)).contains(Duration.ofMillis(500));
    assertThat(Types.DURATION.readText("90")).contains(Duration.ofSeconds(90));
    assertThat(Types.DURATION.read(true)).isEmpty();
    assertThat(Types.DURATION.read(Double.NaN)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8gigs", "", "g", "-1g", "8 g b", "lots", "120%", "0%", "1e9", "8"})
  void noMemory(String text) {
    assertThat(Types.MEMORY.readText(text)).isEmpty();
  }

  @Test
  void memory() {
    assertThat(Types.MEMORY.read("8g")).contains(new MemoryShare.Size(Bytes.gib(8)));
    assertThat(Types.MEMORY.read("60%")).contains(new MemoryShare.Fraction(0.6));
    assertThat(Types.MEMORY.read("auto")).contains(new MemoryShare.Auto());
    assertThat(Types.MEMORY.read(1L << 30)).contains(new MemoryShare.Size(Bytes.gib(1)));
    assertThat(Types.MEMORY.toml(new MemoryShare.Size(Bytes.mib(1536)))).isEqualTo("\"1536m\"");
    assertThat(Types.MEMORY.toml(new MemoryShare.Fraction(0.6))).isEqualTo("\"60%\"");
    assertThat(Types.MEMORY.toml(new MemoryShare.Fraction(0.125))).isEqualTo("\"12.5%\"");
  }

  @Test
  void aBareSmallNumberIsNoSize() {
    assertThat(Types.SIZE.read(8L)).isEmpty();
  }

  @Test
  void workers() {
    assertThat(Types.WORKERS.readText("4")).contains(new Workers.Count(4));
    assertThat(Types.WORKERS.readText("auto")).contains(new Workers.Auto());
    assertThat(Types.WORKERS.readText("0")).isEmpty();
    assertThat(Types.WORKERS.readText("-1")).isEmpty();
    assertThat(Types.WORKERS.readText("99999999999")).isEmpty();
    assertThat(Types.WORKERS.read("4")).as("a text in a file is a wrong type").isEmpty();
  }

  @Test
  void listsAndTables() {
    assertThat(Types.list(Types.COUNT).readText("1, 2,4")).contains(List.of(1, 2, 4));
    assertThat(Types.list(Types.COUNT).read(List.of(1L, "2"))).isEmpty();
    assertThat(Types.table(Types.SIZE).read(Map.of("a.py", "2g")))
        .contains(Map.of("a.py", Bytes.gib(2)));
    assertThat(Types.table(Types.SIZE).read(Map.of("a.py", "much"))).isEmpty();
  }

  @Test
  void none() {
    Type<Optional<Duration>> limit = Types.orNone(Types.DURATION);
    assertThat(limit.read("none")).contains(Optional.empty());
    assertThat(limit.read("2s")).contains(Optional.of(Duration.ofSeconds(2)));
    assertThat(limit.readText("never")).isEmpty();
  }

  @Test
  void textsAreQuoted() {
    assertThat(TomlWriter.of("a\"b\\c\nd\u0001")).isEqualTo("\"a\\\"b\\\\c\\nd\\u0001\"");
  }

  @Test
  void nearestWord() {
    List<String> words = List.of("workers", "timeout", "memory", "mode");
    assertThat(Nearest.to("wokers", words)).contains("workers");
    assertThat(Nearest.to("timoeut", words)).contains("timeout");
    assertThat(Nearest.to("MEMORY", words)).contains("memory");
    assertThat(Nearest.to("zebra-crossing", words)).isEmpty();
    assertThat(Nearest.distance("ab", "ba")).isEqualTo(1);
    assertThat(Nearest.distance("", "abc")).isEqualTo(3);
  }
}
