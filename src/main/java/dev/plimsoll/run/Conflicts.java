package dev.plimsoll.run;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.schema.ConflictAction;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.Origin;
import dev.plimsoll.process.Competitor;
import dev.plimsoll.process.Competitors;
import dev.plimsoll.process.Preflight;
import dev.plimsoll.process.ProcessTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Finds programs that compete for memory before a run, and does with them what `[preflight]` says.
public final class Conflicts {
  private final Config config;
  private final ProcessTable table;

  public Conflicts(Config config, ProcessTable table) {
    this.config = config;
    this.table = table;
  }

  /// Look, and tell what was found or done. Where it only reports, it looks while pytest starts.
  ///
  /// @throws dev.plimsoll.model.UserError when the configuration asks to fail
  public void check(Consumer<String> tell) {
    check(Set.of(), tell);
  }

  /// The same for a run that needs a server which runs already.
  ///
  /// @param needed TCP ports of it
  public void check(Set<Integer> needed, Consumer<String> tell) {
    if (action() == ConflictAction.REPORT) {
      Thread.ofVirtual().name("conflicts").start(() -> look(needed, tell));
    } else {
      look(needed, tell);
    }
  }

  private void look(Set<Integer> needed, Consumer<String> tell) {
    List<Competitor> found =
        new Competitors(Path.of("/proc"))
            .find(config.get(Keys.PREFLIGHT_CONFLICTS)).stream()
                .filter(one -> one.ports().stream().noneMatch(needed::contains))
                .toList();
    if (found.isEmpty()) {
      return;
    }
    switch (action()) {
      case REPORT -> found.forEach(one -> tell.accept("it competes for memory: " + one.words()));
      case FAIL -> Preflight.refuse(found);
      case STOP -> new Preflight(table).stop(found).forEach(tell);
    }
  }

  /// Only what the user named is ever stopped.
  private ConflictAction action() {
    boolean named = config.origin(Keys.PREFLIGHT_CONFLICTS) instanceof Origin.InFile;
    ConflictAction action = config.get(Keys.PREFLIGHT_ACTION);
    return action == ConflictAction.STOP && !named ? ConflictAction.REPORT : action;
  }
}
