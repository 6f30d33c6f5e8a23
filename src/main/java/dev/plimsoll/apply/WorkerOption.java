package dev.plimsoll.apply;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the number of workers among pytest's arguments in the spellings that argparse takes: `-n
/// 4`, `-n4`, `-n=4`, `-qn4`, `--numprocesses 4`, `--numprocesses=4`; `auto` and `logical` too.
final class WorkerOption {
  /// Short options of pytest without a value, which may stand before `n` in one argument.
  private static final Pattern OPTION =
      Pattern.compile("(?:-[hlqsvxV]*n(?:=(?=.))?|--numprocesses(?:=|$))(.*)", Pattern.DOTALL);

  private static final Pattern VALUE = Pattern.compile("\\s*(?:\\d+|auto|logical)\\s*");

  private WorkerOption() {}

  /// The value that counts, which is the last one's.
  static Optional<Excerpt> find(List<Excerpt> arguments) {
    Optional<Excerpt> found = Optional.empty();
    for (int i = 0; i < arguments.size() && !arguments.get(i).text().equals("--"); i++) {
      Matcher option = OPTION.matcher(arguments.get(i).text());
      if (option.matches()) {
        boolean attached = !option.group(1).isEmpty();
        if (!attached && i + 1 == arguments.size()) {
          break;
        }
        Excerpt value =
            attached ? arguments.get(i).part(option.start(1), option.end(1)) : arguments.get(i + 1);
        found = VALUE.matcher(value.text()).matches() ? Optional.of(trimmed(value)) : found;
      }
    }
    return found;
  }

  private static Excerpt trimmed(Excerpt value) {
    int from = value.text().length() - value.text().stripLeading().length();
    return value.part(from, from + value.text().strip().length());
  }

  /// Whether the arguments switch pytest-xdist off.
  static boolean isOff(List<Excerpt> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String text = arguments.get(i).text();
      boolean next = i + 1 < arguments.size() && arguments.get(i + 1).text().equals("no:xdist");
      if (text.equals("-pno:xdist") || (text.equals("-p") && next)) {
        return true;
      }
    }
    return false;
  }
}
