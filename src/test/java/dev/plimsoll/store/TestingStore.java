package dev.plimsoll.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import redis.clients.jedis.Protocol.Command;

/// A real redis-server on a port of its own, with its data in a folder of the test.
public final class TestingStore implements AutoCloseable {
  /// The end of a transaction in the append-only file.
  private static final Pattern EXEC = Pattern.compile("\\*1\r\n\\$4\r\nEXEC\r\n");

  private final Path folder;
  private final int port;
  private final List<String> options;
  private Process process;

  /// Start one that writes what it does to the disk once a second, as stores do.
  public TestingStore(Path folder, String... options) {
    this(folder, freePort(), List.of(options));
  }

  /// Start one that only speaks TLS, with a certificate for `localhost`.
  public static TestingStore encrypted(Path folder, TestingAuthority authority)
      throws IOException, InterruptedException {
    int port = freePort();
    var options = new ArrayList<>(List.of("--port", "0", "--tls-port", String.valueOf(port)));
    options.addAll(authority.serverOptions());
    return new TestingStore(folder, port, options);
  }

  private TestingStore(Path folder, int port, List<String> options) {
    assumeTrue(isInstalled(), "redis-server is not installed (bin/setup --tests installs it)");
    this.folder = folder;
    this.options = options;
    this.port = port;
    this.process = start();
  }

  private static boolean isInstalled() {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(entry -> Files.isExecutable(Path.of(entry, "redis-server")));
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start() {
    var command =
        new ArrayList<>(List.of("redis-server", "--bind", "127.0.0.1", "--dir", folder.toString()));
    command.addAll(List.of("--save", "", "--appendonly", "yes", "--appendfsync", "everysec"));
    if (options.stream().noneMatch(option -> option.equals("--port"))) {
      command.addAll(List.of("--port", String.valueOf(port)));
    }
    command.addAll(options);
    try {
      Process started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
              .start();
      while (started.isAlive() && !answers()) {
        Thread.onSpinWait();
      }
      if (!started.isAlive()) {
        throw new IllegalStateException(Files.readString(folder.resolve("log")));
      }
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean answers() {
    if (options.contains("--requirepass") || options.contains("--tls-port")) {
      return logs("Ready to accept connections");
    }
    try (var connection = connect("probe")) {
      return StoreConnection.text(connection.run(Command.PING, List.of())).equals("PONG");
    } catch (StoreLost e) {
      return false;
    }
  }

  private boolean logs(String text) {
    try {
      return Files.exists(folder.resolve("log"))
          && Files.readString(folder.resolve("log")).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  public String url(String run) {
    boolean encrypted = options.contains("--tls-port");
    return (encrypted ? "rediss://localhost:" : "redis://127.0.0.1:") + port + "/" + run;
  }

  StoreConnection connect(String run) {
    return new StoreConnection(StoreUrl.parse(url(run)), new StoreAccess("", ""), 10_000);
  }

  /// A command of the store, as somebody who is not Plimsoll gives it.
  public void ask(String command, String... words) {
    askAs("", command, words);
  }

  /// The same with a password.
  public void askAs(String password, String command, String... words) {
    var url = StoreUrl.parse(url("other"));
    try (var connection = new StoreConnection(url, new StoreAccess(password, ""), 10_000)) {
      connection.run(Command.valueOf(command), List.of(words));
    }
  }

  /// The ids of what a run recorded.
  public List<String> logIds(String run) {
    try (var connection = connect(run)) {
      return StoreConnection.list(
              connection.run(Command.XRANGE, List.of(connection.prefix() + "log", "-", "+")))
          .stream()
          .map(entry -> StoreConnection.text(StoreConnection.list(entry).getFirst()))
          .toList();
    }
  }

  /// End it in order and start it again: it has forgotten nothing.
  public void restart() {
    process.destroy();
    process.onExit().join();
    process = start();
  }

  /// End it without a warning.
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /// How much its append-only file has, when it has all until now: while the disk is slow, the
  /// store answers before it writes.
  long written() {
    try (var connection = connect("probe")) {
      String buffered;
      do {
        String info = StoreConnection.text(connection.run(Command.INFO, List.of("persistence")));
        buffered = RedisBoard.field(info, "aof_buffer_length");
      } while (!buffered.equals("0"));
    }
    return aof().toFile().length();
  }

  /// Take its last transactions away, after it was killed: a disk that did not get them. (Redis 7.0
  /// keeps the beginning of a transaction whose end is lost, and carries it out when it starts once
  /// more; `redis-check-aof --fix` removes it.)
  ///
  /// @param from keeps this much
  void forget(long from, Random random) {
    try (var file = FileChannel.open(aof(), StandardOpenOption.WRITE)) {
      long[] ends =
          EXEC.matcher(Files.readString(aof(), StandardCharsets.ISO_8859_1))
              .results()
              .mapToLong(MatchResult::end)
              .filter(end -> end >= from)
              .toArray();
      file.truncate(ends.length == 0 ? from : ends[random.nextInt(ends.length)]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path aof() {
    try (var files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".aof"))
          .filter(file -> !file.toString().contains(".base."))
          .max(Comparator.comparing(Path::toString))
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void startAgain() {
    process = start();
  }

  @Override
  public void close() {
    kill();
  }
}
