package dev.plimsoll.cli.apply;

import dev.plimsoll.apply.Applied;
import dev.plimsoll.apply.HeadingStyle;
import dev.plimsoll.apply.MarkedSection;
import dev.plimsoll.apply.PlainPytest;
import dev.plimsoll.apply.PlainScript;
import dev.plimsoll.apply.TestsSection;
import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Entry;
import dev.plimsoll.config.GroupFolder;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.inventory.GroupList;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Plans all edits of `plimsoll apply` without writing any.
final class ApplyPlan {
  private static final String SCRIPT = "run.sh";
  private static final String UNMEASURED = "not measured with pytest-xdist";

  private final Config config;
  private final List<Calibration> xdist;
  private final Drafts drafts;
  private final ApplyOptions options;
  private final Consumer<String> messages;
  private final List<String> kept = new ArrayList<>();

  /// What the user wants.
  ///
  /// @param readme the file for the section
  /// @param force whether to overwrite sections that the user edited
  /// @param commands whether to change old commands
  record ApplyOptions(Set<Part> skip, Path readme, boolean force, boolean commands) {
    boolean has(Part part) {
      return !skip.contains(part);
    }
  }

  /// What can be written.
  enum Part {
    PYTEST,
    PLIMSOLL,
    README,
    SCRIPT
  }

  /// @param xdist choices that were measured with pytest-xdist
  ApplyPlan(
      Config config, List<Calibration> xdist, ApplyOptions options, Consumer<String> messages) {
    this.config = config;
    this.xdist = List.copyOf(xdist);
    this.drafts = new Drafts(config.root());
    this.options = options;
    this.messages = messages;
  }

  /// Plan.
  ///
  /// @param all every suite with a choice, for the README and the script
  /// @param named those whose numbers go into the configuration
  List<FileEdit> plan(List<Applied> all, List<Applied> named) {
    Optional<PlainPytest> plain = Optional.empty();
    if (options.has(Part.PYTEST)) {
      List<Applied> groups = named.stream().filter(Applied::isGroup).toList();
      List<Applied> measured =
          groups.stream().flatMap(group -> xdist(group.name()).stream()).toList();
      plain = new PytestWorkers(config.root(), drafts, messages).plan(groups, measured);
    }
    if (options.has(Part.PLIMSOLL)) {
      new OwnNumbers(config, drafts).plan(named);
    }
    Optional<Path> script = script(all);
    if (options.has(Part.README)) {
      readme(all, script, plain);
    }
    if (all.stream().anyMatch(Applied::isGroup)) {
      commands();
    }
    return drafts.edits();
  }

  /// List the commands that give other numbers; change them where the user wants that.
  private void commands() {
    var groups = new HashMap<String, String>();
    for (GroupList list : new GroupFolder(config).readSettled().lists()) {
      list.entries().forEach(entry -> groups.put(entry.path(), list.group()));
    }
    var commands = new OldCommands(config.root(), drafts, groups, this::measured);
    List<OldCommands.Old> old =
        commands.find(CommandFiles.of(config.root(), config.groupsFolder()));
    if (old.isEmpty()) {
      return;
    }
    messages.accept("commands with other numbers of workers than those measured:");
    old.forEach(one -> messages.accept(one.text(drafts.name(one.file()))));
    if (options.commands()) {
      commands.update();
    } else if (old.stream().anyMatch(one -> one.workers().isPresent())) {
      messages.accept(
          "hint: `plimsoll apply --update-commands` changes them; with `--dry-run` it shows the"
              + " diff");
    }
  }

  private OptionalInt measured(String group) {
    return xdist(group).map(Applied::workers).map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  /// Files with a section that was left as it is.
  List<String> kept() {
    return kept;
  }

  private Optional<Path> script(List<Applied> all) {
    if (!options.has(Part.SCRIPT) || all.stream().noneMatch(Applied::isGroup)) {
      return Optional.empty();
    }
    var lists = new GroupFolder(config);
    if (lists.isNew()) {
      messages.accept(
          "no script written: the groups have no lists yet; `plimsoll groups sync` creates them");
      return Optional.empty();
    }
    Path file = config.groupsFolder().resolve(SCRIPT);
    List<PlainScript.Group> groups = config.groups().stream().map(this::group).toList();
    warnOfUnmeasured(groups, all);
    String folder = config.root().relativize(config.groupsFolder()).toString();
    section(
        file, MarkedSection.SHELL, PlainScript.FIRST_LINE, PlainScript.body(groups, folder), true);
    return Optional.of(file);
  }

  /// What runs without Plimsoll runs with pytest-xdist: only a number that was measured with it is
  /// known to hold there, and 1 where none was.
  private PlainScript.Group group(Entry entry) {
    return xdist(entry.name())
        .map(found -> new PlainScript.Group(entry.name(), found.workers(), ""))
        .orElseGet(() -> new PlainScript.Group(entry.name(), 1, UNMEASURED));
  }

  private void warnOfUnmeasured(List<PlainScript.Group> groups, List<Applied> all) {
    var lower =
        groups.stream()
            .filter(group -> group.note().equals(UNMEASURED))
            .map(PlainScript.Group::name)
            .filter(name -> all.stream().anyMatch(a -> a.name().equals(name) && a.workers() > 1))
            .toList();
    if (!lower.isEmpty()) {
      messages.accept(
          "warning: %s runs %s with 1 worker: their numbers were not measured with pytest-xdist, which runs there; `plimsoll calibrate --engine xdist %s` measures"
              .formatted(SCRIPT, String.join(", ", lower), String.join(" ", lower)));
    }
  }

  private int scriptWorkers(String group) {
    return xdist(group).map(Applied::workers).orElse(1);
  }

  private Optional<Applied> xdist(String group) {
    return xdist.stream()
        .filter(calibration -> calibration.suite().equals(group))
        .findFirst()
        .map(calibration -> new Applied(calibration, Applied.Kind.GROUP));
  }

  private void readme(List<Applied> all, Optional<Path> script, Optional<PlainPytest> plain) {
    Path file = options.readme();
    Optional<String> other = otherReadme(file);
    if (other.isPresent()) {
      messages.accept(
          "no section written: the project has a %s and no %s; use `--readme FILE` for a Markdown file"
              .formatted(other.get(), drafts.name(file)));
      return;
    }
    Path folder = file.toAbsolutePath().resolveSibling("");
    Optional<String> path = script.map(s -> folder.relativize(s.toAbsolutePath()).toString());
    var section = new TestsSection(config.get(Keys.GROUPS_ORDER), path, this::scriptWorkers, plain);
    var style = HeadingStyle.of(drafts.text(file).orElse(""));
    String body = section.body(all, config.get(Keys.APPLY_LANGUAGE), style);
    section(file, MarkedSection.MARKDOWN, "", body, false);
  }

  /// A README in another format, when there is none in Markdown.
  private Optional<String> otherReadme(Path file) {
    if (drafts.text(file).isPresent()) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(config.root())) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.toLowerCase(Locale.ROOT).startsWith("readme"))
          .filter(name -> !file.endsWith(name))
          .sorted()
          .findFirst();
    } catch (IOException e) {
      throw new UserError(
          "`" + config.root() + "` cannot be read", e.toString(), "", ExitCode.CONFIG);
    }
  }

  private void section(
      Path file, MarkedSection marks, String fresh, String body, boolean isScript) {
    String before = drafts.text(file).orElse(fresh);
    switch (marks.put(before, body, options.force())) {
      case MarkedSection.Result.Done(String text) when isScript -> drafts.putScript(file, text);
      case MarkedSection.Result.Done(String text) -> drafts.put(file, text);
      case MarkedSection.Result.Edited _ ->
          keep(
              file,
              "you edited its section; move the edit outside the markers, or"
                  + " discard it with `--force`");
      case MarkedSection.Result.Damaged(String why) ->
          keep(file, why + "; repair the two markers, or delete both");
    }
  }

  private void keep(Path file, String why) {
    kept.add(drafts.name(file));
    messages.accept("warning: " + drafts.name(file) + " was not changed: " + why);
  }
}
