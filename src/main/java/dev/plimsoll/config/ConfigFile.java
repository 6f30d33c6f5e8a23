package dev.plimsoll.config;

import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/// A parsed configuration file.
///
/// @param table Plimsoll's part of it
/// @param name the name of the file in messages
record ConfigFile(Path path, TomlTable table, String name) {
  static final String OWN = "plimsoll.toml";
  static final String SHARED = "pyproject.toml";
  private static final Pattern TABLE =
      Pattern.compile("^\\s*\\[tool\\.([\\w-]+)", Pattern.MULTILINE);

  /// The most typos in "plimsoll" that still count as a misspelling of it.
  private static final int SLIPS = 2;

  private static final List<String> TOOL = List.of("tool", "plimsoll");

  /// `plimsoll.toml` of a folder.
  static Optional<ConfigFile> own(Path folder, Path from) {
    Path path = folder.resolve(OWN);
    // An unreadable file, such as a directory or a broken link, is an error, not a missing file.
    boolean isThere = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    return isThere ? Optional.of(whole(path, from)) : Optional.empty();
  }

  /// A file that the user named: all of it, or `[tool.plimsoll]` of a `pyproject.toml`.
  static ConfigFile named(Path path, Path from) {
    Path absolute = from.resolve(path).toAbsolutePath().normalize();
    if (!absolute.endsWith(SHARED)) {
      return whole(absolute, from);
    }
    return shared(absolute.resolveSibling(""), from)
        .orElseThrow(() ->
            new UserError(
                "`" + shown(absolute, from) + "` has no `[tool.plimsoll]` table",
                "",
                "add the table, or use a plimsoll.toml",
                ExitCode.CONFIG));
  }

  /// `[tool.plimsoll]` in the `pyproject.toml` of a directory. A file that does not mention
  /// Plimsoll is not parsed: pytest reports its errors.
  static Optional<ConfigFile> shared(Path folder, Path from) {
    Path path = folder.resolve(SHARED);
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    String text = text(path, from);
    if (!text.contains("plimsoll")) {
      return Optional.empty();
    }
    TomlParseResult parsed = parse(text, path, from);
    return parsed.isTable(TOOL)
        ? Optional.of(new ConfigFile(path, parsed.getTableOrEmpty(TOOL), shown(path, from)))
        : notATable(parsed, path, from);
  }

  private static Optional<ConfigFile> notATable(TomlParseResult parsed, Path path, Path from) {
    if (!parsed.contains(TOOL)) {
      return Optional.empty();
    }
    throw Problem.error(
        List.of(
            new Problem(
                lineOf(parsed, TOOL),
                "`tool.plimsoll` is not a table",
                "it must be a table with the keys of Plimsoll",
                "")),
        shown(path, from));
  }

  private static ConfigFile whole(Path path, Path from) {
    TomlParseResult parsed = parse(text(path, from), path, from);
    if (parsed.contains(TOOL)) {
      throw Problem.error(
          List.of(
              new Problem(
                  lineOf(parsed, TOOL),
                  "`tool.plimsoll` is a table of " + SHARED,
                  "plimsoll.toml has its keys at the top level",
                  "remove `tool.plimsoll.` from the headers, and the header `[tool.plimsoll]`")),
          shown(path, from));
    }
    return new ConfigFile(path, parsed, shown(path, from));
  }

  /// A table in `pyproject.toml` whose name looks like a misspelling of `[tool.plimsoll]`.
  static Optional<String> misspelt(Path folder, Path from) {
    Path path = folder.resolve(SHARED);
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    return TABLE
        .matcher(text(path, from))
        .results()
        .map(found -> found.group(1))
        .filter(name -> !name.equals("plimsoll") && Nearest.distance(name, "plimsoll") <= SLIPS)
        .findFirst()
        .map(name ->
            "ignored `[tool.%s]` in %s; did you mean `[tool.plimsoll]`?"
                .formatted(name, shown(path, from)));
  }

  static int lineOf(TomlTable table, List<String> path) {
    var position = table.inputPositionOf(path);
    return position == null ? 1 : position.line();
  }

  private static String text(Path path, Path from) {
    try {
      String text = Files.readString(path);
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw unreadable(path, from, "it is not UTF-8 text");
    } catch (IOException e) {
      throw unreadable(path, from, FileTrouble.why(e));
    }
  }

  private static UserError unreadable(Path path, Path from, String why) {
    return new UserError("cannot read " + shown(path, from), why, "", ExitCode.CONFIG);
  }

  private static TomlParseResult parse(String text, Path path, Path from) {
    TomlParseResult parsed = Toml.parse(text);
    if (parsed.hasErrors()) {
      List<Problem> problems =
          parsed.errors().stream()
              .map(error ->
                  new Problem(
                      error.position().line(), "not TOML", String.valueOf(error.getMessage()), ""))
              .toList();
      throw Problem.error(problems, shown(path, from));
    }
    return parsed;
  }

  /// The path relative to a directory if it is inside, otherwise the absolute path.
  private static String shown(Path path, Path from) {
    return (path.startsWith(from) ? from.relativize(path) : path).toString();
  }
}
