package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Each reason for which memory is short, met by the whole program on this machine: what it says
/// and what it advises. The budget of a run is in {@link DeathStoryIT}.
class ShortageIT {
  private static final long MIB = 1 << 20;
  private static final Path V1 = Path.of("/sys/fs/cgroup/memory");
  private static final Path V2 = Path.of("/sys/fs/cgroup");

  @TempDir private Path root;
  private final List<Path> cgroups = new ArrayList<>();

  @BeforeEach
  void project() throws IOException {
    project(root);
  }

  private static void project(Path folder) throws IOException {
    Files.createDirectories(folder.resolve(".git"));
    Files.writeString(
        folder.resolve("pytest.ini"),
        "[pytest]\naddopts = -p no:hypothesispytest -p no:benchmark -p no:anyio\n");
  }

  @AfterEach
  void removeCgroups() throws Exception {
    for (Path cgroup : cgroups) {
      for (int i = 0; i < 50 && !cgroup.toFile().delete(); i++) {
        TimeUnit.MILLISECONDS.sleep(20); // the kernel removes processes that ended in its own time
      }
    }
  }

  @Test
  void theReserveOfTheMachine() throws Exception {
    assertThat(waitsFor(meminfo("MemTotal") - 64))
        .containsPattern(
            "waiting for memory, no test starts: the machine had [\\d.]+ [MG]iB of memory left,"
                + " less than the reserve of [\\d.]+ [MG]iB; it continues once memory is free")
        .contains("`plimsoll doctor` shows what else uses it");
  }

  @Test
  void memoryThatAnotherRunHolds() throws Exception {
    Path other = Files.createDirectories(root.resolve("other"));
    project(other);
    Path end = root.resolve("end");
    Files.writeString(
        other.resolve("test_holds.py"),
        """
        import os, pytest, time
        @pytest.mark.plimsoll(memory="%sm")
        def test_holds():
            held = b"x" * (200 << 20)
            open("holds", "w").close()
            while not os.path.exists("%s"): time.sleep(0.05)
        """
            .formatted(meminfo("MemAvailable") / 2, end));
    Path log = root.resolve("other.txt");
    String[] line = {"run", "--python", "python3", "-n", "1"};
    Process holding = ProgramRun.start(other, log.toFile(), log.toFile(), line);
    try {
      Waiting.until(() -> Files.exists(other.resolve("holds")), () -> Files.readString(log));
      assertThat(waitsFor(meminfo("MemAvailable") * 3 / 4))
          .containsPattern(
              "waiting for memory, no test starts: the machine had [\\d.]+ [MG]iB of memory left,"
                  + " and other runs of Plimsoll held [12]\\d\\d MiB and were about to take [\\d.]+"
                  + " [MG]iB; the reserve is [\\d.]+ [MG]iB");
    } finally {
      Files.writeString(end, "");
      holding.waitFor();
    }
  }

  /// A machine that swaps makes tests wait, and Plimsoll kills none. Everything else on the machine
  /// stalls too, so this runs only when it is asked for, as root:
  ///
  ///     mvn verify -Dit.test=ShortageIT -Dplimsoll.stall=true
  @Test
  @EnabledIfSystemProperty(named = "plimsoll.stall", matches = "true")
  void theStallOfTheMachine() throws Exception {
    Path cgroup = cgroup("stall", 40);
    Path swap = root.resolve("swap");
    done("fallocate", "-l", "2G", swap.toString());
    done("chmod", "600", swap.toString());
    done("mkswap", swap.toString());
    done("swapon", swap.toString());
    Files.writeString(
        root.resolve("swaps.py"),
        """
        import mmap, os, random
        with open("%s/cgroup.procs", "w") as file: file.write(str(os.getpid()))
        for number in range(7):
            random.seed(number)
            if os.fork() == 0: break
        held = mmap.mmap(-1, 120 << 20)
        while not os.path.exists("calm"): held[random.randrange(len(held))] = 1
        """
            .formatted(cgroup));
    Process swaps = new ProcessBuilder("python3", "swaps.py").directory(root.toFile()).start();
    try {
      Path pressure = Path.of("/proc/pressure/memory");
      var stalled = Pattern.compile("full avg10=([2-9]\\d|1[5-9])\\.");
      Waiting.until(
          () -> stalled.matcher(Files.readString(pressure)).find(),
          () -> Files.readString(pressure));
      assertThat(waitsFor(512))
          .containsPattern(
              "waiting for memory, no test starts: all tasks of the machine were stalled for memory"
                  + " for \\d+ % of 10 s; it continues once memory is free")
          .doesNotContain("killed");
    } finally {
      Files.writeString(root.resolve("calm"), "");
      swaps.waitFor();
      done("swapoff", swap.toString());
    }
  }

  private static void done(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
  }

  /// Run two tests, the first of which ends once Plimsoll has said why the second waits.
  ///
  /// @param reserve MiB that the run leaves free
  private String waitsFor(long reserve) throws Exception {
    Path mine = Files.createDirectories(root.resolve("mine"));
    project(mine);
    Files.writeString(
        mine.resolve("test_waits.py"),
        """
        import os, time
        def test_first():
            while not os.path.exists("seen"): time.sleep(0.05)
        def test_second(): pass
        """);
    Path err = root.resolve("err.txt");
    Path out = root.resolve("out.txt");
    Process run =
        ProgramRun.start(
            mine,
            out.toFile(),
            err.toFile(),
            "run",
            "--python",
            "python3",
            "-n",
            "2",
            "--reserve",
            reserve + "m");
    try {
      Waiting.until(
          () -> Files.readString(err).contains("waiting for memory"), () -> Files.readString(err));
    } finally {
      Files.writeString(mine.resolve("seen"), "");
    }
    assertThat(run.waitFor()).as(Files.readString(out)).isZero();
    return Files.readString(err);
  }

  /// As in a container that does not let Plimsoll make cgroups: a worker of its own cgroup would
  /// reach the limit of that first. The test leaves Plimsoll the time to see it, else the kernel
  /// may be the first on busy cores.
  @Test
  void theLimitOfACgroupAround() throws Exception {
    Path cgroup = cgroup("around", 640);
    Files.writeString(
        root.resolve("test_a.py"),
        """
        import time
        def used():
            with open("%s") as file: return int(file.read()) >> 20
        def test_grows():
            kept = []
            while used() < 590: kept.append(b"x" * (8 << 20))
            while True:
                kept.append(b"x" * (1 << 20))
                time.sleep(0.2)
        """
            .formatted(
                cgroup.resolve(
                    Files.isDirectory(V1) ? "memory.usage_in_bytes" : "memory.current")));
    var command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c"));
    command.add(
        "echo $$ > %s && mount -o remount,bind,ro %s && exec \"$@\""
            .formatted(cgroup.resolve("cgroup.procs"), cgroup.getParent()));
    command.add("sh");
    command.addAll(ProgramRun.command("run", "--python", "python3", "-n", "1"));
    var builder = new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
    builder.environment().put("NO_COLOR", "1");
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isEqualTo(1);
    assertThat(text)
        .containsPattern(
            "Plimsoll killed it, with nothing beside it: cgroup `[^`]*"
                + cgroup.getFileName()
                + "` held \\d+ MiB of its memory limit of 640 MiB")
        .contains("hint: raise the limit of the container or service");
  }

  @Test
  void theKernelItself() throws Exception {
    Path cgroup = cgroup("kernel", 96);
    Files.writeString(
        root.resolve("test_a.py"),
        """
        import os
        def test_grows():
            with open("%s/cgroup.procs", "w") as file: file.write(str(os.getpid()))
            kept = [b"x" * (4 << 20) for _ in range(100)]
        """
            .formatted(cgroup));
    ProgramRun run = run("-n", "1");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    assertThat(run.err())
        .containsPattern("died: test_a.py::test_grows: its worker was killed[^\\n]* kernel")
        .contains("it runs again alone (attempt 2)");
    assertThat(run.out())
        .containsPattern("its worker was killed[^\\n]* kernel")
        .contains("hint: run it alone or with a higher estimate")
        .contains("1 crashed");
  }

  private ProgramRun run(String... options) throws Exception {
    var all = new ArrayList<>(List.of("run", "--python", "python3"));
    all.addAll(List.of(options));
    return ProgramRun.of(root, all.toArray(String[]::new));
  }

  /// A field of it in MiB; available memory is always less than the total by more than 64 MiB.
  private static long meminfo(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/meminfo")).stream()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  /// A cgroup of our own with a memory limit, where this machine allows one.
  private Path cgroup(String name, long limit) throws IOException {
    boolean first = Files.isDirectory(V1);
    Path cgroup = (first ? V1 : V2).resolve("plimsoll-it-" + name + "-" + System.nanoTime());
    assumeTrue(cgroup.toFile().mkdir(), "no writable cgroup here");
    cgroups.add(cgroup);
    Path file = cgroup.resolve(first ? "memory.limit_in_bytes" : "memory.max");
    assumeTrue(Files.exists(file), "no memory controller here");
    Files.writeString(file, String.valueOf(limit * MIB));
    return cgroup;
  }
}
