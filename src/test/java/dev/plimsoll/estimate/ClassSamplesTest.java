package dev.plimsoll.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.PeakSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassSamplesTest {
  @Test
  void timesOfAnotherClassAreScaledByTheMedianRatioOfCommonTests() {
    var own = new HashMap<String, List<Sample>>();
    var other = new HashMap<String, List<Sample>>();
    for (int i = 0; i < 7; i++) {
      own.put("common" + i, List.of(sample(200, 10)));
      other.put("common" + i, List.of(sample(100, 10)));
    }
    own.put("common0", List.of(sample(9_000, 10))); // an outlier does not move a median
    other.put("new", List.of(sample(1_000, 300)));

    var all = ClassSamples.complete(own, List.of(other));

    assertThat(all)
        .containsEntry("new", List.of(sample(2_000, 300)))
        .containsEntry("common0", List.of(sample(9_000, 10)));
  }

  @Test
  void withFewCommonTestsTimesAreTakenAsTheyAre() {
    var own = Map.of("common", List.of(sample(200, 10)));
    var other = Map.of("common", List.of(sample(100, 10)), "new", List.of(sample(1_000, 300)));

    assertThat(ClassSamples.complete(own, List.of(other)))
        .containsEntry("new", List.of(sample(1_000, 300)));
  }

  @Test
  void theMostRecentlyUsedClassComesFirst() {
    var recent = Map.of("new", List.of(sample(1_000, 300)));
    var older = Map.of("new", List.of(sample(5, 5)), "old", List.of(sample(7, 7)));

    assertThat(ClassSamples.complete(Map.of(), List.of(recent, older)))
        .containsEntry("new", List.of(sample(1_000, 300)))
        .containsEntry("old", List.of(sample(7, 7)));
  }

  private static Sample sample(long millis, long mib) {
    return new Sample(Duration.ofMillis(millis), Bytes.mib(mib), PeakSource.HWM_FRESH);
  }
}
