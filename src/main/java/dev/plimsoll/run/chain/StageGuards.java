package dev.plimsoll.run.chain;

import dev.plimsoll.memory.containment.Containment;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunEvent.Level;
import dev.plimsoll.process.ProcessTable;
import dev.plimsoll.process.SteadyClock;
import dev.plimsoll.run.guard.SystemMemory;
import dev.plimsoll.schedule.budget.BudgetRule;
import dev.plimsoll.schedule.budget.Reserve;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// Makes what looks after the memory of a stage: by the configured budget, in control groups where
/// that works here.
///
/// @param self this process
public record StageGuards(
    BudgetRule rule, Reserve reserve, Containment containment, ProcessKey self) {
  /// A watch over a stage that is about to start.
  ///
  /// @param server process of the server under test, when it was started here
  StageWatch open(OptionalLong server, Consumer<RunEvent> events) {
    Consumer<String> warning =
        text -> events.accept(new RunEvent.Note(SteadyClock.now(), Level.WARNING, text));
    var table = new ProcessTable(Path.of("/proc"));
    var guard = new StageGuard(containment, self, table::isAlive, warning);
    SystemMemory memory = memory();
    Bytes limit = memory.budget().size().max(SystemMemory.LEAST);
    return new StageWatch(memory, guard, limit, server, events);
  }

  /// What a stage that starts now may take.
  public Bytes budget() {
    try (var memory = memory()) {
      return memory.budget().size();
    }
  }

  private SystemMemory memory() {
    return new SystemMemory(rule, reserve, Optional.empty(), SteadyClock.source());
  }

  /// The command line that starts a command where it can be contained.
  List<String> wrap(List<String> command) {
    return containment.wrap(command, self);
  }
}
