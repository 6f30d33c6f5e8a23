package dev.plimsoll.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.process.MachineLock.Mode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The lock is between processes, so each test has a second one.
class MachineLockTest {
  @TempDir private Path folder;
  private final List<Process> others = new java.util.ArrayList<>();

  @AfterEach
  void endOthers() {
    others.forEach(Process::destroyForcibly);
  }

  /// Takes the lock, says so, and holds it until its input ends.
  static final class Holder {
    public static void main(String[] args) throws Exception {
      var lock = new MachineLock(Path.of(args[0]));
      try (var _ =
          lock.acquire(
              Mode.valueOf(args[1]), args[2], who -> System.out.println("waits for " + who))) {
        System.out.println("holds");
        System.in.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  @Test
  void sharedGoesBesideShared() throws Exception {
    assertThat(line(start(Mode.SHARED, "pytest"))).isEqualTo("holds");
    try (var _ = new MachineLock(folder).acquire(Mode.SHARED, "me", MachineLockTest::fail)) {
      assertThat(new MachineLock(folder).holders()).hasSize(2);
    }
  }

  @Test
  void exclusiveWaitsForSharedAndSaysForWhom() throws Exception {
    Process pytest = start(Mode.SHARED, "pytest in /shop");
    assertThat(line(pytest)).isEqualTo("holds");
    var told = new CompletableFuture<List<String>>();
    var held =
        CompletableFuture.supplyAsync(
            () -> acquire(Mode.EXCLUSIVE, told), Thread::startVirtualThread);
    assertThat(told.get(60, TimeUnit.SECONDS))
        .containsExactly("pytest in /shop (pid " + pytest.pid() + ")");
    assertThat(held).isNotDone();
    pytest.getOutputStream().close();
    held.get(60, TimeUnit.SECONDS).close();
  }

  @Test
  void aKilledHolderLetsGo() throws Exception {
    Process browser = start(Mode.EXCLUSIVE, "browser");
    assertThat(line(browser)).isEqualTo("holds");
    browser.destroyForcibly().waitFor();
    try (var _ = new MachineLock(folder).acquire(Mode.SHARED, "me", MachineLockTest::fail)) {
      assertThat(new MachineLock(folder).holders()).hasSize(1);
    }
  }

  @Test
  void newcomersQueueBehindOneWhoWaitsForExclusiveUse() throws Exception {
    Process pytest = start(Mode.SHARED, "pytest");
    assertThat(line(pytest)).isEqualTo("holds");
    Process browser = start(Mode.EXCLUSIVE, "browser");
    assertThat(line(browser)).startsWith("waits for [pytest");
    Process second = start(Mode.SHARED, "second");
    assertThat(line(second)).startsWith("waits for [pytest");
    pytest.getOutputStream().close();
    assertThat(line(browser)).isEqualTo("holds");
    assertThat(second.inputReader().ready()).isFalse();
    browser.getOutputStream().close();
    assertThat(line(second)).isEqualTo("holds");
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    assertThat(line(start(Mode.EXCLUSIVE, "browser"))).isEqualTo("holds");
    var told = new CompletableFuture<List<String>>();
    var ended = new CompletableFuture<Throwable>();
    Thread waiter =
        Thread.startVirtualThread(() -> {
          try {
            acquire(Mode.SHARED, told).close();
          } catch (Throwable e) {
            ended.complete(e);
          }
        });
    told.get(60, TimeUnit.SECONDS);
    waiter.interrupt();
    assertThat(ended.get(60, TimeUnit.SECONDS)).hasRootCauseInstanceOf(InterruptedException.class);
    assertThat(new MachineLock(folder).holders()).hasSize(1);
  }

  private MachineLock.Lease acquire(Mode mode, CompletableFuture<List<String>> told) {
    try {
      return new MachineLock(folder).acquire(mode, "me", told::complete);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Process start(Mode mode, String name) throws IOException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.toString(),
                mode.name(),
                name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    others.add(process);
    return process;
  }

  private static String line(Process process)
      throws InterruptedException, ExecutionException, java.util.concurrent.TimeoutException {
    BufferedReader reader = process.inputReader();
    return CompletableFuture.supplyAsync(() -> read(reader), Thread::startVirtualThread)
        .get(60, TimeUnit.SECONDS);
  }

  private static String read(BufferedReader reader) {
    try {
      return String.valueOf(reader.readLine());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void fail(List<String> holders) {
    throw new AssertionError("had to wait for " + holders);
  }
}
