package dev.plimsoll.engine.pytest;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What the pytest host reports to Plimsoll: the messages `fromHost` of `protocol.json`, and what
/// its process does.
public sealed interface HostMessage {
  /// No worker, test, signal or status.
  int NONE = -1;

  /// The first message of a session.
  ///
  /// @param xdist version of pytest-xdist, empty where it is missing or blocked
  /// @param reports options that have pytest write a file of its own at the end
  /// @param environment versions of Python, pytest and its plugins
  record Hello(String xdist, String rootdir, List<String> reports, Map<String, String> environment)
      implements HostMessage {}

  record Items(List<Item> items) implements HostMessage {}

  /// A collected test.
  ///
  /// @param unit key of the fixture scope it shares, empty when it splits freely
  /// @param pool its `xdist_group`, empty when none
  /// @param declared keyword arguments of `@pytest.mark.plimsoll`, as text
  record Item(
      int index,
      String id,
      String path,
      String unit,
      String pool,
      List<String> marks,
      Map<String, String> declared) {
    public Item {
      marks = List.copyOf(marks);
      declared = Map.copyOf(declared);
    }
  }

  /// A file, folder or class without tests: it could not be collected, or skipped itself.
  ///
  /// @param outcome `ERROR` or `SKIPPED`
  record Uncollected(String id, Outcome outcome, String text, String reason)
      implements HostMessage {}

  /// The collection is complete.
  ///
  /// @param collectOnly whether nothing is to run
  /// @param verbose whether to print the outcome of each test
  /// @param engine engine that will be used
  /// @param why reason when it is not the one asked for, else empty
  /// @param arranged whether an option, a plugin or a conftest has put the tests in their order
  /// @param marks marks of deselected tests, by the path of the file
  /// @param dist `--dist` value the project asks for, empty when none
  /// @param numprocesses `-n` value the project asks for, empty when none
  record Collected(
      int count,
      int deselected,
      int errors,
      boolean arranged,
      Map<String, List<String>> marks,
      boolean collectOnly,
      boolean verbose,
      String engine,
      String why,
      String dist,
      String numprocesses)
      implements HostMessage {
    /// Says that a `-n` is not used; empty when there is none, or pytest-xdist runs.
    public String unusedCount() {
      boolean ours = engine.equals("fork") || engine.equals("spawn");
      return !ours || numprocesses.isEmpty()
          ? ""
          : "ignored `-n %s` of pytest: Plimsoll decides how many workers run; `PLIMSOLL_WORKERS=N` sets the maximum"
              .formatted(numprocesses);
    }
  }

  /// A worker is ready.
  ///
  /// @param took time from the request to start it, zero when it was not requested
  record Worker(int worker, long pid, Duration took) implements HostMessage {}

  record Started(int worker, int item, Instant at) implements HostMessage {}

  /// A test ended.
  ///
  /// @param peak memory above what the worker held before
  /// @param repeat whether it failed and that counts for nothing: it runs again
  record Done(
      int worker,
      int item,
      Outcome outcome,
      Instant start,
      Duration duration,
      Duration waited,
      Duration cpu,
      Bytes peak,
      PeakSource source,
      String text,
      String reason,
      boolean repeat)
      implements HostMessage {}

  /// A wider fixture's teardown failed after its last test was done.
  record Late(int worker, int item, String text) implements HostMessage {}

  record Dropped(int worker, List<Integer> items) implements HostMessage {}

  /// A worker's process ended.
  ///
  /// @param signal number of the signal that ended it, `NONE` when it exited
  /// @param status its exit code, `NONE` when a signal ended it
  /// @param item test that ran, `NONE` for none
  /// @param stack what faulthandler wrote
  /// @param output last captured output
  record Gone(
      int worker,
      long pid,
      int signal,
      int status,
      int item,
      String phase,
      String stack,
      String output,
      boolean expected)
      implements HostMessage {}

  /// A worker can never go on in this test: each of its threads waits for another of its own.
  ///
  /// @param forked whether it is a copy of the host, which may be why
  record Stuck(int worker, int item, boolean forked) implements HostMessage {}

  record Stop(String reason) implements HostMessage {}

  record Note(boolean warning, String text) implements HostMessage {}

  /// A spawned worker collected other tests than the host.
  record UnitError(int worker, String text) implements HostMessage {}

  /// pytest's session has ended.
  ///
  /// @param chosen whether a hook of the project has changed the exit status
  /// @param also what pytest and plugins count beside the outcomes, such as warnings
  record Bye(int exitStatus, boolean chosen, Map<String, Integer> also) implements HostMessage {
    public Bye {
      also = Map.copyOf(also);
    }

    public Bye(int exitStatus, boolean chosen) {
      this(exitStatus, chosen, Map.of());
    }
  }

  /// Text that pytest printed.
  record Output(String text) implements HostMessage {}

  /// The host's process ended; the last message of all.
  record Exited(int status) implements HostMessage {}
}
