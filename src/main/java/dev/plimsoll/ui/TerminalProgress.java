package dev.plimsoll.ui;

/// The progress that a terminal shows itself, in its tab or in the task bar: ConEmu's sequence `OSC
/// 9;4`, which Windows Terminal, WezTerm, Ghostty, mintty and others know
/// (https://learn.microsoft.com/windows/terminal/tutorials/progress-bar-sequences).
final class TerminalProgress {
  private static final String NORMAL = "1";
  private static final String ERROR = "2";

  private String shown = "";

  /// The sequence that shows this state; empty when it is shown already.
  String show(RunView view) {
    boolean red =
        view.counts().entrySet().stream()
            .anyMatch(count -> count.getKey().isRed() && count.getValue() > 0);
    int percent = (int) (view.share() * 100);
    String now = sequence((red ? ERROR : NORMAL) + ";" + percent);
    if (now.equals(shown) || view.total() == 0) {
      return "";
    }
    shown = now;
    return now;
  }

  /// The sequence that removes it; empty when there is nothing to remove.
  String remove() {
    String end = shown.isEmpty() ? "" : sequence("0;0");
    shown = "";
    return end;
  }

  private static String sequence(String state) {
    return "\u001b]9;4;" + state + "\u0007";
  }
}
