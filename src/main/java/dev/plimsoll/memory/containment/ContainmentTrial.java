package dev.plimsoll.memory.containment;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/// Two processes that show whether a limit holds: a host, which stays, and its child, which goes
/// past the limit when told.
///
/// The host is there because systemd removes a scope with its last process, and the counter of
/// kills with it. It is a run in small: its host stays while a worker dies.
final class ContainmentTrial implements AutoCloseable {
  private static final long SECONDS = 10;
  private static final int LINES = 3;

  /// The child waits to be moved, then holds a line of 100 MB in memory.
  private static final String GLUTTON =
      "read go; head -c 100000000 /dev/zero | tail -n 1 >/dev/null; exit 0";

  /// (Shells give a process in the background an empty input, so it gets a copy of theirs.)
  private static final List<String> HOST =
      List.of(
          "sh",
          "-c",
          "exec 3<&0; sh -c '" + GLUTTON + "' <&3 & echo $!; wait; echo ended; read end");

  private final Process host;
  private final BufferedReader said;
  private final long glutton;

  private ContainmentTrial(Process host, BufferedReader said, long glutton) {
    this.host = host;
    this.said = said;
    this.glutton = glutton;
  }

  /// @param wrap makes of a command line the one that starts it where it can be contained
  static ContainmentTrial start(UnaryOperator<List<String>> wrap) throws IOException {
    Process host = new ProcessBuilder(wrap.apply(HOST)).redirectErrorStream(true).start();
    BufferedReader said = host.inputReader();
    String first = line(said);
    if (!first.matches("\\d{1,9}")) {
      end(host);
      throw new IOException(first.isEmpty() ? "the trial did not start" : first);
    }
    return new ContainmentTrial(host, said, Long.parseLong(first));
  }

  long host() {
    return host.pid();
  }

  long glutton() {
    return glutton;
  }

  /// Have the child eat; whether it ended.
  boolean eat() throws IOException {
    host.getOutputStream().write('\n');
    host.getOutputStream().flush();
    // Some shells first say how the child ended.
    for (int i = 0; i < LINES; i++) {
      if (line(said).equals("ended")) {
        return true;
      }
    }
    return false;
  }

  /// The next line; empty when none came in time.
  private static String line(BufferedReader said) throws IOException {
    var next = new CompletableFuture<String>();
    Thread.ofVirtual().start(() -> read(said, next));
    try {
      return next.get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException silent) {
      return "";
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static void read(BufferedReader said, CompletableFuture<String> next) {
    try {
      String line = said.readLine();
      next.complete(line == null ? "" : line.strip());
    } catch (IOException ended) {
      next.completeExceptionally(ended);
    }
  }

  private static void end(Process host) {
    host.descendants().forEach(ProcessHandle::destroyForcibly);
    host.destroyForcibly();
  }

  @Override
  public void close() {
    end(host);
  }
}
