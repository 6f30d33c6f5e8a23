package dev.plimsoll.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachedVersionsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path cache;

  private Path use(String version, Duration later) throws IOException {
    return new CachedVersions(cache, "plugin", () -> START.plus(later))
        .use(
            version,
            folder -> Files.writeString(Files.createDirectories(folder).resolve("file"), version));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(cache)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aHundredVersionsOfManyDaysLeaveTheLast() throws IOException {
    for (int day = 0; day < 100; day++) {
      use("%02d".formatted(day), Duration.ofDays(2L * day));
    }
    assertThat(names())
        .containsExactly("plugin-95", "plugin-96", "plugin-97", "plugin-98", "plugin-99");
  }

  @Test
  void whatWasUsedWithinADayStays() throws IOException {
    for (int hour = 0; hour < 12; hour++) {
      use("%02d".formatted(hour), Duration.ofHours(hour));
    }
    assertThat(names()).hasSize(12);
    use("next", Duration.ofHours(12).plusDays(1));
    assertThat(names())
        .containsExactly("plugin-08", "plugin-09", "plugin-10", "plugin-11", "plugin-next");
  }

  @Test
  void useCountsNotAge() throws IOException {
    use("old", Duration.ZERO);
    for (int day = 1; day < 20; day++) {
      use("old", Duration.ofDays(3L * day));
      use("%02d".formatted(day), Duration.ofDays(3L * day));
    }
    assertThat(names()).contains("plugin-old").hasSize(CachedVersions.KEPT);
  }

  @Test
  void whatIsNoVersionOfItStays() throws IOException {
    Files.createDirectory(cache.resolve("sqlite-3"));
    Files.writeString(cache.resolve("containment"), "");
    aHundredVersionsOfManyDaysLeave(cache);
    assertThat(names()).contains("sqlite-3", "containment");
  }

  private void aHundredVersionsOfManyDaysLeave(Path expected) throws IOException {
    for (int day = 0; day < 20; day++) {
      assertThat(use("%02d".formatted(day), Duration.ofDays(2L * day))).hasParent(expected);
    }
  }

  @Test
  void itIsFilledWheneverItIsUsed() throws IOException {
    Path folder = use("1", Duration.ZERO);
    Files.delete(folder.resolve("file"));
    assertThat(use("1", Duration.ZERO).resolve("file")).hasContent("1");
  }
}
