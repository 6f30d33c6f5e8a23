package dev.plimsoll.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.report.TestingRuns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several processes, kills and full disks.
class HistoryProcessTest {
  @TempDir private Path folder;
  private final List<String> warnings = new ArrayList<>();

  private Process writer(Path where, String prefix, int runs, int tests) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            TestingHistory.class.getName(),
            where.toString(),
            prefix,
            Integer.toString(runs),
            Integer.toString(tests))
        .redirectErrorStream(true)
        .start();
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void twoProcessesAndAReaderAtOnce() throws Exception {
    Process first = writer(folder, "a", 12, 200);
    Process second = writer(folder, "b", 12, 200);
    try (var store = TestingHistory.store(folder, warnings::add)) {
      while (first.isAlive() || second.isAlive()) {
        assertThat(store.runs(100).size()).isLessThanOrEqualTo(24);
        assertThat(store.samples(TestingRuns.MACHINE).size()).isLessThanOrEqualTo(200);
      }
      assertThat(output(first)).endsWith("done\n").doesNotContain("history");
      assertThat(output(second)).endsWith("done\n").doesNotContain("history");
      assertThat(store.runs(100)).hasSize(24).allMatch(RunLine::finished);
      assertThat(store.run("a3").orElseThrow().results()).hasSize(200);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void twoProcessesFindTheSameDamage() throws Exception {
    Path file = folder.resolve(".plimsoll/history.db");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "this is no database\n".repeat(500));
    Process first = writer(folder, "a", 3, 20);
    Process second = writer(folder, "b", 3, 20);
    String said = output(first) + output(second);
    assertThat(said).contains("done").containsOnlyOnce("the history is damaged");
    try (var store = TestingHistory.store(folder, warnings::add)) {
      assertThat(store.runs(100)).hasSize(6);
    }
  }

  @Test
  void killedRunLeavesItsMeasurements() throws Exception {
    Process writer = writer(folder, "k", 0, 100);
    try (var reader = writer.inputReader()) {
      assertThat(reader.readLine()).isEqualTo("writing");
      try (var store = TestingHistory.store(folder, warnings::add)) {
        while (store.runs(1).isEmpty()) {
          assertThat(writer.isAlive()).isTrue();
        }
      }
    } finally {
      writer.destroyForcibly().waitFor();
    }
    try (var store = TestingHistory.store(folder, warnings::add)) {
      assertThat(store.runs(1).getFirst().finished()).isFalse();
      assertThat(store.samples(TestingRuns.MACHINE)).isNotEmpty();
      TestingHistory.record(store, TestingHistory.run("next", 1, 10), warnings::add);
      assertThat(store.runs(5)).hasSize(2);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void fullDiskIsAWarningAndTheFileStaysWhole() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()) == 0,
        "a tmpfs can be mounted here only as root");
    try {
      try (var store = TestingHistory.store(disk, warnings::add)) {
        TestingHistory.record(store, TestingHistory.run("small", 0, 10), warnings::add);
        assertThat(warnings).isEmpty();
        TestingHistory.record(store, TestingHistory.run("large", 1, 20_000), warnings::add);
        assertThat(warnings).hasSize(1).first().asString().startsWith("cannot record this run");
      }
      try (var store = TestingHistory.store(disk, warnings::add)) {
        assertThat(store.runs(5)).extracting(RunLine::id).contains("small");
        assertThat(store.run("small").orElseThrow().results()).hasSize(10);
      }
    } finally {
      run("umount", disk.toString());
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
