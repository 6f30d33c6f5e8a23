package dev.plimsoll.process;

import dev.plimsoll.model.ProcessKey;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A started program with everything it starts in turn.
///
/// It has a session of its own, the run's mark and a mark of this child alone in its environment,
/// and a raised `oom_score_adj`, all of which its descendants inherit. What it prints, to standard
/// output and error alike, is kept in a file and handed on line by line.
public final class Child {
  private static final String PART = "_PLIMSOLL_PART";
  private static final Duration LAST_LINES = Duration.ofSeconds(2);

  private final Process process;
  private final Optional<ProcessKey> key;
  private final String mark;
  private final Path output;
  private final Thread reader;

  /// What to start.
  ///
  /// @param command program and arguments
  /// @param env added to this process's environment
  /// @param output file that keeps what it prints; its folder is made
  /// @param oomScore `oom_score_adj` from 0 to 1000: the higher, the sooner the kernel takes it
  /// @param input what it reads from standard input
  public record Start(
      List<String> command,
      Path folder,
      Map<String, String> env,
      String run,
      Path output,
      int oomScore,
      Input input) {
    /// A program that reads no input.
    public Start(
        List<String> command,
        Path folder,
        Map<String, String> env,
        String run,
        Path output,
        int oomScore) {
      this(command, folder, env, run, output, oomScore, Input.NONE);
    }

    public Start {
      command = List.copyOf(command);
      env = Map.copyOf(env);
    }
  }

  /// What a program finds on its standard input.
  public enum Input {
    /// Its end, at once.
    NONE,
    /// Nothing, until the program ends or this process does: what ends at the end of its input goes
    /// on.
    OPEN
  }

  private Child(Process process, String mark, Path output, Thread reader) {
    this.process = process;
    this.key = Signals.key(process.pid());
    this.mark = mark;
    this.output = output;
    this.reader = reader;
  }

  /// Start a program.
  ///
  /// @param lines receives each line of output, on a separate thread
  /// @throws IOException when the program cannot be started or its output cannot be kept
  public static Child start(Start start, Consumer<String> lines) throws IOException {
    String part = UUID.randomUUID().toString();
    Files.createDirectories(start.output().toAbsolutePath().getParent());
    BufferedWriter copy = Files.newBufferedWriter(start.output());
    var builder =
        new ProcessBuilder(
                exposed(NewSession.own(start.command(), start.folder()), start.oomScore()))
            .directory(start.folder().toFile())
            .redirectInput(
                switch (start.input()) {
                  case NONE -> Redirect.from(Path.of("/dev/null").toFile());
                  case OPEN -> Redirect.PIPE;
                })
            .redirectErrorStream(true);
    builder.environment().putAll(start.env());
    builder.environment().put(Watchdog.MARK, start.run());
    builder.environment().put(PART, part);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      copy.close();
      throw e;
    }
    Thread reader = Thread.ofVirtual().name("output").start(() -> copyLines(process, copy, lines));
    return new Child(process, PART + "=" + part, start.output(), reader);
  }

  /// A shell raises its own `oom_score_adj` and then becomes the command.
  private static List<String> exposed(List<String> command, int score) {
    List<String> line = new ArrayList<>();
    line.addAll(List.of("sh", "-c"));
    line.add("{ echo \"$0\" >/proc/self/oom_score_adj; } 2>/dev/null; exec \"$@\"");
    line.add(Integer.toString(score));
    line.addAll(command);
    return line;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// The file that keeps its output.
  public Path output() {
    return output;
  }

  /// What its environment carries and no other child's does: `NAME=value`.
  public String mark() {
    return mark;
  }

  /// Completed with the exit code when the program itself has ended; 128 + n after signal n.
  public CompletableFuture<Integer> onExit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /// Tell the program and the children in its group to end, as a terminal does at Ctrl-C. Where the
  /// program itself has ended, nothing proves that the group is still its own.
  public void interrupt() throws IOException {
    if (key.isPresent()) {
      Signals.interrupt(key.get(), true);
    }
  }

  /// End the program and all it started, those that left its tree included, and wait until the rest
  /// of its output is kept.
  ///
  /// @param grace time between TERM and KILL
  public Stopper.Stopped stop(Duration grace) {
    var stopped = new Stopper(new ProcessTable(Path.of("/proc"))).stopMarked(mark, grace);
    try {
      reader.join(LAST_LINES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return stopped;
  }

  /// The last lines of its output.
  public List<String> lastLines(int count) {
    try {
      List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
      return List.copyOf(lines.subList(Math.max(0, lines.size() - count), lines.size()));
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  private static void copyLines(Process process, BufferedWriter copy, Consumer<String> lines) {
    try (copy;
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        copy.write(line);
        copy.newLine();
        copy.flush();
        lines.accept(line);
      }
    } catch (IOException ended) {
      // The pipe closed with the process; what was printed is kept.
    }
  }
}
