package dev.plimsoll.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A path pattern with the rules of `.gitignore` (https://git-scm.com/docs/gitignore): `*` and `?`
/// stay inside a folder, `**` does not; without a `/` before its end it fits at any depth; a
/// pattern that fits a folder takes all in it; `!` in front takes back what an earlier pattern
/// took.
public final class Glob {
  private final String text;
  private final Pattern pattern;

  public Glob(String text) {
    this.text = text;
    this.pattern = compile(text.startsWith("!") ? text.substring(1) : text);
  }

  /// The pattern as it was written.
  public String text() {
    return text;
  }

  public boolean takesBack() {
    return text.startsWith("!");
  }

  /// Whether the pattern, without its `!`, fits the path or a folder above it.
  public boolean fits(String path) {
    if (pattern.matcher(path).matches()) {
      return !text.endsWith("/");
    }
    for (int at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      if (pattern.matcher(path.substring(0, at)).matches()) {
        return true;
      }
    }
    return false;
  }

  /// The last of the globs that fits, if it does not take back.
  public static Optional<Glob> decisive(List<Glob> globs, String path) {
    return globs.reversed().stream()
        .filter(glob -> glob.fits(path))
        .findFirst()
        .filter(glob -> !glob.takesBack());
  }

  private static Pattern compile(String glob) {
    String body = glob.endsWith("/") ? glob.substring(0, glob.length() - 1) : glob;
    String prefix = body.startsWith("./") ? "/" + body.substring(2) : body;
    boolean anchored = prefix.contains("/");
    String relative = prefix.startsWith("/") ? prefix.substring(1) : prefix;
    String regex = (anchored ? "" : "(?:.*/)?") + String.join("", parts(relative));
    try {
      return Pattern.compile(regex, Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      // An unfinished or reversed `[...]` stands for itself.
      return Pattern.compile(Pattern.quote(relative));
    }
  }

  private static List<String> parts(String glob) {
    var parts = new ArrayList<String>();
    for (int i = 0; i < glob.length(); ) {
      int close = glob.charAt(i) == '[' ? glob.indexOf(']', i + 2) : -1;
      if (glob.startsWith("**/", i)) {
        parts.add("(?:.*/)?");
        i += 3;
      } else if (glob.startsWith("**", i)) {
        parts.add(".*");
        i += 2;
      } else if (close > 0) {
        parts.add(set(glob.substring(i + 1, close)));
        i = close + 1;
      } else {
        parts.add(one(glob.charAt(i)));
        i++;
      }
    }
    return parts;
  }

  private static String set(String content) {
    String escaped = content.replace("\\", "\\\\").replace("[", "\\[").replace("&&", "&\\&");
    return escaped.startsWith("!") ? "[^/" + escaped.substring(1) + "]" : "[" + escaped + "]";
  }

  private static String one(char c) {
    return switch (c) {
      case '*' -> "[^/]*";
      case '?' -> "[^/]";
      default -> Pattern.quote(String.valueOf(c));
    };
  }
}
