package dev.plimsoll.engine.pytest;

import java.util.List;
import java.util.function.Consumer;

/// A pytest session with its workers, which does what the dispatcher decides.
///
/// Nothing here waits: an order is sent, and what comes of it arrives as a {@link HostMessage}. An
/// order for a worker that has ended does nothing.
public interface Host extends AutoCloseable {
  /// Process of the session.
  long pid();

  /// Take its messages from now on, in the order they were sent; {@link HostMessage.Exited} is the
  /// last. Once only.
  void listen(Consumer<HostMessage> sink);

  /// Start a worker; {@link HostMessage.Worker} says when it is ready.
  ///
  /// @param count number of workers, for `workercount`
  /// @param isolated whether it gets one batch only: it ends then without waiting for other workers
  void startWorker(int worker, int count, boolean isolated);

  /// Give a worker tests, behind those that it has.
  ///
  /// @param repeat those of them that run again if they fail: their failure counts for nothing
  void run(int worker, List<Integer> items, List<Integer> repeat);

  /// Take back the tests that the worker has not started.
  void drop(int worker);

  /// Have the worker end after its tests.
  void retire(int worker);

  /// Have the worker write its stacks. When the item ends before it is killed, it has failed for
  /// what the text says.
  void dump(int worker, int item, String text);

  /// Have a worker that runs no test write its stacks.
  void dump(int worker);

  /// Send the worker a signal while it runs this item; not when that has ended meanwhile.
  void kill(int worker, int item, int signal);

  /// Kill a worker's process without asking the session, which may be busy. The session reports the
  /// death.
  void killNow(long pid);

  /// Start workers as processes of their own from now on, instead of forking them.
  void spawnFromNow();

  /// Report a test as crashed.
  void crashed(int worker, int item, String text);

  /// No more tests: the session ends in order.
  void finish();

  /// End as after Ctrl-C: the workers are killed.
  void abort(String reason);

  /// Send SIGINT, as Ctrl-C would: for sessions that obey nothing else.
  void interrupt();

  /// End it at once; its workers end with it.
  void kill();

  /// End it at once if it still lives.
  @Override
  void close();
}
