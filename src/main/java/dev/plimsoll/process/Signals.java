package dev.plimsoll.process;

import dev.plimsoll.model.ProcessKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Signals to a process that is still the one meant. Its pid may be another's by now: the start
/// time decides.
public final class Signals {
  private static final ProcFiles FILES = new ProcFiles(Path.of("/proc"));

  private Signals() {}

  /// What identifies the process that has this pid now; empty when there is none.
  public static Optional<ProcessKey> key(long pid) {
    return FILES.stat(pid).map(ProcessEntry::key);
  }

  public static void kill(ProcessKey key) {
    send(key, ProcessHandle::destroyForcibly);
  }

  static void terminate(ProcessKey key) {
    send(key, ProcessHandle::destroy);
  }

  /// A handle compares the start time that it was made with when it sends the signal. So when the
  /// process is the one meant after the handle was made, the signal reaches it or nobody.
  private static void send(ProcessKey key, Consumer<ProcessHandle> signal) {
    Optional<ProcessHandle> handle = ProcessHandle.of(key.pid());
    if (key(key.pid()).filter(key::equals).isPresent()) {
      handle.ifPresent(signal);
    }
  }

  /// Send INT, which Java cannot; a shell compares the start time.
  ///
  /// @param group whether to its process group
  /// @throws IOException when there is no shell
  public static void interrupt(ProcessKey key, boolean group) throws IOException {
    String pid = Long.toString(key.pid());
    String script = script("signal.sh") + "send INT \"$1\" \"$2\" \"$3\"";
    String start = Long.toString(key.start());
    List<String> line = List.of("sh", "-c", script, "sh", group ? "-" + pid : pid, pid, start);
    Process shell =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start();
    try {
      shell.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The text of a shell script of this package.
  static String script(String name) {
    try (InputStream text = Signals.class.getResourceAsStream(name)) {
      if (text == null) {
        throw new IllegalStateException(name + " is missing from the program");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
