package dev.plimsoll.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.ProcessKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A browser (20) below a runner (10), with a renderer (30) that nobody waits for.
class TreeTimeTest {
  @TempDir private Path proc;
  private TreeTime time;

  @BeforeEach
  void tree() throws IOException {
    write(10, 1, 5, 0);
    write(20, 10, 7, 0);
    write(30, 20, 100, 0);
    time = new TreeTime(proc, new ProcessKey(10, 10));
  }

  @Test
  void addsUpWhatLives() throws IOException {
    assertThat(time.ticks()).isEqualTo(112);
    write(30, 20, 140, 0);
    time.look();
    assertThat(time.ticks()).isEqualTo(152);
  }

  @Test
  void keepsWhatNobodyWaitedFor() throws IOException {
    end(20);
    end(30);
    write(10, 1, 5, 8);
    time.look();
    assertThat(time.ticks()).isEqualTo(5 + 7 + 100);
    time.look();
    assertThat(time.ticks()).isEqualTo(112);
  }

  @Test
  void countsWhatWasWaitedForOnce() throws IOException {
    end(30);
    write(20, 10, 7, 103);
    time.look();
    assertThat(time.ticks()).isEqualTo(5 + 7 + 103);
    end(20);
    write(10, 1, 5, 110);
    time.look();
    assertThat(time.ticks()).isEqualTo(5 + 110);
  }

  @Test
  void anOrphanStaysInTheTree() throws IOException {
    end(20);
    write(10, 1, 5, 7);
    write(30, 1, 130, 0);
    time.look();
    assertThat(time.ticks()).isEqualTo(5 + 7 + 130);
    end(30);
    time.look();
    assertThat(time.ticks()).isEqualTo(5 + 7 + 130);
  }

  private void write(long pid, long parent, long own, long waited) throws IOException {
    Files.createDirectories(proc.resolve("" + pid));
    String times = own + " 0 " + waited + " 0";
    Files.writeString(
        proc.resolve(pid + "/stat"),
        "%d (p) S %d %d %d 0 -1 4194304 0 0 0 0 %s 20 0 1 0 %d 1 1 0"
            .formatted(pid, parent, pid, pid, times, pid));
  }

  private void end(long pid) throws IOException {
    Files.delete(proc.resolve(pid + "/stat"));
    Files.delete(proc.resolve("" + pid));
  }
}
