package dev.plimsoll.engine.playwright;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// Listens for reporters on a Unix socket in a private folder; a script may start Playwright more
/// than once, so there may be more than one.
final class ReporterSocket implements AutoCloseable {
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final Path folder;
  private final ServerSocketChannel server;
  private final Consumer<ReporterMessage> messages;
  private final Function<ReporterMessage.Collection, List<Integer>> shares;
  private final List<Thread> readers = new ArrayList<>();
  private final Thread acceptor;

  /// @param messages receives one message at a time
  /// @param shares answers which tests of a collection run here
  ReporterSocket(
      Consumer<ReporterMessage> messages,
      Function<ReporterMessage.Collection, List<Integer>> shares)
      throws IOException {
    this.messages = messages;
    this.shares = shares;
    folder = Files.createTempDirectory("plimsoll-");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path()));
    acceptor = Thread.ofPlatform().daemon().name("reporters").start(this::accept);
  }

  Path path() {
    return folder.resolve("reporter");
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel reporter = server.accept();
        synchronized (readers) {
          readers.add(Thread.ofPlatform().daemon().name("reporter").start(() -> read(reporter)));
        }
      }
    } catch (IOException closed) {
      // close() ends the waiting.
    }
  }

  private void read(SocketChannel reporter) {
    try (reporter;
        var lines = new BufferedReader(Channels.newReader(reporter, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        ReporterMessage message = ReporterMessage.parse(line);
        tell(message);
        if (message instanceof ReporterMessage.Collected(var all)) {
          answer(reporter, shares.apply(all));
        }
      }
    } catch (IOException e) {
      tell(new ReporterMessage.Problem("the reporter's connection broke: " + e.getMessage()));
    }
  }

  private static void answer(SocketChannel reporter, List<Integer> places) throws IOException {
    String line = JSON.std.asString(Map.of("run", places)) + "\n";
    var bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      reporter.write(bytes);
    }
  }

  private void tell(ReporterMessage message) {
    synchronized (messages) {
      messages.accept(message);
    }
  }

  /// Stop listening, when those that still talk have ended.
  @Override
  public void close() throws IOException {
    try {
      List<Thread> talking;
      synchronized (readers) {
        talking = List.copyOf(readers);
      }
      for (Thread reader : talking) {
        reader.join(LAST_WORDS);
      }
      server.close();
      acceptor.join(LAST_WORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      server.close();
      Files.deleteIfExists(path());
      Files.deleteIfExists(folder);
    }
  }
}
