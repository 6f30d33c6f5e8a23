package dev.plimsoll.process;

import dev.plimsoll.model.ProcessKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Find programs that compete with a run for memory: model servers, development servers.
public final class Competitors {
  private static final int SHORT = 60;

  private final ProcFiles files;
  private final Path proc;
  private final ProcessTable table;

  /// @param proc usually `/proc`
  public Competitors(Path proc) {
    this.proc = proc;
    this.files = new ProcFiles(proc);
    this.table = new ProcessTable(proc);
  }

  /// All processes that run one of these programs, topmost first; a server and its workers count as
  /// one. This process, what started it, and what any run of Plimsoll started are left out.
  ///
  /// @param names names of programs, with leading arguments where they matter: `next dev`
  public List<Competitor> find(List<String> names) {
    table.reload();
    Set<ProcessKey> skipped = own();
    var ports = new ListeningPorts(proc);
    List<ProcessEntry> candidates =
        table.all().stream()
            .sorted((a, b) -> Long.compare(a.key().start(), b.key().start()))
            .toList();
    List<Competitor> found = new ArrayList<>();
    for (ProcessEntry entry : candidates) {
      List<String> argv = argv(entry.pid());
      Optional<String> name = ProgramName.match(argv, names);
      boolean counts = !entry.isZombie() && !skipped.contains(entry.key());
      if (name.isPresent() && counts && !files.hasName(entry.pid(), Watchdog.MARK)) {
        Competitor competitor = competitor(entry, name.get(), argv, ports);
        skipped.addAll(competitor.tree());
        found.add(competitor);
      }
    }
    return found;
  }

  private Competitor competitor(
      ProcessEntry entry, String name, List<String> argv, ListeningPorts ports) {
    Set<ProcessKey> tree = new LinkedHashSet<>(table.tree(entry.key()));
    tree.add(entry.key());
    List<Long> pids = tree.stream().map(ProcessKey::pid).toList();
    boolean sameUser = files.user(Long.toString(entry.pid())) == files.user("self");
    return new Competitor(name, entry.key(), tree, words(argv), ports.of(pids), sameUser);
  }

  private static String words(List<String> argv) {
    var shown = new ArrayList<>(argv);
    String first = argv.getFirst();
    shown.set(0, first.substring(first.lastIndexOf('/') + 1));
    String text = String.join(" ", shown).strip();
    return text.length() <= SHORT ? text : text.substring(0, SHORT - 3) + "...";
  }

  private List<String> argv(long pid) {
    String text = files.text(pid, "cmdline").orElse("");
    String all = text.endsWith("\0") ? text.substring(0, text.length() - 1) : text;
    return all.isEmpty() ? List.of() : List.of(all.split("\0", -1));
  }

  private Set<ProcessKey> own() {
    Set<ProcessKey> own = new HashSet<>();
    Optional<ProcessEntry> above = table.find(ProcessHandle.current().pid());
    above.ifPresent(self -> own.addAll(table.tree(self.key())));
    while (above.isPresent()) {
      own.add(above.get().key());
      above = table.find(above.get().parent());
    }
    return own;
  }
}
