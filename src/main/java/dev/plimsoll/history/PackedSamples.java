package dev.plimsoll.history;

import dev.plimsoll.estimate.Sample;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import java.util.AbstractList;
import java.util.RandomAccess;

/// The samples of one test as numbers: of thousands of tests twenty each, a history read as objects
/// would be most of what the program holds in memory.
final class PackedSamples extends AbstractList<Sample> implements RandomAccess {
  private final long[] micros;
  private final long[] peaks;
  private final PeakSource[] sources;
  private final boolean[] failed;
  private final double[] cores;

  private PackedSamples(int size) {
    micros = new long[size];
    peaks = new long[size];
    sources = new PeakSource[size];
    failed = new boolean[size];
    cores = new double[size];
  }

  /// Read lines of `DURATION WAITED CPU PEAK SOURCE OUTCOME`, times in microseconds.
  ///
  /// @param most how many lines to read; the rest is left out
  static PackedSamples of(String lines, int most) {
    int size = Math.min(most, 1 + (int) lines.chars().filter(c -> c == '\n').count());
    var samples = new PackedSamples(size);
    int at = 0;
    for (int i = 0; i < size; i++) {
      int waited = lines.indexOf(' ', at) + 1;
      int cpu = lines.indexOf(' ', waited) + 1;
      int peak = lines.indexOf(' ', cpu) + 1;
      int source = lines.indexOf(' ', peak) + 1;
      int outcome = lines.indexOf(' ', source) + 1;
      int newline = lines.indexOf('\n', outcome);
      int end = newline < 0 ? lines.length() : newline;
      samples.micros[i] = Long.parseLong(lines, at, waited - 1, 10);
      samples.cores[i] =
          cores(
              samples.micros[i] - Long.parseLong(lines, waited, cpu - 1, 10),
              Long.parseLong(lines, cpu, peak - 1, 10));
      samples.peaks[i] = Long.parseLong(lines, peak, source - 1, 10);
      samples.sources[i] = PeakSource.ofWord(lines.substring(source, outcome - 1));
      samples.failed[i] = Outcome.ofWord(lines.substring(outcome, end)).isRed();
      at = end + 1;
    }
    return samples;
  }

  /// How many cores an attempt kept busy; 1 when its processor time was not measured.
  private static double cores(long micros, long cpu) {
    return cpu > 0 ? cpu / (double) Math.max(micros, 1) : 1;
  }

  @Override
  public Sample get(int index) {
    return new Sample(
        Rows.duration(micros[index]),
        Bytes.of(peaks[index]),
        sources[index],
        failed[index],
        cores[index]);
  }

  @Override
  public int size() {
    return micros.length;
  }
}
