package dev.plimsoll.process;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// A child that this process has had since before it became Java: the launcher script started it
/// and then replaced itself. Its pipes are descriptors that Java inherited.
///
/// Java learns of its end but not how it ended, and leaves it a zombie; the kernel tells the rest
/// for as long as it is one.
public final class InheritedProcess extends Process {
  private static final int PROBED = 7;

  private final ProcessHandle handle;
  private final OutputStream orders;
  private final InputStream output;
  private final ProcFiles files;
  private @Nullable CompletableFuture<Integer> status;

  private InheritedProcess(
      ProcessHandle handle, OutputStream orders, InputStream output, ProcFiles files) {
    this.handle = handle;
    this.orders = orders;
    this.output = output;
    this.files = files;
  }

  /// Found out from the first question on, since it takes a thread.
  private synchronized CompletableFuture<Integer> status() {
    CompletableFuture<Integer> asked = status;
    if (asked == null) {
      asked = handle.onExit().thenApply(ended -> files.exitStatus(ended.pid()).orElse(-1));
      status = asked;
    }
    return asked;
  }

  /// This process's descriptors of a child's pipes.
  ///
  /// @param orders of its standard input
  /// @param output of what takes all that it prints
  public record Pipes(int orders, int output) {}

  /// Take over a child. One that cannot be is ended.
  ///
  /// @param pid of the child
  /// @param probe another child, which has ended with {@value #PROBED}: where the kernel does not
  ///   tell that, a failure of the child would pass for success
  /// @param mark what it has in its environment, `NAME=value`
  /// @return empty when this process has no such children or no such descriptors
  public static Optional<Process> of(long pid, long probe, String mark, Pipes pipes) {
    var files = new ProcFiles(Path.of("/proc"));
    Optional<ProcessHandle> child =
        ProcessHandle.of(pid).filter(handle -> files.hasVariable(handle.pid(), mark));
    long self = ProcessHandle.current().pid();
    boolean own =
        child.flatMap(ProcessHandle::parent).filter(parent -> parent.pid() == self).isPresent();
    try {
      if (own && files.exitStatus(probe).filter(status -> status == PROBED).isPresent()) {
        return Optional.of(
            new InheritedProcess(
                child.orElseThrow(),
                new FileOutputStream("/proc/self/fd/" + pipes.orders()),
                new FileInputStream("/proc/self/fd/" + pipes.output()),
                files));
      }
    } catch (IOException notOpen) {
      // It is ended like any other that is of no use.
    }
    child.ifPresent(ProcessHandle::destroyForcibly);
    return Optional.empty();
  }

  @Override
  public long pid() {
    return handle.pid();
  }

  @Override
  public ProcessHandle toHandle() {
    return handle;
  }

  @Override
  public OutputStream getOutputStream() {
    return orders;
  }

  @Override
  public InputStream getInputStream() {
    return output;
  }

  /// Nothing: the child prints everything to one pipe.
  @Override
  public InputStream getErrorStream() {
    return InputStream.nullInputStream();
  }

  @Override
  public int waitFor() throws InterruptedException {
    try {
      return status().get();
    } catch (ExecutionException | CancellationException unknown) {
      return -1;
    }
  }

  @Override
  public int exitValue() {
    if (isAlive()) {
      throw new IllegalThreadStateException("process " + pid() + " has not ended");
    }
    return status().getNow(-1);
  }

  @Override
  public boolean isAlive() {
    return !status().isDone();
  }

  @Override
  public void destroy() {
    handle.destroy();
  }

  @Override
  public Process destroyForcibly() {
    handle.destroyForcibly();
    return this;
  }
}
