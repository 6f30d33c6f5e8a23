package dev.plimsoll.ui;

import dev.plimsoll.model.RunEvent;
import dev.plimsoll.report.Style;
import dev.plimsoll.report.TerminalText;
import dev.plimsoll.report.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// Shows a run as plain lines, for logs. It never changes a line.
///
/// It prints a progress line for every tenth of the tests, but not within two seconds of the one
/// before, and at least every thirty seconds. It names a test when it becomes slow, and again each
/// time its duration has doubled.
public final class PlainDisplay implements Display {
  private static final Duration LEAST = Duration.ofSeconds(2);
  private static final Duration MOST = Duration.ofSeconds(30);

  private final Streams streams;
  private final Messages messages;
  private final Style style;
  private final Duration slow;
  private final RunView view = new RunView();
  private final Map<Running, Duration> named = new HashMap<>();
  private Instant last = Instant.EPOCH;
  private int tenth;

  public PlainDisplay(Streams streams, Messages messages, Style style, Duration slow) {
    this.streams = streams;
    this.messages = messages;
    this.style = style;
    this.slow = slow;
  }

  @Override
  public void accept(RunEvent event) {
    view.apply(event);
    String words = messages.about(event);
    String result = messages.result(event);
    if (!words.isEmpty()) {
      streams.messages(words);
    }
    if (!result.isEmpty()) {
      streams.result(result);
    }
    switch (event) {
      case RunEvent.Collected collected -> last = collected.at();
      case RunEvent.Finished ignored -> {}
      default -> tick(event.at());
    }
  }

  @Override
  public void tick(Instant now) {
    if (messages.quiet() || messages.isSerial() || view.total() == 0) {
      return;
    }
    Duration since = Duration.between(last, now);
    int reached = (int) (view.share() * 10);
    boolean step = reached > tenth && since.compareTo(LEAST) >= 0;
    if (view.done() < view.total() && (step || since.compareTo(MOST) >= 0)) {
      tenth = reached;
      last = now;
      streams.messages(progress(now) + "\n");
    }
    nameSlow(now);
  }

  private String progress(Instant now) {
    long percent = (long) (view.share() * 100);
    String numbers = Words.number(view.done()) + " of " + Words.number(view.total());
    String left = view.left(now).map(rest -> ", " + Words.clock(rest) + " left").orElse("");
    String memory = view.memory().map(m -> ", " + m.used() + " of " + m.budget()).orElse("");
    String counts = view.done() == 0 ? "" : ": " + Words.counts(view.counts(), style);
    String time = " after " + Words.clock(view.elapsed(now));
    return numbers + " (" + percent + " %)" + time + left + memory + counts;
  }

  private void nameSlow(Instant now) {
    named.keySet().retainAll(view.running());
    for (Running test : view.running()) {
      Duration next = named.getOrDefault(test, slow);
      if (test.age(now).compareTo(next) >= 0) {
        named.put(test, test.age(now).multipliedBy(2));
        String age = Words.clock(test.age(now));
        String id = TerminalText.clean(test.id());
        streams.messages(style.yellow("slow") + ": " + id + " has been running for " + age + "\n");
      }
    }
  }

  @Override
  public void close() {
    streams.err().flush();
    streams.out().flush();
  }
}
