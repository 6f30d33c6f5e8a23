package dev.plimsoll.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.ProcessKey;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignalsTest {
  private static final int INT = 128 + 2;
  private static final int KILL = 128 + 9;

  private Process process;
  private ProcessKey key;
  private ProcessKey earlier;

  @BeforeEach
  void start() throws IOException {
    // A shell ignores SIGINT in what it starts in the background, and so would the process.
    process = new ProcessBuilder("env", "--default-signal=INT", "setsid", "sleep", "300").start();
    key = Signals.key(process.pid()).orElseThrow();
    earlier = new ProcessKey(key.pid(), key.start() - 1);
  }

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  @Test
  void killsTheProcessThatIsMeant() throws Exception {
    Signals.kill(earlier);
    Signals.terminate(earlier);
    assertThat(process.waitFor(200, TimeUnit.MILLISECONDS)).isFalse();
    Signals.kill(key);
    assertThat(process.waitFor()).isEqualTo(KILL);
  }

  @Test
  void interruptsTheProcessThatIsMeant() throws Exception {
    Signals.interrupt(earlier, false);
    assertThat(process.waitFor(200, TimeUnit.MILLISECONDS)).isFalse();
    Signals.interrupt(key, false);
    assertThat(process.waitFor()).isEqualTo(INT);
  }

  @Test
  void interruptsTheGroupThatIsMeant() throws Exception {
    Signals.interrupt(earlier, true);
    assertThat(process.waitFor(200, TimeUnit.MILLISECONDS)).isFalse();
    Signals.interrupt(key, true);
    assertThat(process.waitFor()).isEqualTo(INT);
  }
}
