package dev.plimsoll.diagnose;

/// What company does to a test.
public enum Effect {
  /// It passes alone and fails in company.
  BREAKS,
  /// It fails alone and passes in company: another test does what it should do itself.
  MENDS;

  boolean showsIn(Sighting sighting) {
    return sighting == (this == BREAKS ? Sighting.FAILED : Sighting.PASSED);
  }
}
