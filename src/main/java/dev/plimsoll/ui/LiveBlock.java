package dev.plimsoll.ui;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.MemorySnapshot;
import dev.plimsoll.report.Style;
import dev.plimsoll.report.TerminalText;
import dev.plimsoll.report.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The lines of the live block. None is wider than the terminal, and there are fewer than it has
/// rows, because lines that scrolled away cannot be overwritten.
///
/// @param slow how long a test runs before it counts as slow
record LiveBlock(Style style, Duration slow) {
  private static final int WIDEST_BAR = 30;
  private static final int FIXED_LINES = 4;

  List<String> lines(RunView view, Instant now, TerminalSize size) {
    int width = Math.max(10, size.columns() - 1);
    var lines = new ArrayList<String>();
    lines.add(progress(view, now, width));
    lines.add(counts(view, width));
    view.memory().ifPresent(memory -> lines.add(memory(memory, width)));
    running(lines, view, now, new TerminalSize(width, size.rows()));
    return lines.subList(0, Math.clamp(size.rows() - 1L, 1, lines.size()));
  }

  private String progress(RunView view, Instant now, int width) {
    String time = Words.clock(view.elapsed(now));
    String left =
        view.isStopping()
            ? ", stopping"
            : view.left(now).map(rest -> ", " + Words.clock(rest) + " left").orElse("");
    if (view.total() == 0) {
      return TerminalText.fit("collecting  " + time, width);
    }
    String numbers = Words.number(view.done()) + "/" + Words.number(view.total());
    String text = " " + numbers + "  " + time + left;
    int bar = Math.min(WIDEST_BAR, width - TerminalText.width(text));
    return bar < 5
        ? TerminalText.fit(text.strip(), width)
        : style.green(style.bar(view.share(), bar)) + text;
  }

  private String counts(RunView view, int width) {
    String plain = Words.counts(view.counts(), Style.PLAIN);
    String where = where(view);
    if (view.done() == 0) {
      return TerminalText.fit(where.isEmpty() ? "starting" : where, width);
    }
    if (TerminalText.width(plain) > width) {
      return TerminalText.head(plain, width);
    }
    String counts = Words.counts(view.counts(), style);
    boolean room = TerminalText.width(plain) + 2 + TerminalText.width(where) <= width;
    return room && !where.isEmpty() ? counts + "  " + style.dim(where) : counts;
  }

  private static String where(RunView view) {
    String workers = view.workers() == 0 ? "" : Words.count(view.workers(), "worker");
    String group = TerminalText.clean(view.group());
    return group.isEmpty() || workers.isEmpty() ? group + workers : group + ", " + workers;
  }

  private String memory(MemorySnapshot memory, int width) {
    double share = (double) memory.used().value() / Math.max(1, memory.budget().value());
    String text = " " + memory.used() + " of " + memory.budget();
    String label = "memory ";
    int bar = Math.min(WIDEST_BAR, width - label.length() - TerminalText.width(text));
    if (bar < 5) {
      return TerminalText.head("memory" + text, width);
    }
    String drawn = style.bar(share, bar);
    return label
        + (share > 0.9 ? style.red(drawn) : share > 0.75 ? style.yellow(drawn) : drawn)
        + text;
  }

  private void running(List<String> lines, RunView view, Instant now, TerminalSize size) {
    List<Running> tests = view.running();
    int room = Math.max(1, Math.min(8, size.rows() - FIXED_LINES - 2));
    tests.stream().limit(room).forEach(test -> lines.add(test(view, test, now, size.columns())));
    if (tests.size() > room) {
      lines.add(style.dim("  and " + (tests.size() - room) + " more"));
    }
  }

  private String test(RunView view, Running test, Instant now, int width) {
    boolean late = test.age(now).compareTo(slow) >= 0;
    String age = (late ? "slow " : "") + Words.clock(test.age(now));
    Bytes held = view.held(test.worker());
    String memory = held.isPositive() && width >= 60 ? "  " + held : "";
    String worker = width >= 50 ? TerminalText.clean(test.worker()) + "  " : "";
    String head = "  " + worker + age + memory + "  ";
    int room = width - TerminalText.width(head);
    if (room < 1) {
      return TerminalText.head(head, width);
    }
    String id = TerminalText.fit(TerminalText.clean(test.id()), room);
    return (late ? style.yellow(head) : style.dim(head)) + id;
  }
}
