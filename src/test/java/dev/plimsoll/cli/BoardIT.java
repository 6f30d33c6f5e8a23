package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.store.TestingAuthority;
import dev.plimsoll.store.TestingStore;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A board on a real store with the whole program; the first test is the short form of `bin/board`.
class BoardIT {
  @TempDir private Path root;

  @Test
  void eachTestHasOneVerdictWhateverFails() throws Exception {
    Path folder = Files.createDirectory(root.resolve("probe"));
    try (var store = new TestingStore(folder)) {
      assertThat(store.port()).isPositive(); // or the test is skipped
    }
    String text =
        ProgramRun.check(root.resolve("log"), "bench/board/check.py", "--runs", "9", "--seed", "4");
    assertThat(text).contains("9 of 9 runs", "cost 2 of 4 machines");
  }

  private Path suite(String tests) throws IOException {
    Path suite = Files.createDirectory(root.resolve("suite"));
    Files.createDirectory(suite.resolve(".git"));
    Files.writeString(suite.resolve("test_a.py"), tests);
    return suite;
  }

  private TestingStore store(String... options) throws IOException {
    return new TestingStore(Files.createDirectory(root.resolve("store")), options);
  }

  @Test
  void testsKnowWhichMachineTheyRunOn() throws Exception {
    Path suite = suite("import os\ndef test_a(): assert os.environ.get('PLIMSOLL_NODE')\n");
    assertThat(ProgramRun.of(suite, "run").exitCode()).isEqualTo(1);
    try (var store = store()) {
      var run = ProgramRun.of(suite, "run", "--join", store.url("node"));
      assertThat(run.exitCode()).as(run.out()).isZero();
      assertThat(run.err()).doesNotContain("has no effect");
    }
  }

  @Test
  void twoRunsOnOneStoreKnowNothingOfEachOther() throws Exception {
    Path suite = suite("def test_a(): pass\n");
    try (var store = store()) {
      assertThat(ProgramRun.of(suite, "run", "--join", store.url("one")).exitCode()).isZero();
      Files.writeString(suite.resolve("test_a.py"), "def test_b(): assert 0\n");
      assertThat(ProgramRun.of(suite, "run", "--join", store.url("two")).exitCode()).isEqualTo(1);

      var one = ProgramRun.of(suite, "finish", store.url("one"), "--json");
      assertThat(one.exitCode()).isZero();
      assertThat(one.tests("outcome")).isEqualTo(Map.of("test_a.py::test_a", "passed"));
      var two = ProgramRun.of(suite, "finish", store.url("two"), "--json");
      assertThat(two.exitCode()).isEqualTo(1);
      assertThat(two.tests("outcome")).isEqualTo(Map.of("test_a.py::test_b", "failed"));
    }
  }

  @Test
  void aMachineWithOtherTestsIsRefusedAndThoseAreNamed() throws Exception {
    Path suite = suite("def test_a(): pass\n");
    try (var store = store()) {
      assertThat(ProgramRun.of(suite, "run", "--join", store.url("run")).exitCode()).isZero();
      Files.writeString(suite.resolve("test_b.py"), "def test_b(): pass\n");
      var other = ProgramRun.of(suite, "run", "--join", store.url("run"));
      assertThat(other.exitCode()).isEqualTo(14);
      assertThat(other.err()).contains("only in the second: test_b.py::test_b");
      assertThat(ProgramRun.of(suite, "finish", store.url("run")).exitCode()).isZero();
    }
  }

  @Test
  void aRunThatNobodyJoinedIsNotGreen() throws Exception {
    Path suite = suite("def test_a(): pass\n");
    try (var store = store()) {
      assertThat(ProgramRun.of(suite, "finish", store.url("nobody")).exitCode()).isEqualTo(14);
    }
  }

  @Test
  void aRecordThatNobodyCanReadIsNoResult() throws Exception {
    Path suite = suite("def test_a(): pass\ndef test_b(): pass\n");
    try (var store = store()) {
      assertThat(ProgramRun.of(suite, "run", "--join", store.url("run")).exitCode()).isZero();
      var ids = store.logIds("run");
      store.ask("XDEL", "plimsoll:{run}:log", ids.getFirst());
      store.ask("XADD", "plimsoll:{run}:log", "*", "e", "1", "t", "0", "r", "{\"result\": [");
      store.ask("XADD", "plimsoll:{run}:log", "*", "e", "1", "t", "1", "r", "{}");
      store.ask("XADD", "plimsoll:{run}:log", "*", "e", "1", "t", "77", "r", "x".repeat(1 << 20));
      var finished = ProgramRun.of(suite, "finish", store.url("run"), "--json");
      assertThat(finished.exitCode()).isEqualTo(14);
      assertThat(finished.tests("outcome").values()).containsExactlyInAnyOrder("passed", "not run");
    }
  }

  @Test
  void passwordAndRights() throws Exception {
    Path suite = suite("def test_a(): pass\n");
    try (var store = store("--requirepass", "secret")) {
      var without = ProgramRun.of(suite, "run", "--join", store.url("run"));
      assertThat(without.exitCode()).isNotZero();
      var wrong = Map.of("PLIMSOLL_BOARD_PASSWORD", "wrong");
      assertThat(ProgramRun.of(suite, wrong, "run", "--join", store.url("run")).exitCode())
          .isNotZero();
      Path file = root.resolve("password");
      Files.writeString(file, "secret\n");
      var open = Map.of("PLIMSOLL_BOARD_PASSWORD_FILE", file.toString());
      file.toFile().setReadable(true, false);
      var refused = ProgramRun.of(suite, open, "run", "--join", store.url("run"));
      assertThat(refused.exitCode()).isEqualTo(10);
      assertThat(refused.err()).contains("others can read");
      Files.setPosixFilePermissions(
          file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
      assertThat(ProgramRun.of(suite, open, "run", "--join", store.url("run")).exitCode()).isZero();

      var secret = Map.of("PLIMSOLL_BOARD_PASSWORD", "secret");
      store.askAs("secret", "ACL", "SETUSER", "reader", "on", ">read", "~*", "+@read", "+info");
      var reader = Map.of("PLIMSOLL_BOARD_PASSWORD", "read");
      String url = store.url("run").replace("redis://", "redis://reader@");
      String other = store.url("new").replace("redis://", "redis://reader@");
      assertThat(ProgramRun.of(suite, reader, "finish", url).exitCode()).isZero();
      var status = ProgramRun.of(suite, reader, "board", "status", url);
      assertThat(status.out()).contains("1 of 1 test done: 1 passed", "plimsoll finish");
      var intruder = ProgramRun.of(suite, reader, "run", "--join", other);
      assertThat(intruder.exitCode()).isNotZero();
      assertThat(intruder.err()).contains("NOPERM");
      assertThat(ProgramRun.of(suite, secret, "finish", store.url("run")).exitCode()).isZero();
    }
  }

  /// In a terminal the view follows the run to its end; elsewhere it is printed once.
  @Test
  void theStatusFollowsARun() throws Exception {
    Path suite =
        suite(
            """
            import os, time
            def test_a(): assert 0
            def test_b():
                while not os.path.exists("go"): time.sleep(0.02)
            """);
    Path log = root.resolve("log");
    Path view = Files.createFile(root.resolve("view"));
    try (var store = store()) {
      String url = store.url("run");
      assertThat(ProgramRun.of(suite, "board", "status", url).exitCode()).isEqualTo(14);
      Process machine =
          ProgramRun.start(
              suite, log.toFile(), log.toFile(), "run", "--join", url, "--workers", "1");
      Waiting.until(
          () -> Objects.equals(status(suite, url).get("done"), 1), () -> Files.readString(log));
      Map<String, Object> status = status(suite, url);
      assertThat(status.get("counts")).isEqualTo(Map.of("failed", 1));
      assertThat(status.get("finished")).isEqualTo(false);
      assertThat(String.valueOf(status.get("machines")))
          .contains("state=joined", "running=[test_a.py::test_b]");
      var once = ProgramRun.of(suite, "board", "status", url);
      assertThat(once.exitCode()).isZero();
      assertThat(once.out())
          .contains("1 of 2 tests done: 1 failed\n", "joined", "test_a.py::test_b");

      var early = ProgramRun.of(suite, "board", "requeue", url);
      assertThat(early.exitCode()).isEqualTo(14);
      assertThat(early.err()).contains("still take part");

      Process follower = inTerminal(suite, view, "board", "status", url);
      Waiting.until(() -> Files.readString(view).contains("1 of 2"), () -> Files.readString(view));
      Files.createFile(suite.resolve("go"));
      assertThat(machine.waitFor()).isEqualTo(1);
      assertThat(follower.waitFor()).isZero();
      assertThat(Files.readString(view)).contains("2 of 2 tests done", "plimsoll finish " + url);
      assertThat(status(suite, url).get("finished")).isEqualTo(true);
    }
  }

  @Test
  void testsThatFailedRunAgainOnMachinesThatJoinLater() throws Exception {
    Path suite =
        suite(
            """
            import os
            def started(name):
                with open("started", "a") as file: file.write(name)
            def test_a(): started("a")
            def test_b():
                started("b")
                assert os.path.exists("mended")
            def test_c():
                started("c")
                assert os.path.exists("mended")
            """);
    try (var store = store()) {
      String url = store.url("run");
      assertThat(ProgramRun.of(suite, "run", "--join", url, "--workers", "1").exitCode())
          .isEqualTo(1);
      assertThat(ProgramRun.of(suite, "board", "requeue", url, "test_a.py::test_x").exitCode())
          .isEqualTo(4);
      var passed = ProgramRun.of(suite, "board", "requeue", url, "test_a.py::test_a");
      assertThat(passed.exitCode()).isEqualTo(4);
      assertThat(passed.err()).contains("its outcome is: passed");
      Files.createFile(suite.resolve("mended"));
      Files.delete(suite.resolve("started"));

      var one = ProgramRun.of(suite, "board", "requeue", url, "test_a.py::test_b");
      assertThat(one.out()).isEqualTo("test_a.py::test_b\n");
      assertThat(status(suite, url)).containsEntry("waiting", 1).containsEntry("finished", false);
      var open = ProgramRun.of(suite, "finish", url, "--json");
      assertThat(open.exitCode()).isEqualTo(14);
      assertThat(open.tests("outcome")).containsEntry("test_a.py::test_b", "not run");
      assertThat(ProgramRun.of(suite, "run", "--join", url).exitCode()).isEqualTo(1);
      assertThat(suite.resolve("started")).hasContent("b");

      var rest = ProgramRun.of(suite, "board", "requeue", url);
      assertThat(rest.out()).isEqualTo("test_a.py::test_c\n");
      assertThat(ProgramRun.of(suite, "run", "--join", url).exitCode()).isZero();
      assertThat(suite.resolve("started")).hasContent("bc");
      var finished = ProgramRun.of(suite, "finish", url, "--json");
      assertThat(finished.exitCode()).isZero();
      assertThat(Set.copyOf(finished.tests("outcome").values())).isEqualTo(Set.of("passed"));
      assertThat(ProgramRun.of(suite, "board", "requeue", url).out()).isEmpty();
    }
  }

  private static Map<String, Object> status(Path suite, String url) throws IOException {
    try {
      var run = ProgramRun.of(suite, "board", "status", url, "--json");
      return run.exitCode() == 0
          ? JSON.std.mapFrom(run.out())
          : Map.of("done", -1, "error", run.err());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What it draws goes to a file.
  private static Process inTerminal(Path folder, Path drawn, String... args) throws IOException {
    String command =
        "stty rows 24 cols 100; "
            + ProgramRun.command(args).stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
    var builder =
        new ProcessBuilder("script", "-qefc", command, drawn.toString())
            .directory(folder.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectErrorStream(true);
    builder.environment().remove("CI");
    builder.environment().put("TERM", "xterm");
    return builder.start();
  }

  @Test
  void aStoreMustHaveAValidCertificate() throws Exception {
    Path suite = suite("def test_a(): pass\n");
    var right = new TestingAuthority(root.resolve("right"));
    var wrong = new TestingAuthority(root.resolve("wrong"));
    Path empty = Files.writeString(root.resolve("empty.pem"), "");
    Path folder = Files.createDirectory(root.resolve("store"));
    try (var store = TestingStore.encrypted(folder, right)) {
      String url = store.url("run");
      String other = url.replace("localhost", "127.0.0.1");
      var java = ProgramRun.of(suite, "run", "--join", url);
      assertThat(java.exitCode()).isEqualTo(12);
      assertThat(java.err()).contains("certificate", "PLIMSOLL_BOARD_CA");
      assertThat(join(suite, wrong.certificate(), url).exitCode()).isEqualTo(12);
      var host = join(suite, right.certificate(), other);
      assertThat(host.exitCode()).isEqualTo(12);
      assertThat(host.err()).contains("127.0.0.1");
      assertThat(join(suite, empty, url).exitCode()).isEqualTo(10);

      var joined = join(suite, right.certificate(), url);
      assertThat(joined.exitCode()).isZero();
      assertThat(joined.err()).doesNotContain("no effect");
      var trusting = Map.of("PLIMSOLL_BOARD_CA", right.certificate().toString());
      assertThat(ProgramRun.of(suite, trusting, "finish", url).exitCode()).isZero();
      assertThat(ProgramRun.of(suite, "finish", url).exitCode()).isEqualTo(12);
    }
  }

  private static ProgramRun join(Path suite, Path authority, String url) throws Exception {
    var trusting = Map.of("PLIMSOLL_BOARD_CA", authority.toString());
    return ProgramRun.of(suite, trusting, "run", "--join", url);
  }

  @Test
  void aStoreThatMayRemoveKeysIsRefused() throws Exception {
    Path suite = suite("def test_a(): pass\n");
    try (var store = store("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")) {
      var run = ProgramRun.of(suite, "run", "--join", store.url("run"));
      assertThat(run.exitCode()).isEqualTo(10);
      assertThat(run.err()).contains("noeviction");
    }
  }

  @Test
  void aStoreThatIsNotThereEndsTheRunAfterAWhile() throws Exception {
    Path suite = suite("def test_a(): pass\n");
    var run = ProgramRun.of(suite, "run", "--join", "redis://127.0.0.1:1/run");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("the board does not answer");
  }

  @Test
  void aPasswordInTheUrlIsRefusedAndNotRepeated() throws Exception {
    Path suite = suite("def test_a(): pass\n");
    var run = ProgramRun.of(suite, "run", "--join", "redis://:hunter2@localhost/run");
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("PLIMSOLL_BOARD_PASSWORD").doesNotContain("hunter2");
  }

  /// Java names each class that it loads.
  @Test
  void aPlainRunLoadsNoClassOfTheStoresClient() throws Exception {
    Path suite = suite("def test_a(): pass\n");
    Path folder = Files.createDirectory(root.resolve("loaded"));
    var log = Map.of("_JAVA_OPTIONS", "-Xlog:class+load:file=" + folder.resolve("%p"));
    assertThat(ProgramRun.of(suite, log, "run").exitCode()).isZero();
    var loaded = new StringBuilder();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        loaded.append(Files.readString(file));
      }
    }
    assertThat(loaded.toString())
        .contains("dev.plimsoll.run.dispatch.Dispatcher ")
        .doesNotContain(" redis.clients.", " dev.plimsoll.store.", " org.apache.commons.pool2.");
  }
}
