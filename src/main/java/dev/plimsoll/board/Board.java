package dev.plimsoll.board;

import java.util.List;
import java.util.Optional;

/// What a machine can ask of the board. Each call is one step that happens as a whole.
///
/// Bundles of tests wait, are leased to a member, and are done when each of their tests is settled.
/// A test is settled once: the first result counts. A member is a machine from its joining until it
/// leaves, or until it has not been heard of for as long as it said; its {@link Fence} is good for
/// that time and for one life of the store. With an old one nothing changes.
///
/// After the run, tests that failed can be given back. That begins another round, to which machines
/// of an earlier one do not belong.
///
/// When a member dies, its bundles wait again. The tests that it had handed to its workers are
/// suspects: each runs again, alone, on a member with the largest budget, or nearly so, and has
/// crashed when that one dies too.
public interface Board {
  /// Who a member is.
  ///
  /// @param name the machine, for people; no two have the same
  /// @param budget memory that its tests may hold together, in bytes
  /// @param patienceMillis how long it may be silent before it counts as dead
  record Machine(String name, int workers, long budget, long patienceMillis) {}

  /// What proves that a member still is one.
  ///
  /// @param life which life of the store, and which round: another life may have forgotten what the
  ///   member last said
  /// @param epoch the number of the membership, never used twice in one life
  record Fence(String life, long epoch) {}

  /// A membership has begun.
  ///
  /// @param lost bundles that the machine held and that are no longer its own
  record Joined(Fence fence, List<String> lost) {
    public Joined {
      lost = List.copyOf(lost);
    }
  }

  /// Tests that a member has.
  ///
  /// @param alone whether nothing may run beside them: their machine died before
  record Lease(String bundle, boolean alone, List<Integer> tests) {
    public Lease {
      tests = List.copyOf(tests);
    }
  }

  /// How the run stands.
  ///
  /// @param wantsBack whether another member has nothing to do and nothing waits
  record Standing(int settled, int red, int tests, boolean wantsBack) {
    public boolean isOver() {
      return settled >= tests;
    }
  }

  /// How the run ended.
  ///
  /// @param members machines that may still say something
  /// @param code the first exit code that says more than whether tests failed, else 0
  record Verdict(int settled, int red, int tests, int members, int code) {}

  /// A test's result.
  ///
  /// @param bundle the bundle it was leased in
  /// @param record the result, as the board keeps it
  record Settlement(String bundle, int test, boolean red, String record) {}

  /// A test that is to run again.
  ///
  /// @param bundle what it needs, empty when that is not known: it runs alone
  record Again(int test, Optional<Bundle> bundle) {}

  /// Become a member, also again.
  ///
  /// @param before the machine's last membership
  /// @param held the bundles that it still has
  /// @return empty when the last membership is from before a requeue, so that its results are old
  Optional<Joined> join(Machine machine, Optional<Fence> before, List<String> held);

  /// Say that the member lives.
  ///
  /// @param handed the tests that may have started and are not settled
  /// @return empty when the fence is old
  Optional<Standing> beat(Fence fence, List<Integer> handed);

  /// Ask for tests.
  ///
  /// @return none when nothing fits or waits; empty when the fence is old
  Optional<List<Lease>> take(Fence fence);

  /// Tell results.
  ///
  /// @param again whether the store may have forgotten them: they count although the lease is gone,
  ///   unless another result is there
  /// @return the tests whose results do not count; empty when the fence is old
  Optional<List<Integer>> settle(Fence fence, boolean again, List<Settlement> results);

  /// Return bundles of which nothing has started.
  ///
  /// @return whether the fence is good
  boolean giveBack(Fence fence, List<String> bundles);

  /// A settled test has an error that came later, from the teardown of a wider fixture.
  ///
  /// @return whether the fence is good
  boolean late(Fence fence, Settlement result);

  /// End the membership: what is left of its bundles waits again.
  ///
  /// @param code the machine's exit code
  /// @param record what the machine says of itself, as the board keeps it
  /// @return whether the fence is good
  boolean leave(Fence fence, int code, String record);

  /// How the run ended, or stands.
  Verdict verdict();

  /// Give tests back that failed or crashed: they have no result then, and run again. What a
  /// machine said of them before counts no longer.
  ///
  /// @return those that wait again; empty while a machine takes part, and nothing changes
  Optional<List<Integer>> requeue(List<Again> tests);

  /// Treat a member as dead.
  void evict(long epoch);
}
