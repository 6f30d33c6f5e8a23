package dev.plimsoll.learn;

import dev.plimsoll.learn.FileProfile.Hold;
import dev.plimsoll.learn.Suggestion.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Find the files that belong to another group.
///
/// Groups stand in the order in which they run, the most careful first: the first one is for what
/// takes much memory, the last one for all that may run in many workers, those between for what
/// takes long. So:
///
/// - A test that fails only in parallel goes to the nearest earlier group with fewer workers than
///   it failed with, when its own group has so many, or is the last one, which it holds back.
/// - A file whose largest test takes far more memory than the others of its group goes to the
///   first.
/// - A file whose longest test takes far longer than the others of its group goes one group up, but
///   not into the first.
/// - A file that is where it is for a word in its name, takes far less than the others there, suits
///   the last group in both respects and never failed goes to the last group.
///
/// What was decided by hand is never sent to a later group. The suggestions are carried out in
/// thought and the groups looked at again until nothing follows, so that after `--apply` nothing is
/// left to suggest. This ends: a moved file counts as decided by hand, and can only go further up.
public final class Suggestions {
  private final List<Group> groups;
  private final List<FileProfile> files;

  private Suggestions(List<Group> groups, List<FileProfile> files) {
    this.groups = groups;
    this.files = files;
  }

  /// The suggestions for these files, by path.
  ///
  /// @param groups in the order in which they run
  public static List<Suggestion> of(List<Group> groups, List<FileProfile> files) {
    var all = new TreeMap<String, Suggestion>();
    var present = new LinkedHashMap<String, FileProfile>();
    files.forEach(file -> present.put(file.path(), file));
    boolean more = true;
    while (more) {
      more = false;
      for (Suggestion found : new Suggestions(groups, List.copyOf(present.values())).once()) {
        String from = all.containsKey(found.path()) ? all.get(found.path()).from() : found.from();
        all.put(
            found.path(),
            new Suggestion(found.path(), from, found.to(), found.kind(), found.reason()));
        if (found.isMove()) {
          present.computeIfPresent(found.path(), (_, file) -> file.in(found.to()));
          more = true;
        }
      }
    }
    return all.values().stream().filter(s -> !s.from().equals(s.to())).toList();
  }

  private List<Suggestion> once() {
    var found = new ArrayList<Suggestion>();
    for (FileProfile file : files) {
      if (index(file.group()) >= 0) {
        suggest(file).ifPresent(found::add);
      }
    }
    return found;
  }

  private Optional<Suggestion> suggest(FileProfile file) {
    var up = new ArrayList<Suggestion>();
    parallel(file).ifPresent(up::add);
    larger(file).ifPresent(up::add);
    longer(file).ifPresent(up::add);
    // The most careful of the groups serves all reasons, as long as it has few enough workers.
    var moves = up.stream().filter(Suggestion::isMove).filter(s -> safe(s, file)).toList();
    return moves.stream()
        .min(Comparator.comparingInt(s -> index(s.to())))
        .or(() -> up.stream().findFirst())
        .or(() -> smaller(file));
  }

  private boolean safe(Suggestion suggestion, FileProfile file) {
    return workers(suggestion.to()) < level(file);
  }

  private static int level(FileProfile file) {
    return file.parallel().stream().mapToInt(ParallelOnly::level).min().orElse(Integer.MAX_VALUE);
  }

  private Optional<Suggestion> parallel(FileProfile file) {
    int level = level(file);
    boolean holdsBack = isLast(file.group()) && file.hold() != Hold.HAND;
    if (file.parallel().isEmpty() || (workers(file.group()) < level && !holdsBack)) {
      return Optional.empty();
    }
    String to = "";
    for (int i = index(file.group()) - 1; i >= 0 && to.isEmpty(); i--) {
      to = groups.get(i).workers() < level ? groups.get(i).name() : "";
    }
    String reason =
        file.parallel().stream().map(ParallelOnly::words).collect(Collectors.joining("; "));
    return Optional.of(suggestion(file, to, Kind.PARALLEL, reason));
  }

  private Optional<Suggestion> larger(FileProfile file) {
    return index(file.group()) == 0
        ? Optional.empty()
        : above(file, Measure.PEAK, Kind.MEMORY, groups.getFirst().name());
  }

  private Optional<Suggestion> longer(FileProfile file) {
    int above = index(file.group()) - 1;
    return above < 1
        ? Optional.empty()
        : above(file, Measure.TIME, Kind.TIME, groups.get(above).name());
  }

  private Optional<Suggestion> above(FileProfile file, Measure measure, Kind kind, String to) {
    var figure = measure.of(file);
    var usual = Typical.of(measure, others(file, file.group()));
    if (figure.isEmpty() || usual.isEmpty() || !usual.get().farBelow(figure.get().value())) {
      return Optional.empty();
    }
    String reason = measure.takes(figure.get()) + "; " + usual.get().words(file.group());
    return Optional.of(suggestion(file, to, kind, reason));
  }

  private Optional<Suggestion> smaller(FileProfile file) {
    String last = groups.getLast().name();
    if (file.hold() != Hold.NAME || file.red() || isLast(file.group())) {
      return Optional.empty();
    }
    var reasons = new ArrayList<String>();
    for (Measure measure : Measure.values()) {
      var figure = measure.of(file);
      var there = Typical.of(measure, others(file, last));
      if (figure.isEmpty() || there.isEmpty() || !there.get().suits(figure.get().value())) {
        return Optional.empty();
      }
      Typical.of(measure, others(file, file.group()))
          .filter(here -> here.farAbove(figure.get().value()))
          .ifPresent(
              here -> reasons.add(measure.takes(figure.get()) + "; " + here.words(file.group())));
    }
    return reasons.isEmpty()
        ? Optional.empty()
        : Optional.of(suggestion(file, last, Kind.SMALL, String.join("; ", reasons)));
  }

  private static Suggestion suggestion(FileProfile file, String to, Kind kind, String reason) {
    return new Suggestion(file.path(), file.group(), to, kind, reason);
  }

  private List<FileProfile> others(FileProfile file, String group) {
    return files.stream()
        .filter(other -> other.group().equals(group) && !other.path().equals(file.path()))
        .toList();
  }

  private boolean isLast(String group) {
    return index(group) == groups.size() - 1;
  }

  private int workers(String group) {
    return groups.get(index(group)).workers();
  }

  private int index(String group) {
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i).name().equals(group)) {
        return i;
      }
    }
    return -1;
  }
}
