package dev.plimsoll.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.cli.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `calibrate`, `apply` and `run` one after another on examples/shop, the short form of
/// `bench/calibrate-demo`.
class ApplyIT {
  @TempDir private Path folder;

  @Test
  void whatWasMeasuredIsWrittenAndTaken() throws Exception {
    copyShop();
    var measured = plimsoll("calibrate", "light", "--levels", "1,4", "--runs", "1");
    assertThat(measured.exitCode()).as(measured.err()).isZero();
    assertThat(measured.out())
        .startsWith("light: 1 worker\n")
        .contains("test_state_manager_persistence")
        .contains("fails only in parallel");
    var written = plimsoll("apply");
    assertThat(written.exitCode()).as(written.err()).isZero();
    assertThat(Files.readString(folder.resolve("plimsoll.toml")))
        .contains("# Three workers or more", "[groups.light]\nworkers = 1\nmeasured-on = ")
        .contains("[groups.long]\nworkers = 2\n");
    assertThat(Files.readString(folder.resolve("README.md")))
        .startsWith("# shop\n")
        .contains("| light | 1 | `plimsoll run --group light` |", "fails only in parallel");
    assertThat(plimsoll("apply", "--check").exitCode()).isZero();
    var run = plimsoll("run", "--group", "light", "-k", "saved");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("workers: light 1 (plimsoll.toml:");
  }

  private ProgramRun plimsoll(String... args) throws IOException, InterruptedException {
    return ProgramRun.of(folder, Map.of(), args);
  }

  private void copyShop() throws IOException {
    Path shop = Path.of("examples/shop").toAbsolutePath();
    try (Stream<Path> files = Files.walk(shop)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path relative = shop.relativize(file);
        if (!relative.toString().matches("(.*/)?(\\.plimsoll|__pycache__|\\.pytest_cache)/.*")) {
          Path copy = folder.resolve(relative);
          Files.createDirectories(copy.resolveSibling(""));
          Files.copy(file, copy);
        }
      }
    }
  }
}
