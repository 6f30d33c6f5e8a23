package dev.plimsoll.run.chain;

import dev.plimsoll.memory.TreeMemory.Reading;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Passes on the events of a run that is a stage of another one, without its beginning and its end,
/// and keeps its figures.
final class NestedRun implements Consumer<RunEvent> {
  private final Consumer<RunEvent> events;
  private volatile Optional<RunSummary> summary = Optional.empty();

  NestedRun(Consumer<RunEvent> events) {
    this.events = events;
  }

  @Override
  public void accept(RunEvent event) {
    switch (event) {
      case RunEvent.Started _ -> {}
      case RunEvent.Finished finished -> summary = Optional.of(finished.summary());
      default -> events.accept(event);
    }
  }

  Reading peak() {
    return summary.map(run -> new Reading(run.peak(), run.source())).orElse(Reading.NONE);
  }

  Bytes machinePeak() {
    return summary.map(RunSummary::machinePeak).orElse(Bytes.ZERO);
  }

  List<String> evidence() {
    return summary.map(RunSummary::evidence).orElse(List.of());
  }
}
