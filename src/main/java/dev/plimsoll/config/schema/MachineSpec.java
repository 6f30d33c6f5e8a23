package dev.plimsoll.config.schema;

import dev.plimsoll.model.Bytes;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Machines of one size for shards, written `4x 4c 15g` or `1x 16c 62g speed 1.5`.
///
/// @param count how many of them there are
/// @param speed how fast each is, compared with the machine that ran the tests last
public record MachineSpec(int count, int cores, Bytes memory, double speed) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:([1-9][0-9]{0,3})x\\s+)?([1-9][0-9]{0,3})c\\s+([0-9.]+\\s?[A-Za-z]+)"
              + "(?:\\s+speed\\s+([0-9]{1,3}(?:\\.[0-9]{1,3})?))?");

  static final Type<MachineSpec> TYPE =
      Types.of(
          "machines such as `4x 4c 15g` or `1x 16c 62g speed 1.5`",
          MachineSpec::read,
          MachineSpec::text);

  public static Optional<MachineSpec> read(Object value) {
    if (!(value instanceof String text)) {
      return Optional.empty();
    }
    var matcher = FORM.matcher(text.strip());
    Optional<Bytes> memory = matcher.matches() ? SizeText.size(matcher.group(3)) : Optional.empty();
    double speed =
        memory.isPresent() && matcher.group(4) != null ? Double.parseDouble(matcher.group(4)) : 1;
    return memory
        .filter(_ -> speed > 0)
        .map(size ->
            new MachineSpec(
                matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                size,
                speed));
  }

  /// One of the machines in short.
  public String name() {
    return cores
        + "c "
        + SizeText.write(memory).toString()
        + (speed == 1 ? "" : " speed " + speedText());
  }

  private String text() {
    return count + "x " + name();
  }

  private String speedText() {
    return String.format(Locale.ROOT, "%.3f", speed).replaceFirst("\\.?0+$", "");
  }
}
