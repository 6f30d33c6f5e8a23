package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.engine.playwright.BrowserExample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The time of day jumps while tests run, as when a laptop or the host of a virtual machine wakes
/// up, or the time is set. libfaketime moves it for Plimsoll, pytest and the workers; the monotonic
/// clock goes on.
class ClockJumpIT {
  private static final List<String> PLACES =
      List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib");

  /// The first of the document is the run's.
  private static final Pattern SECONDS = Pattern.compile("\"seconds\" ?: ?([\\d.]+)");

  @TempDir private Path root;

  @ParameterizedTest(name = "{0} with {1}")
  @CsvSource({"+8h,fork", "-2h,fork", "+8h,spawn", "-2h,spawn"})
  void noTestIsTakenForTooLong(String jump, String engine) throws Exception {
    var library = library();
    BrowserExample.assume(library.isPresent(), "no libfaketime: apt-get install faketime");
    Path shift = Files.writeString(root.resolve("shift"), "+0");
    Files.createDirectory(root.resolve(".git"));
    // Without sleep: libfaketime does not know the call of Python 3.11 and later.
    Files.writeString(
        root.resolve("test_jump.py"),
        """
        import pathlib, pytest, time
        SHIFT = pathlib.Path(__file__).with_name("shift")

        def wait(seconds):
            end = time.monotonic() + seconds
            while time.monotonic() < end: pass

        @pytest.mark.parametrize("number", range(4))
        def test_jump(number):
            before = time.time()
            wait(0.7)
            if number == 1:
                SHIFT.write_text("%s")
                wait(0.7)
                assert abs(time.time() - before) > 3600
        """
            .formatted(jump));
    var environment =
        Map.of(
            "LD_PRELOAD", library.get().toString(),
            "FAKETIME_TIMESTAMP_FILE", shift.toString(),
            "FAKETIME_NO_CACHE", "1",
            "FAKETIME_DONT_FAKE_MONOTONIC", "1",
            "PYTHONDONTWRITEBYTECODE", "1");
    ProgramRun run =
        ProgramRun.of(
            root,
            environment,
            "run",
            "--python",
            "python3",
            "-n",
            "2",
            "--timeout",
            "60s",
            "--engine",
            engine,
            "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.tests("outcome").values()).as(run.err()).containsOnly("passed").hasSize(4);
    assertThat(run.tests("seconds").values())
        .allSatisfy(seconds -> assertThat(Double.parseDouble(seconds)).isBetween(0.6, 600.0));
    Matcher whole = SECONDS.matcher(run.out());
    assertThat(whole.find()).as(run.out()).isTrue();
    assertThat(Double.parseDouble(whole.group(1))).as("seconds of the run").isBetween(0.6, 600.0);
  }

  private static Optional<Path> library() {
    return PLACES.stream()
        .flatMap(place -> Stream.of(place + "/faketime/libfaketimeMT.so.1"))
        .map(Path::of)
        .filter(Files::exists)
        .findFirst();
  }
}
