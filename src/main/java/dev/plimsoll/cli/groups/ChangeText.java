package dev.plimsoll.cli.groups;

import dev.plimsoll.inventory.Change;
import dev.plimsoll.inventory.Placement;

/// A change of the lists on one line: a sign, the group, the path and why.
final class ChangeText {
  private ChangeText() {}

  static String of(Change change) {
    return switch (change) {
      case Change.Added added ->
          line("+", added.placement().group(), added.path(), added.placement().rule().text());
      case Change.Removed removed -> line("-", removed.group(), removed.path(), "the file is gone");
      case Change.Reset reset ->
          line("~", reset.placement().group(), reset.path(), was(reset.from(), reset.placement()));
      case Change.Kept kept -> line("=", kept.group(), kept.path(), kept(kept.rules()));
      case Change.Uncollected entry ->
          line(
              "=", entry.group(), entry.path(), "stays, but pytest does not collect it by default");
      case Change.Unlistable file ->
          line(
              "!",
              file.placement().group(),
              file.path(),
              "its name does not fit on a line of a list; each run applies the rules");
    };
  }

  private static String was(String from, Placement placement) {
    return "was " + from + " by hand; " + placement.rule().text();
  }

  private static String kept(Placement rules) {
    return "stays; the rules say " + rules.group() + ": " + rules.rule().text();
  }

  private static String line(String sign, String group, String path, String why) {
    return sign + " " + group + "  " + printable(path) + "  (" + why + ")";
  }

  private static String printable(String path) {
    var text = new StringBuilder();
    path.codePoints()
        .forEach(c -> {
          boolean plain =
              !Character.isISOControl(c)
                  && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
          if (plain) {
            text.appendCodePoint(c);
          } else {
            text.append(String.format("\\u%04x", c));
          }
        });
    return text.toString();
  }
}
