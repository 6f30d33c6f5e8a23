package dev.plimsoll.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.ProcessKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTableTest {
  private static String stat(long pid, String name, char state, long parent, long start) {
    return pid
        + " ("
        + name
        + ") "
        + state
        + " "
        + parent
        + " "
        + pid
        + " "
        + pid
        + " 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 "
        + start
        + " 1 1 0";
  }

  private static void write(Path proc, long pid, long parent, long start) throws IOException {
    Files.createDirectories(proc.resolve("" + pid));
    Files.writeString(proc.resolve(pid + "/stat"), stat(pid, "p", 'S', parent, start));
  }

  @Test
  void namesMayHoldBlanksAndParentheses() {
    ProcessEntry entry = ProcessEntry.parse(stat(7, "a) S (b", 'R', 3, 99)).orElseThrow();
    assertThat(entry.name()).isEqualTo("a) S (b");
    assertThat(entry.parent()).isEqualTo(3);
    assertThat(entry.key()).isEqualTo(new ProcessKey(7, 99));
    assertThat(ProcessEntry.parse("")).isEmpty();
    assertThat(ProcessEntry.parse("7 (x) S 1 2")).isEmpty();
  }

  @Test
  void aRootThatIsYoungerThanTheLastLookIsFound(@TempDir Path proc) throws IOException {
    var table = new ProcessTable(proc);
    table.refresh();
    write(proc, 10, 1, 100);
    var root = new ProcessKey(10, 100);
    assertThat(table.tree(root)).containsExactly(root);
    write(proc, 11, 10, 110);
    table.refresh();
    assertThat(table.tree(root)).containsExactly(root, new ProcessKey(11, 110));
  }

  @Test
  void orphansStayInTheirTreeAndReusedPidsDoNotJoin(@TempDir Path proc) throws IOException {
    write(proc, 10, 1, 100);
    write(proc, 11, 10, 110);
    write(proc, 12, 11, 120);
    write(proc, 20, 10, 50);
    var table = new ProcessTable(proc);
    table.refresh();
    var root = new ProcessKey(10, 100);
    Set<ProcessKey> whole = Set.of(root, new ProcessKey(11, 110), new ProcessKey(12, 120));
    assertThat(table.tree(root)).isEqualTo(whole);

    Files.delete(proc.resolve("11/stat"));
    Files.delete(proc.resolve("11"));
    write(proc, 12, 1, 120);
    write(proc, 13, 12, 130);
    table.reload();
    assertThat(table.tree(root))
        .containsExactlyInAnyOrder(root, new ProcessKey(12, 120), new ProcessKey(13, 130));

    write(proc, 12, 1, 999);
    table.reload();
    assertThat(table.tree(root)).doesNotContain(new ProcessKey(12, 999));
  }

  @Test
  void aRunIsFoundByItsMarkEvenInASessionOfItsOwn() throws IOException {
    String mark = "_PLIMSOLL_RUN=test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    var builder =
        new ProcessBuilder(
            "sh",
            "-c",
            "setsid sleep 600 & (setsid sh -c 'trap \"\" TERM; echo up; while :; do sleep 1; done' &)"
                + " | { read -r up; echo \"$up\"; }");
    builder.environment().put("_PLIMSOLL_RUN", mark.substring(mark.indexOf('=') + 1));
    Process parent = builder.start();
    var table = new ProcessTable(Path.of("/proc"));
    try (BufferedReader out = parent.inputReader()) {
      assertThat(out.readLine()).isEqualTo("up");
      assertThat(table.marked(mark)).hasSizeGreaterThanOrEqualTo(2);
      assertThat(table.marked(mark + "0")).isEmpty();
      Stopper.Stopped stopped = new Stopper(table).stopMarked(mark, Duration.ofMillis(100));
      assertThat(stopped.left()).isEmpty();
      assertThat(stopped.ended()).hasSizeGreaterThanOrEqualTo(2);
      assertThat(table.marked(mark)).isEmpty();
    }
  }

  @Test
  void aTreeIsStoppedGentlyAndAReusedPidIsLeftAlone() throws IOException, InterruptedException {
    Process parent = new ProcessBuilder("sh", "-c", "sleep 600 & echo up; wait; sleep 600").start();
    var table = new ProcessTable(Path.of("/proc"));
    try (BufferedReader out = parent.inputReader()) {
      assertThat(out.readLine()).isEqualTo("up");
      ProcessKey key = table.key(parent.pid()).orElseThrow();
      var other = new ProcessKey(key.pid(), key.start() + 1);
      assertThat(new Stopper(table).stop(Set.of(other), Duration.ofSeconds(5)).ended()).isEmpty();
      assertThat(parent.isAlive()).isTrue();
      assertThat(new Stopper(table).stopTrees(Set.of(key), Duration.ofSeconds(5)).ended())
          .hasSize(2);
      assertThat(parent.waitFor()).isEqualTo(128 + 15);
    }
  }
}
