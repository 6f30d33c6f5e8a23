package dev.plimsoll.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkersThatFitTest {
  @ParameterizedTest(name = "{0} MiB, workers of {1} MiB, {3} MiB tests, at most {2}")
  @CsvSource({
    // nothing recorded
    "1000, 100, 8, 0 0 0, 8",
    "1000, 250, 8, 0 0 0, 4",
    "100, 250, 8, 0 0 0, 1",
    // the largest tests may run together, whatever their order
    "1000, 100, 8, 300 10 300, 3",
    "909, 100, 8, 300 10 300, 2",
    "1000, 100, 8, 10 200 200 200, 3",
    "900, 100, 8, 200 10 200 200, 3",
    "899, 100, 8, 200 10 200 200, 2",
    // a test that never fits runs with one worker
    "1000, 100, 8, 5000, 1",
    "1000, 100, 1, 10, 1",
  })
  void theLargestTestsFitTogether(long budget, long worker, int most, String peaks, int expected) {
    List<Bytes> sizes =
        LongStream.of(
                java.util.Arrays.stream(peaks.split(" ")).mapToLong(Long::parseLong).toArray())
            .mapToObj(Bytes::mib)
            .toList();
    var fit = new WorkersThatFit(Bytes.mib(budget), Bytes.mib(worker), sizes);
    assertThat(fit.count(most)).isEqualTo(expected);
  }
}
