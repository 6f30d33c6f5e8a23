package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Runs by a user who may do little: no home, no runtime folder, no control groups, a kernel log
/// that is closed, a umask that gives everything to everybody, and other users in the same folder.
class UnprivilegedIT {
  private static final String SUITE =
      """
      import os, pathlib, signal, time, pytest

      ONCE = pathlib.Path(os.environ.get("ONCE", "/nonexistent/once"))

      @pytest.mark.parametrize("number", range(4))
      def test_passes(number):
          print("a secret")

      def test_fails():
          assert "a" == "b"

      def test_is_killed_once():
          if ONCE.parent.exists() and not ONCE.exists():
              ONCE.touch()
              os.kill(os.getpid(), signal.SIGKILL)

      def test_waits():
          go = ONCE.with_name("go")
          while ONCE.parent.exists() and not go.exists():
              time.sleep(0.02)
      """;

  private Path common;
  private Path project;

  @BeforeEach
  void makeProject() throws IOException {
    common = OrdinaryUser.commonFolder();
    project = Files.createDirectory(common.resolve("project"));
    Files.setPosixFilePermissions(project, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.writeString(project.resolve("test_suite.py"), SUITE);
  }

  @AfterEach
  void removeAll() throws IOException {
    try (Stream<Path> all = Files.walk(common)) {
      all.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
    }
  }

  /// @param before what a shell does first
  private List<String> plimsoll(String before, String... args) {
    var line = new ArrayList<>(List.of("sh", "-c", before + "; exec \"$@\"", "sh"));
    line.addAll(ProgramRun.command(args));
    line.removeIf(option -> option.contains("SharedArchive")); // who reads it also writes it
    line.add(5, "-Djava.io.tmpdir=" + common);
    return line;
  }

  private ProgramRun run(OrdinaryUser user, Map<String, String> env, String... args)
      throws IOException, InterruptedException {
    return user.run(project, env, plimsoll("umask 0", args));
  }

  private Map<String, String> marks() throws IOException {
    Path marks = Files.createDirectory(common.resolve("marks"));
    Files.setPosixFilePermissions(marks, PosixFilePermissions.fromString("rwxrwxrwx"));
    return Map.of("ONCE", marks.resolve("once").toString());
  }

  private static String outcomes(ProgramRun run) throws IOException {
    return String.join(" ", run.tests("outcome").values().stream().sorted().toList());
  }

  @Test
  void outcomesAndVerdictsAreRightAndNothingIsOpenToOthers() throws Exception {
    Map<String, String> env = marks();
    Files.createFile(common.resolve("marks/go"));
    var run = run(OrdinaryUser.FIRST, env, "run", "--json");
    assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(1);
    assertThat(outcomes(run)).isEqualTo("failed passed passed passed passed passed passed");
    var killed = run.tests().get("test_suite.py::test_is_killed_once");
    assertThat(String.valueOf(killed)).contains("SIGKILL of unknown origin");
    assertThat(openToOthers()).isEmpty();
    assertThat(Files.size(project.resolve(".plimsoll/history.db"))).isPositive();
    var history = run(OrdinaryUser.FIRST, Map.of(), "history");
    assertThat(history.exitCode()).as(history.err()).isZero();
  }

  /// What Plimsoll made and others can reach.
  private List<String> openToOthers() throws IOException {
    try (Stream<Path> shared = Files.list(common);
        Stream<Path> own = Files.list(project)) {
      return Stream.concat(shared, own)
          .filter(path -> path.getFileName().toString().matches(".*plimsoll.*"))
          .filter(path -> !modes(path).equals("rwx------"))
          .map(Path::toString)
          .toList();
    }
  }

  private static String modes(Path path) {
    try {
      var modes = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
      return PosixFilePermissions.toString(modes);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void requiredContainmentIsRefusedWhereDoctorFoundNone() throws Exception {
    var doctor = run(OrdinaryUser.FIRST, Map.of(), "doctor");
    assertThat(doctor.exitCode()).as(doctor.err()).isZero();
    boolean none = doctor.out().contains("cannot enforce memory limits");
    var run = run(OrdinaryUser.FIRST, Map.of(), "run", "--require-containment");
    assertThat(run.exitCode()).as(doctor.out() + run.err()).isEqualTo(none ? 13 : 1);
  }

  @Test
  void aKilledRunIsResumed() throws Exception {
    Map<String, String> env = marks();
    Path out = Files.createTempFile("plimsoll", ".out");
    Path err = Files.createTempFile("plimsoll", ".err");
    var line = plimsoll("umask 0", "run", "--workers", "1");
    Process process = OrdinaryUser.FIRST.start(project, env, line, out, err);
    Waiting.until(
        () -> journal().contains("test_waits") && ended() == 5, () -> Files.readString(err));
    ProcessHandle java =
        Stream.concat(Stream.of(process.toHandle()), process.descendants())
            .filter(handle -> handle.info().command().orElse("").endsWith("/java"))
            .findFirst()
            .orElseThrow();
    java.destroyForcibly();
    process.waitFor();
    Files.createFile(common.resolve("marks/go"));
    var run = run(OrdinaryUser.FIRST, env, "run", "--resume", "--json");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    assertThat(run.err()).contains("5 tests have an outcome and do not run again");
    assertThat(outcomes(run)).isEqualTo("failed passed passed passed passed passed passed");
  }

  private String journal() throws IOException {
    Path runs = project.resolve(".plimsoll/runs");
    if (!Files.isDirectory(runs)) {
      return "";
    }
    try (Stream<Path> files = Files.list(runs)) {
      Path journal = files.findFirst().orElse(Path.of("/dev/null"));
      return Files.readString(journal);
    }
  }

  private long ended() throws IOException {
    return journal().lines().filter(line -> line.contains("\"event\":\"ended\"")).count();
  }

  @Test
  void twoUsersRunTheSameProject() throws Exception {
    var first = run(OrdinaryUser.FIRST, Map.of(), "run", "--json");
    assertThat(first.exitCode()).as(first.err()).isEqualTo(1);
    var second = run(OrdinaryUser.second(), Map.of(), "run", "--json");
    assertThat(second.exitCode()).as(second.err()).isEqualTo(1);
    assertThat(outcomes(second)).isEqualTo(outcomes(first));
    assertThat(second.err()).contains("permission denied: ");
    var again = run(OrdinaryUser.FIRST, Map.of(), "run", "--json");
    assertThat(outcomes(again)).isEqualTo(outcomes(first));
    assertThat(again.err()).doesNotContain("warning");
  }

  /// Where other users can write, somebody may have taken the name of a folder first.
  private Path plantLinks() throws IOException {
    Path trap = Files.createDirectory(common.resolve("trap"));
    Files.setPosixFilePermissions(trap, PosixFilePermissions.fromString("rwxrwxrwx"));
    int own = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    for (int uid : List.of(65534, own)) {
      Files.createSymbolicLink(common.resolve("plimsoll-" + uid), trap);
    }
    return trap;
  }

  @Test
  void aFolderThatSomebodyElsePlantedIsNotUsed() throws Exception {
    Path trap = plantLinks();
    var home = Map.of("HOME", project.toString());
    var run = run(OrdinaryUser.FIRST, home, "run", "--json");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    assertThat(outcomes(run)).isEqualTo("failed passed passed passed passed passed passed");
    assertThat(trap).isEmptyDirectory();
  }

  @Test
  void withoutAHomeAPlantedFolderIsAnErrorWithAHint() throws Exception {
    Path trap = plantLinks();
    var run = run(OrdinaryUser.FIRST, Map.of(), "run");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(run.err())
        .contains("is not a directory of this user")
        .contains("XDG_RUNTIME_DIR")
        .doesNotContain("bug in Plimsoll");
    assertThat(trap).isEmptyDirectory();
  }

  @Test
  void theInterpreterThatSomebodyElseNamedIsNotStarted() throws Exception {
    String early = Path.of("bin/lib/early.sh").toRealPath().toString();
    var named =
        List.of("sh", "-c", "mkdir .plimsoll && printf '/bin/true\\n/tmp\\n' >.plimsoll/early");
    assertThat(OrdinaryUser.FIRST.run(project, Map.of(), named).exitCode()).isZero();
    var asks = List.of("sh", "-c", ". " + early + "; word");
    assertThat(OrdinaryUser.FIRST.run(project, Map.of(), asks).exitCode()).isZero();
    assertThat(OrdinaryUser.second().run(project, Map.of(), asks).exitCode()).isNotZero();
  }
}
