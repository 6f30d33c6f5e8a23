package dev.plimsoll.learn;

import dev.plimsoll.learn.FileProfile.Hold;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.TestResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A simulated suite in the three groups: what its files take, with noise in every run, and which
/// of its tests fail once so many workers run.
final class TestingSuite {
  static final List<Group> GROUPS =
      List.of(new Group("heavy", 1), new Group("long", 2), new Group("light", 6));

  private final SplittableRandom random;
  private final List<File> files = new ArrayList<>();

  /// @param failsFrom number of workers from which its test fails; 0 for never
  record File(String path, String group, Hold hold, double seconds, double mib, int failsFrom) {}

  TestingSuite(long seed) {
    random = new SplittableRandom(seed);
  }

  /// A suite in which every group is of one kind, with these many files each.
  static TestingSuite usual(long seed, int files) {
    var suite = new TestingSuite(seed);
    for (int i = 0; i < files; i++) {
      suite.add("tests/perf/test_h" + i + ".py", "heavy", Hold.RULE, 3, 700, 0);
      suite.add("tests/test_e2e_" + i + ".py", "long", Hold.NAME, 8, 40, 0);
      suite.add("tests/test_l" + i + ".py", "light", Hold.NAME, 0.3, 3, 0);
    }
    return suite;
  }

  /// A file whose figures lie around these, as those of files of one kind do.
  void add(String path, String group, Hold hold, double seconds, double mib, int failsFrom) {
    double s = seconds * Math.exp(0.4 * random.nextGaussian());
    double m = mib * Math.exp(0.4 * random.nextGaussian());
    files.add(new File(path, group, hold, s, m, failsFrom));
  }

  List<FileProfile> profiles(int... workers) {
    return files.stream().map(file -> profile(file, workers)).toList();
  }

  /// The profile of a file after runs with these numbers of workers.
  private FileProfile profile(File file, int... workers) {
    var recorded = new ArrayList<RecordedTest>();
    for (int run = 0; run < workers.length; run++) {
      recorded.add(recorded(file, run, workers[run]));
    }
    return FileProfile.of(file.path(), file.group(), file.hold(), recorded, List.of());
  }

  /// Times and peaks spread by a tenth; one run in twenty is disturbed and takes up to twenty times
  /// as long.
  private RecordedTest recorded(File file, int run, int workers) {
    double disturbed = random.nextInt(20) == 0 ? 1 + random.nextDouble(19) : 1;
    double seconds = file.seconds() * Math.exp(0.1 * random.nextGaussian()) * disturbed;
    double mib = file.mib() * Math.exp(0.1 * random.nextGaussian());
    boolean fails = file.failsFrom() > 0 && workers >= file.failsFrom();
    return recorded(
        file.path() + "::test",
        run,
        workers,
        fails ? Outcome.FAILED : Outcome.PASSED,
        seconds,
        mib);
  }

  static RecordedTest recorded(
      String test, int run, int workers, Outcome outcome, double seconds, double mib) {
    Instant at = Instant.EPOCH.plusSeconds(1000L * (run + 1));
    var result =
        new TestResult(
            test,
            test.substring(0, test.indexOf("::")),
            "",
            outcome,
            "gw0",
            at,
            Duration.ofNanos((long) (seconds * 1e9)),
            Bytes.of((long) (mib * (1 << 20))),
            PeakSource.HWM_FRESH,
            1,
            "",
            "",
            List.of());
    return new RecordedTest(at, workers, result);
  }
}
