package dev.plimsoll.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import redis.clients.jedis.Protocol.Command;

/// A real redis-server on a port of its own, with its data in a folder of the test.
public final class TestingStore implements AutoCloseable {
  private final Path folder;
  private final int port;
  private final List<String> options;
  private Process process;

  /// Start one that writes what it does to the disk once a second, as stores do.
  public TestingStore(Path folder, String... options) {
    assumeTrue(isInstalled(), "redis-server is not installed (bin/setup --tests installs it)");
    this.folder = folder;
    this.options = List.of(options);
    this.port = freePort();
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
    return "redis://127.0.0.1:" + port + "/" + run;
  }

  StoreConnection connect(String run) {
    return new StoreConnection(StoreUrl.parse(url(run)), "", 10_000);
  }

  /// A command of the store, as somebody who is not Plimsoll gives it.
  public void ask(String command, String... words) {
    askAs("", command, words);
  }

  /// The same with a password.
  public void askAs(String password, String command, String... words) {
    var url = StoreUrl.parse(url("other"));
    try (var connection = new StoreConnection(url, password, 10_000)) {
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

  public void startAgain() {
    process = start();
  }

  @Override
  public void close() {
    kill();
  }
}
