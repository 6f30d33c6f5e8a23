package dev.plimsoll.board;

import dev.plimsoll.board.Board.Lease;
import dev.plimsoll.board.Board.Settlement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one machine knows of its part of the board: the bundles that it has, which of their tests
/// its workers got, and the results that it gave.
///
/// It keeps all its results until the run is over: a store that began another life may have
/// forgotten the last ones.
public final class Member {
  /// The bundles that it holds: those of which a test has no result.
  private final Map<String, List<Integer>> bundles = new LinkedHashMap<>();

  private final Map<Integer, String> bundleOf = new HashMap<>();

  /// Tests that were enqueued here and that no worker got.
  private final Set<Integer> waiting = new LinkedHashSet<>();

  /// Tests that a worker got and that have no result.
  private final Set<Integer> handed = new LinkedHashSet<>();

  private final Map<Integer, Settlement> results = new LinkedHashMap<>();

  private final Map<Integer, Settlement> lates = new LinkedHashMap<>();

  /// Tests whose results the board refused, because they were no longer this machine's.
  private final Set<Integer> refused = new HashSet<>();

  /// What a lease means here.
  ///
  /// @param tests those that are to run
  /// @param alone whether nothing may run beside them
  /// @param known results of tests that ran here before, whose lease was lost meanwhile
  public record Given(List<Integer> tests, boolean alone, List<Settlement> known) {
    public Given {
      tests = List.copyOf(tests);
      known = List.copyOf(known);
    }
  }

  /// A lease has come.
  public Given given(Lease lease) {
    bundles.put(lease.bundle(), lease.tests());
    var fresh = new ArrayList<Integer>();
    var known = new ArrayList<Settlement>();
    for (int test : lease.tests()) {
      bundleOf.put(test, lease.bundle());
      Settlement result = results.get(test);
      if (result != null) {
        known.add(keep(new Settlement(lease.bundle(), test, result.red(), result.record())));
      } else if (!handed.contains(test) && waiting.add(test)) {
        fresh.add(test);
      }
    }
    dropEnded(lease.bundle());
    return new Given(fresh, lease.alone(), known);
  }

  /// Workers got these tests.
  public void hand(Collection<Integer> tests) {
    for (int test : tests) {
      waiting.remove(test);
      handed.add(test);
    }
  }

  /// Workers returned these tests before they started.
  public void unhand(Collection<Integer> tests) {
    for (int test : tests) {
      if (handed.remove(test)) {
        waiting.add(test);
      }
    }
  }

  /// A test that has a result here has an error that came later.
  public Settlement late(int test, String record) {
    Settlement late = new Settlement(bundleOf.getOrDefault(test, ""), test, true, record);
    lates.put(test, late);
    return late;
  }

  /// Errors that came late, of results that count.
  public List<Settlement> lates() {
    return lates.values().stream().filter(late -> !refused.contains(late.test())).toList();
  }

  /// A test has its result.
  ///
  /// @return what to tell the board
  public Settlement end(int test, boolean red, String record) {
    waiting.remove(test);
    handed.remove(test);
    Settlement result = keep(new Settlement(bundleOf.getOrDefault(test, ""), test, red, record));
    dropEnded(result.bundle());
    return result;
  }

  private void dropEnded(String bundle) {
    List<Integer> tests = bundles.getOrDefault(bundle, List.of());
    if (tests.stream().noneMatch(test -> waiting.contains(test) || handed.contains(test))) {
      bundles.remove(bundle);
    }
  }

  private Settlement keep(Settlement result) {
    results.put(result.test(), result);
    refused.remove(result.test());
    return result;
  }

  /// The board does not count these results.
  public void refuse(Collection<Integer> tests) {
    refused.addAll(tests);
  }

  /// Tests that may have started and have no result.
  public List<Integer> handed() {
    return List.copyOf(handed);
  }

  /// Tests that wait for a worker.
  public Set<Integer> waiting() {
    return Set.copyOf(waiting);
  }

  /// The bundles that it holds and has not ended.
  public List<String> held() {
    return List.copyOf(bundles.keySet());
  }

  /// All results that count, for a store that may have forgotten them.
  public List<Settlement> results() {
    return results.values().stream().filter(result -> !refused.contains(result.test())).toList();
  }

  /// Whether the test is or was this machine's.
  public boolean has(int test) {
    return waiting.contains(test) || handed.contains(test) || results.containsKey(test);
  }

  /// The result of a test here.
  public Optional<Settlement> result(int test) {
    return Optional.ofNullable(results.get(test));
  }

  /// Bundles that are no longer its own; answers their tests that still wait, which do not run
  /// here.
  public List<Integer> lose(Collection<String> lost) {
    var tests = new ArrayList<Integer>();
    for (String name : lost) {
      for (int test : bundles.getOrDefault(name, List.of())) {
        if (waiting.remove(test)) {
          tests.add(test);
        }
      }
      bundles.remove(name);
    }
    return tests;
  }

  /// The bundles to return when another machine has nothing to do: half of those of which no test
  /// was given to a worker, the last ones.
  public List<String> spare() {
    var whole =
        bundles.entrySet().stream()
            .filter(bundle -> waiting.containsAll(bundle.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    return whole.subList(whole.size() / 2, whole.size());
  }
}
