package dev.plimsoll.diagnose;

import java.util.List;
import java.util.Set;

/// An experiment: the test in company.
///
/// @param company the other tests, in the order in which they run; empty for the test alone
/// @param apart those of the company that must run all the time, so each has a worker of its own
public record Trial(Way way, List<String> company, Set<String> apart) {
  public static final Trial ALONE = new Trial(Way.BEFORE, List.of(), Set.of());

  public Trial {
    company = List.copyOf(company);
    apart = Set.copyOf(apart);
    if (!company.containsAll(apart)) {
      throw new IllegalArgumentException("not in the company: " + apart);
    }
  }
}
