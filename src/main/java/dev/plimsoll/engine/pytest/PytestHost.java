package dev.plimsoll.engine.pytest;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.Signals;
import dev.plimsoll.process.Watchdog;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A pytest process that receives commands over a Unix socket: one real pytest session, its workers
/// below it.
///
/// Messages arrive in the order they were sent; `Exited` is the last one, after everything the host
/// printed.
public final class PytestHost implements Host {
  /// How long output may still come after the host ended: a process that a test left behind can
  /// hold its pipes open.
  private static final Duration DRAIN = Duration.ofSeconds(1);

  private final Process process;
  private final HostOutput output;
  private final Optional<ProcessKey> key;
  private final Map<Long, ProcessKey> workers = new ConcurrentHashMap<>();
  private final ServerSocketChannel server;
  private final Path socket;
  private final CountDownLatch drained = new CountDownLatch(2);
  private volatile @Nullable SocketChannel channel;

  private PytestHost(Process process, ServerSocketChannel server, Path socket) {
    this.process = process;
    this.output = new HostOutput(process.getInputStream());
    this.key = Signals.key(process.pid());
    this.server = server;
    this.socket = socket;
  }

  /// Start a host. It gets as far as it can while nobody {@linkplain #listen listens}: the kernel
  /// keeps what it says.
  ///
  /// @throws UserError when the interpreter cannot be started
  public static PytestHost start(HostRequest request) {
    return start(request, Optional.empty());
  }

  /// The same in an interpreter that has started already, where it fits.
  ///
  /// @param early is closed when it does not fit
  public static PytestHost start(HostRequest request, Optional<EarlyPython> early) {
    Path socket = socket(request.scratch());
    try {
      var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      Optional<Process> begun = early.flatMap(python -> wake(python, request, socket));
      Process process = begun.isPresent() ? begun.get() : builder(request, socket).start();
      return new PytestHost(process, server, socket);
    } catch (IOException e) {
      throw new UserError(
          "`" + request.python().executable() + "` could not be started",
          String.valueOf(e.getMessage()),
          "select a working interpreter with `--python PATH`",
          ExitCode.PYTHON);
    }
  }

  /// Where a host is listened to.
  ///
  /// @param scratch the run's own folder
  public static Path socket(Path scratch) {
    return scratch.resolve("host.sock");
  }

  private static Optional<Process> wake(EarlyPython python, HostRequest request, Path socket) {
    try {
      if (python.fits(request)) {
        return Optional.of(python.run(arguments(request), variables(request, socket)));
      }
    } catch (IOException ended) {
      // Another is started, and says why it ends too.
    }
    python.close();
    return Optional.empty();
  }

  /// Takes its messages on threads of its own.
  ///
  /// They are not virtual: one that reads a socket starts a thread of the JDK that polls for ever,
  /// and at its exit a JVM waits 0.3 s for a thread in native code.
  @Override
  public void listen(Consumer<HostMessage> sink) {
    Thread.ofPlatform().daemon().name("host-messages").start(() -> readMessages(sink));
    Thread.ofPlatform().daemon().name("host-output").start(() -> readOutput(sink));
    Thread.ofPlatform().daemon().name("host-exit").start(() -> awaitExit(sink));
  }

  private static ProcessBuilder builder(HostRequest request, Path socket) {
    var command = new ArrayList<String>();
    command.add(request.python().executable().toString());
    command.addAll(request.python().program());
    command.addAll(arguments(request));
    var builder =
        new ProcessBuilder(request.launcher().apply(command))
            .directory(request.folder().toFile())
            .redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    prepare(environment, request.plugin(), request.run());
    environment.putAll(variables(request, socket));
    if (request.isInteractive()) {
      return builder.inheritIO();
    }
    return builder.redirectInput(new File("/dev/null"));
  }

  /// What pytest is given.
  private static List<String> arguments(HostRequest request) {
    var arguments = new ArrayList<>(List.of("-p", "plimsoll_pytest.plugin"));
    arguments.addAll(request.arguments());
    return arguments;
  }

  /// Set the variables that an interpreter must be started with.
  static void prepare(Map<String, String> environment, Path plugin, String run) {
    environment.merge(
        "PYTHONPATH",
        plugin.toString(),
        (path, own) -> path.isEmpty() ? own : own + File.pathSeparator + path);
    environment.put("_PLIMSOLL_PATH", plugin.toString());
    environment.put(Watchdog.MARK, run);
  }

  /// Variables that count when pytest begins.
  private static Map<String, String> variables(HostRequest request, Path socket) {
    var variables = new LinkedHashMap<String, String>();
    variables.put(Watchdog.MARK, request.run()); // one that was started early may have another
    variables.put("_PLIMSOLL_SOCKET", socket.toString());
    variables.put("_PLIMSOLL_ENGINE", request.engine());
    variables.putAll(request.environment());
    return variables;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void startWorker(int worker, int count, boolean isolated) {
    send(new HostCommand.Start(worker, count, isolated));
  }

  @Override
  public void run(int worker, List<Integer> items, List<Integer> repeat) {
    send(new HostCommand.Run(worker, items, repeat));
  }

  @Override
  public void drop(int worker) {
    send(new HostCommand.Drop(worker));
  }

  @Override
  public void retire(int worker) {
    send(new HostCommand.Retire(worker));
  }

  @Override
  public void kill(int worker, int item, int signal) {
    send(new HostCommand.Kill(worker, item, signal));
  }

  @Override
  public void dump(int worker) {
    send(new HostCommand.Dump(worker, HostMessage.NONE, ""));
  }

  @Override
  public void dump(int worker, int item, String text) {
    send(new HostCommand.Dump(worker, item, text));
  }

  @Override
  public void killNow(long pid) {
    Optional.ofNullable(workers.get(pid)).ifPresent(Signals::kill);
  }

  @Override
  public void spawnFromNow() {
    send(new HostCommand.Spawn());
  }

  @Override
  public void crashed(int worker, int item, String text) {
    send(new HostCommand.Crashed(worker, item, text));
  }

  @Override
  public void finish() {
    send(new HostCommand.Finish());
  }

  @Override
  public void abort(String reason) {
    send(new HostCommand.Abort(reason));
  }

  @Override
  public void interrupt() {
    try {
      if (key.isPresent()) {
        Signals.interrupt(key.get(), false);
      }
    } catch (IOException noShell) {
      process.destroy();
    }
  }

  @Override
  public void kill() {
    process.destroyForcibly();
  }

  private void send(HostCommand command) {
    SocketChannel connected = channel;
    if (connected == null) {
      return;
    }
    try {
      var buffer = ByteBuffer.wrap(HostWriter.line(command).getBytes(StandardCharsets.UTF_8));
      while (buffer.hasRemaining()) {
        connected.write(buffer);
      }
    } catch (IOException e) {
      // The host is gone: its exit is on the way as a message and says more than this.
      return;
    }
  }

  private void readMessages(Consumer<HostMessage> sink) {
    try (SocketChannel accepted = server.accept();
        var lines =
            new BufferedReader(
                new InputStreamReader(Channels.newInputStream(accepted), StandardCharsets.UTF_8),
                1 << 16)) {
      channel = accepted;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        HostMessage message = HostReader.read(line);
        know(message);
        if (message instanceof HostMessage.Collected) {
          output.awaitPassedOn(); // pytest's header comes before what Plimsoll prints of the tests
        }
        sink.accept(message);
      }
    } catch (ClosedChannelException | SocketException e) {
      // One of the two ends, and the exit that follows says more than this.
      return;
    } catch (IOException e) {
      sink.accept(new HostMessage.Note(true, "the connection to pytest broke: " + e.getMessage()));
    } finally {
      channel = null;
      drained.countDown();
    }
  }

  /// Who a worker is, as long as it lives: its pid may be another's later.
  private void know(HostMessage message) {
    if (message instanceof HostMessage.Worker worker) {
      Signals.key(worker.pid()).ifPresent(known -> workers.put(worker.pid(), known));
    } else if (message instanceof HostMessage.Gone gone) {
      workers.remove(gone.pid());
    }
  }

  private void readOutput(Consumer<HostMessage> sink) {
    try {
      output.passOn(sink);
    } catch (IOException e) {
      sink.accept(
          new HostMessage.Note(true, "pytest's output could not be read: " + e.getMessage()));
    } finally {
      drained.countDown();
    }
  }

  private void awaitExit(Consumer<HostMessage> sink) {
    try {
      int status = process.waitFor();
      server.close();
      if (!drained.await(DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
        disconnect();
      }
      sink.accept(new HostMessage.Exited(status));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void disconnect() throws IOException {
    SocketChannel connected = channel;
    if (connected != null) {
      connected.close();
    }
    process.getInputStream().close();
  }

  @Override
  public void close() {
    kill();
    try {
      server.close();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
