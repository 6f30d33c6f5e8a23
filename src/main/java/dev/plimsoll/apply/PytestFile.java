package dev.plimsoll.apply;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A file with pytest's configuration, and the number of workers in its `addopts`.
///
/// Of the files in a folder pytest reads the first that counts, in the order of {@link #NAMES}
/// (docs.pytest.org, "Configuration file formats"); `pytest.ini` counts even without a section.
public final class PytestFile {
  /// Names of files that pytest looks for, in its order.
  public static final List<String> NAMES =
      List.of(
          "pytest.toml",
          ".pytest.toml",
          "pytest.ini",
          ".pytest.ini",
          "pyproject.toml",
          "tox.ini",
          "setup.cfg");

  private static final String ADDOPTS = "addopts";
  private static final List<String> OPTIONS = List.of("tool", "pytest", "ini_options");

  private final String text;
  private final Place place;

  private PytestFile(String text, Place place) {
    this.text = text;
    this.place = place;
  }

  /// Where `addopts` stands or belongs.
  private sealed interface Place {
    record Ini(String section) implements Place {}

    /// @param list whether `addopts` must be a list there
    record Toml(List<String> table, boolean list) implements Place {}
  }

  /// The file, when pytest takes its configuration from it.
  ///
  /// @throws Unreadable when its text does not follow its format
  public static Optional<PytestFile> of(String name, String text) {
    return place(name, text).map(place -> new PytestFile(text, place));
  }

  /// A file that will hold pytest's configuration and does not yet.
  public static PytestFile fresh(String name, String text) {
    Place place = name.endsWith(".toml") ? new Place.Toml(OPTIONS, false) : new Place.Ini("pytest");
    return new PytestFile(text, place);
  }

  private static Optional<Place> place(String name, String text) {
    return switch (name) {
      case "pytest.ini" -> Optional.of(new Place.Ini("pytest"));
      case ".pytest.ini", "tox.ini" -> ini(text, "pytest");
      case "setup.cfg" -> ini(text, "tool:pytest");
      case "pyproject.toml" ->
          text.contains("pytest")
              ? toml(text, OPTIONS, false).or(() -> toml(text, List.of("tool", "pytest"), true))
              : Optional.empty();
      default -> toml(text, List.of("pytest"), true);
    };
  }

  private static Optional<Place> ini(String text, String section) {
    return IniText.section(text, section).map(_ -> new Place.Ini(section));
  }

  private static Optional<Place> toml(String text, List<String> table, boolean list) {
    return TomlEdit.parse(text).contains(table)
        ? Optional.of(new Place.Toml(table, list))
        : Optional.empty();
  }

  /// The number of workers as it stands there: `4`, `auto`; empty without one.
  public Optional<String> workers() {
    return addopts().flatMap(found -> WorkerOption.find(found.arguments())).map(Excerpt::text);
  }

  /// Whether `addopts` switch pytest-xdist off.
  public boolean isOff() {
    return addopts().filter(found -> WorkerOption.isOff(found.arguments())).isPresent();
  }

  /// The text with this number of workers.
  ///
  /// @throws Unreadable when `addopts` cannot be read
  public String withWorkers(int count) {
    Optional<Addopts> found = addopts();
    if (found.isEmpty()) {
      return added(count);
    }
    String number = Integer.toString(count);
    return WorkerOption.find(found.get().arguments())
        .map(value -> new Splice(value.at(0), value.end(), number))
        .orElseGet(() -> found.get().more(count))
        .in(text);
  }

  private String added(int count) {
    return switch (place) {
      case Place.Toml(List<String> table, boolean list) ->
          TomlEdit.set(text, addopts(table), list ? List.of("-n" + count) : "-n " + count);
      case Place.Ini(String section) -> {
        String line = ADDOPTS + " = -n " + count;
        yield IniText.section(text, section)
            .map(ini -> underHeader(ini.header(), line))
            .orElseGet(() -> Lines.append(text, "[" + section + "]\n" + line + "\n"));
      }
    };
  }

  private String underHeader(Lines.Line header, String line) {
    String newline = Lines.newline(text);
    boolean open = header.next() == header.end();
    return Splice.insert(header.next(), (open ? newline : "") + line + newline).in(text);
  }

  private Optional<Addopts> addopts() {
    return switch (place) {
      case Place.Ini(String section) ->
          IniText.section(text, section)
              .flatMap(ini -> ini.value(ADDOPTS))
              .map(value -> Addopts.ini(text, value));
      case Place.Toml(List<String> table, boolean _) ->
          Optional.ofNullable(TomlEdit.parse(text).entry(addopts(table)))
              .map(entry -> Addopts.toml(text, entry.value()));
    };
  }

  private static List<String> addopts(List<String> table) {
    return Stream.concat(table.stream(), Stream.of(ADDOPTS)).toList();
  }
}
