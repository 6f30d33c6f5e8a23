package dev.plimsoll.run.plan;

import dev.plimsoll.config.schema.TestOrder;
import dev.plimsoll.engine.pytest.ChosenPython;
import dev.plimsoll.engine.pytest.HostRequest;
import dev.plimsoll.estimate.Sample;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Mode;
import dev.plimsoll.model.RetryRule;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.schedule.UnitOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Everything that is decided before a run starts.
///
/// @param command the arguments of `plimsoll`, for people
/// @param mode whether the groups run one after another or all in one pool
/// @param groups in the order they run
/// @param groupOf which group a test belongs to
/// @param samples earlier attempts by node id, the newest first; asked for once the tests are
///   collected
/// @param earlier outcomes that a run before this one has already, by node id: such tests do not
///   run again
/// @param workers workers at the most over all groups
/// @param capacity the largest memory budget the run could have
/// @param asked the memory budget that the user set, as a size
/// @param workerBase memory that a new worker takes before its first test
/// @param workerGrowth how much more a worker may hold after its tests before it is replaced
/// @param isolate what gets a worker process of its own
/// @param oversize whether a test that is known to exceed the budget may run alone
/// @param sequence node ids of the only tests to run, in this order in one worker; empty for all
/// @param retry how often a failed test runs again
/// @param python the interpreter of all sessions
/// @param parts the pytest sessions, one after another: one, or one for each group where the runner
///   schedules its own tests
/// @param containment what the kernel enforces, in words
/// @param shard the shard that the run is for; empty when all tests run
/// @param board whether the tests come from a board that several machines share
public record RunPlan(
    String id,
    String command,
    Mode mode,
    TestOrder order,
    List<Group> groups,
    GroupOf groupOf,
    Supplier<Map<String, List<Sample>>> samples,
    Map<String, TestResult> earlier,
    int workers,
    Bytes capacity,
    Optional<Bytes> asked,
    Bytes workerBase,
    Bytes workerGrowth,
    Isolation isolate,
    boolean oversize,
    List<String> sequence,
    RetryRule retry,
    String containment,
    Machine machine,
    ChosenPython python,
    List<Part> parts,
    Optional<ShardChoice> shard,
    boolean board) {
  public RunPlan {
    groups = List.copyOf(groups);
    parts = List.copyOf(parts);
    sequence = List.copyOf(sequence);
  }

  /// Whether other machines have a part of the tests.
  public boolean sharesTests() {
    return board || shard.isPresent();
  }

  /// The engine that was asked for.
  public String engine() {
    return parts.getFirst().host().engine();
  }

  /// The order of the tests inside a group.
  ///
  /// @param arranged whether somebody has put the tests in the order in which they were collected
  public UnitOrder orderIn(boolean arranged) {
    return switch (order) {
      case LONGEST -> UnitOrder.LONGEST;
      case PATH -> UnitOrder.PATH;
      case FAILED_FIRST -> UnitOrder.FAILED_FIRST;
      case AUTO ->
          arranged
              ? UnitOrder.COLLECTED
              : mode == Mode.PACKED && workers > 1 ? UnitOrder.LONGEST : UnitOrder.SHORT_TAIL;
    };
  }

  /// A pytest session of the run.
  ///
  /// @param group the one group that it runs, empty when it runs all that are wanted
  public record Part(String group, HostRequest host) {}

  /// A group of the run.
  ///
  /// @param count how many of its tests may run at once, and why
  /// @param prior memory that a test of it is expected to take before anything is known of it
  /// @param declared memory that each of its tests needs, as configured
  /// @param timeout time limit of each of its tests
  public record Group(
      String name,
      WorkerCount count,
      Bytes prior,
      ByPath<Bytes> declared,
      ByPath<Duration> timeout) {
    public int workers() {
      return count.value();
    }

    /// How many cores the running tests may keep busy before no further test of this group starts.
    public double cores() {
      return count.cores();
    }
  }

  /// Which group a test belongs to.
  public interface GroupOf {
    /// The index of the group of a file, -1 when its tests are not to run.
    ///
    /// @param file the file's absolute path, a text: its name need not be UTF-8
    /// @param marks names of all marks in the file
    int group(String file, Set<String> marks);

    /// Says that a file stands in a list only because the lists do not know its marks.
    ///
    /// @return the file with both groups; empty when it is in no list, moved by hand, or where its
    ///   marks place it
    Optional<String> stray(String file, Set<String> marks);

    /// Whether the project has group lists and none holds the file.
    ///
    /// @param file absolute path
    boolean isUnlisted(String file);

    /// Whether the tests of a group are to run.
    boolean runs(String group);

    /// The path of a file as rules and globs name it: relative to the project where it is in it.
    String inProject(String file);
  }
}
