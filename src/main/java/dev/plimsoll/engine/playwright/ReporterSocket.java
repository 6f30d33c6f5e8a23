package dev.plimsoll.engine.playwright;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Listens for reporters on a Unix socket in a private folder; a script may start Playwright more
/// than once, so there may be more than one.
final class ReporterSocket implements AutoCloseable {
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final Path folder;
  private final ServerSocketChannel server;
  private final Consumer<ReporterMessage> messages;
  private final List<Thread> readers = new ArrayList<>();
  private final Thread acceptor;

  /// @param messages receives one message at a time
  ReporterSocket(Consumer<ReporterMessage> messages) throws IOException {
    this.messages = messages;
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
        tell(ReporterMessage.parse(line));
      }
    } catch (IOException e) {
      tell(new ReporterMessage.Problem("the reporter's connection broke: " + e.getMessage()));
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
