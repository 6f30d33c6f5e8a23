package dev.plimsoll.cli.apply;

import dev.plimsoll.apply.PytestCommands;
import dev.plimsoll.apply.PytestCommands.Found;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// The commands of pytest in a project's documents, scripts and CI files that give another number
/// of workers than the one that was measured with pytest-xdist.
///
/// A command that names paths gets the lowest number among the groups of their files, any other
/// command the lowest of all groups: only that is known to be stable for each of its tests.
final class OldCommands {
  private final Path root;
  private final Drafts drafts;
  private final Map<String, String> groups;
  private final Function<String, OptionalInt> workers;
  private final List<Old> all = new ArrayList<>();

  /// A command.
  ///
  /// @param workers the number that it should give; empty when none was measured
  record Old(Path file, Found found, OptionalInt workers) {
    /// How a message shows it.
    ///
    /// @param name of its file
    String text(String name) {
      String right =
          workers.isPresent()
              ? "measured: -n " + workers.getAsInt()
              : "not measured with pytest-xdist";
      return "  %s:%d: %s (%s)".formatted(name, found.line(), found.command(), right);
    }
  }

  /// @param groups the group of each test file, by its path in the project
  /// @param workers what was measured for a group with pytest-xdist
  OldCommands(
      Path root, Drafts drafts, Map<String, String> groups, Function<String, OptionalInt> workers) {
    this.root = root;
    this.drafts = drafts;
    this.groups = new TreeMap<>(groups);
    this.workers = workers;
  }

  /// The commands in these files, in the order of files and lines.
  List<Old> find(List<Path> files) {
    for (Path file : files) {
      Optional<String> text = drafts.readable(file);
      for (Found found : text.map(PytestCommands::in).orElse(List.of())) {
        OptionalInt right = right(file, found);
        if (right.isEmpty() || !found.workers().equals(Integer.toString(right.getAsInt()))) {
          all.add(new Old(file, found, right));
        }
      }
    }
    return List.copyOf(all);
  }

  /// Plan to change each whose number is known.
  void update() {
    all.stream()
        .filter(old -> old.workers().isPresent())
        .sorted(Comparator.comparingInt((Old old) -> old.found().start()).reversed())
        .forEach(old ->
            drafts.put(
                old.file(),
                PytestCommands.with(
                    drafts.text(old.file()).orElseThrow(), old.found(), old.workers().getAsInt())));
  }

  private OptionalInt right(Path file, Found found) {
    Set<String> chosen = groupsOf(file, found.words());
    List<OptionalInt> numbers = chosen.stream().map(workers).toList();
    return numbers.stream().allMatch(OptionalInt::isPresent)
        ? numbers.stream().mapToInt(OptionalInt::getAsInt).min()
        : OptionalInt.empty();
  }

  /// The groups of the files that a command names; all groups when it names none.
  private Set<String> groupsOf(Path file, List<String> words) {
    var named = new TreeSet<String>();
    for (String word : words) {
      for (Path base : List.of(root, file.resolveSibling(""))) {
        Path path = base.resolve(word.split("::", 2)[0]).normalize();
        if (!word.startsWith("-") && path.startsWith(root)) {
          named.addAll(groupsBelow(root.relativize(path)));
        }
      }
    }
    return named.isEmpty() ? new TreeSet<>(groups.values()) : named;
  }

  private List<String> groupsBelow(Path path) {
    return groups.entrySet().stream()
        .filter(entry -> Path.of(entry.getKey()).startsWith(path) || path.toString().isEmpty())
        .map(Map.Entry::getValue)
        .toList();
  }
}
