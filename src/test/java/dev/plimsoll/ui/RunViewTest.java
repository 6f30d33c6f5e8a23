package dev.plimsoll.ui;

import static dev.plimsoll.ui.TestingEvents.at;
import static dev.plimsoll.ui.TestingEvents.collected;
import static dev.plimsoll.ui.TestingEvents.finished;
import static dev.plimsoll.ui.TestingEvents.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunEvent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The time left of a run as its display shows it.
class RunViewTest {
  private final RunView view = new RunView();

  private void begin(int count, double expected) {
    view.apply(started());
    view.apply(collected(0, count, expected));
  }

  private void forecast(double seconds, long millis) {
    view.apply(new RunEvent.Forecast(at(seconds), Duration.ofMillis(millis)));
  }

  @Test
  void itIsTheLastForecastMinusTheTimeSinceThen() {
    begin(2, 100);
    forecast(1, 60_000);
    forecast(10, 23_400);
    assertThat(view.left(at(12.2))).hasValue(Duration.ofSeconds(22));
  }

  /// Shown as 0:00 it would mean that nothing runs.
  @Test
  void itIsNeverNothingWhileATestRuns() {
    begin(2, 5);
    forecast(5, 0);
    assertThat(view.left(at(5))).hasValue(Duration.ofSeconds(1));
    assertThat(view.left(at(500))).hasValue(Duration.ofSeconds(1));
    view.apply(finished(501, "a.py::b", Outcome.PASSED));
    assertThat(view.left(at(502))).hasValue(Duration.ofSeconds(1));
    view.apply(finished(503, "a.py::c", Outcome.PASSED));
    assertThat(view.left(at(503))).isEmpty();
  }

  @Test
  void withoutHistoryItIsUnknownForTheFirstFewSeconds() {
    begin(10, -1);
    view.apply(finished(1, "a.py::b", Outcome.PASSED));
    forecast(2, 40_000);
    assertThat(view.left(at(2))).isEmpty();
    assertThat(view.left(at(4))).hasValue(Duration.ofSeconds(38));
  }

  /// Another runner schedules the tests, so nobody forecasts.
  @Test
  void withoutAForecastItIsWhatWasExpectedAndThenWhatTheShareSays() {
    begin(10, 20);
    assertThat(view.left(at(5))).hasValue(Duration.ofSeconds(15));
    for (int test = 0; test < 8; test++) {
      view.apply(finished(6, "a.py::" + test, Outcome.PASSED));
    }
    assertThat(view.left(at(40))).hasValue(Duration.ofSeconds(10));
  }

  @Test
  void theNextPartOfARunBeginsWithoutTheForecastOfTheOneBefore() {
    begin(1, 50);
    forecast(1, 9_000);
    view.apply(finished(2, "a.py::b", Outcome.PASSED));
    view.apply(collected(10, 5, 30));
    assertThat(view.left(at(11))).hasValue(Duration.ofSeconds(29));
  }
}
