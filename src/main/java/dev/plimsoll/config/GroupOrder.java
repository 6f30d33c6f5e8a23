package dev.plimsoll.config;

import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.Origin;
import dev.plimsoll.config.schema.Setting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The names of the groups. Each is also the name of a file and of a table.
record GroupOrder(List<String> names, int line) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");
  private static final List<String> TAKEN = List.of("folder", "order");

  static GroupOrder of(@Nullable Setting<?> given) {
    if (given == null || !(given.value() instanceof List<?> list)) {
      return new GroupOrder(Keys.GROUPS_ORDER.fallback(), 1);
    }
    int line = given.origin() instanceof Origin.InFile file ? file.line() : 1;
    return new GroupOrder(list.stream().map(String::valueOf).toList(), line);
  }

  List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    if (names.isEmpty()) {
      problems.add(problem("`groups.order` is empty", "a project needs at least one group"));
    }
    var seen = new HashSet<String>();
    for (String name : names) {
      if (!NAME.matcher(name).matches() || TAKEN.contains(name)) {
        problems.add(
            problem(
                "invalid group name `" + name + "` in `groups.order`",
                "a name consists of letters, digits, `_`, `-` and `.`, and is not `folder` or"
                    + " `order`"));
      }
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        problems.add(
            problem("`groups.order` contains `" + name + "` twice", "each group can occur once"));
      }
    }
    return problems;
  }

  /// The errors in the tables `[groups.NAME]`.
  Optional<Problem> problem(Entry entry) {
    if (names.contains(entry.name())) {
      return Optional.empty();
    }
    int at = entry.origin() instanceof Origin.InFile file ? file.line() : 1;
    return Optional.of(
        new Problem(
            at,
            "unknown group `groups." + entry.name() + "`",
            "the groups are " + String.join(", ", names),
            Nearest.to(entry.name(), names)
                .map(name -> "did you mean `groups." + name + "`?")
                .orElse(
                    "add `" + entry.name() + "` to `groups.order` at the position where it runs")));
  }

  private Problem problem(String what, String why) {
    return new Problem(line, what, why, "");
  }
}
