package dev.plimsoll.config;

import dev.plimsoll.config.schema.GroupKeys;
import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.inventory.Classifier;
import dev.plimsoll.inventory.Glob;
import dev.plimsoll.inventory.GroupList;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.inventory.GroupRules;
import dev.plimsoll.inventory.PlacementReasons;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The directory of a project's group lists: a `GROUP.txt` for each group, and `moved.tsv` with the
/// reasons of moves.
public final class GroupFolder {
  private static final String REASONS = "moved.tsv";
  private static final Pattern CONFLICT =
      Pattern.compile("(<{7}|={7}|>{7}|\\|{7})(\\s.*)?", Pattern.DOTALL);

  private final Config config;
  private final Path folder;

  public GroupFolder(Config config) {
    this.config = config;
    this.folder = config.groupsFolder();
  }

  /// The rules of the configuration.
  public Classifier classifier() {
    return new Classifier(config.groups().stream().map(GroupFolder::rules).toList());
  }

  private static GroupRules rules(Entry group) {
    return new GroupRules(
        group.name(),
        group.get(GroupKeys.PATHS).stream().map(Glob::new).toList(),
        group.get(GroupKeys.WORDS),
        group.get(GroupKeys.MARKERS));
  }

  /// The list's file.
  public Path file(String group) {
    return folder.resolve(group + ".txt");
  }

  /// The table of reasons.
  public Path reasonsFile() {
    return folder.resolve(REASONS);
  }

  /// The name of a file in messages: relative to the project.
  public String name(Path file) {
    return (file.startsWith(config.root()) ? config.root().relativize(file) : file).toString();
  }

  /// Whether no group has a list.
  public boolean isNew() {
    return config.groups().stream().noneMatch(group -> Files.exists(file(group.name())));
  }

  /// Read the lists; one that does not exist is empty.
  ///
  /// @throws UserError ({@link ExitCode#CONFIG}) if a file is not text or cannot be read
  public GroupLists read() {
    List<GroupList> lists =
        config.groups().stream()
            .map(Entry::name)
            .map(name ->
                text(file(name))
                    .map(text -> GroupList.parse(name, text))
                    .orElseGet(() -> GroupList.empty(name)))
            .toList();
    return new GroupLists(
        lists, text(reasonsFile()).map(PlacementReasons::parse).orElseGet(PlacementReasons::none));
  }

  /// The lists, after checking that no file is in two of them.
  ///
  /// @throws UserError ({@link ExitCode#CONFIG}) as {@link #read}, and if a file is in two lists
  public GroupLists readSettled() {
    GroupLists lists = read();
    if (lists.clashes().isEmpty()) {
      return lists;
    }
    List<String> all =
        lists.clashes().stream()
            .map(clash -> clash.path() + ": " + String.join(" and ", places(lists, clash.path())))
            .distinct()
            .toList();
    GroupLists.Clash first = lists.clashes().getFirst();
    throw new UserError(
        all.size() == 1
            ? "`" + first.path() + "` is in two group lists"
            : all.size() + " files are in two group lists",
        String.join("\n", all),
        "keep it in one: `plimsoll groups move %s %s`, or delete a line"
            .formatted(first.path(), first.first()),
        ExitCode.CONFIG);
  }

  /// The lines that contain a file, as `list:line`.
  public List<String> places(GroupLists lists, String path) {
    return lists.lists().stream()
        .flatMap(list ->
            list.entries().stream()
                .filter(entry -> entry.path().equals(path))
                .map(entry -> name(file(list.group())) + ":" + entry.line() + entry.note()))
        .toList();
  }

  private Optional<String> text(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      String text = Files.readString(file);
      if (text.indexOf('\0') >= 0) {
        throw unreadable(file, "it holds binary data");
      }
      return Optional.of(text);
    } catch (CharacterCodingException e) {
      throw unreadable(file, "it is not UTF-8 text");
    } catch (IOException e) {
      throw unreadable(file, FileTrouble.why(e));
    }
  }

  private UserError unreadable(Path file, String why) {
    return new UserError(
        "cannot read the group list " + name(file),
        why,
        "repair the file, or move it away and run `plimsoll groups sync`; nothing was changed",
        ExitCode.CONFIG);
  }

  /// The entries that exist on disk but are not among the known files.
  ///
  /// @throws UserError ({@link ExitCode#CONFIG}) if an entry cannot be a test file
  public Set<String> present(GroupLists lists, Set<String> known) {
    var present = new HashSet<String>();
    for (GroupList list : lists.lists()) {
      for (GroupList.Entry entry : list.entries()) {
        if (!known.contains(entry.path())) {
          if (entry.path().startsWith("/")) {
            throw wrongEntry(
                list.group(),
                entry,
                "it is not a relative path",
                "write it relative to the project");
          } else if (Files.isRegularFile(config.root().resolve(entry.path()))) {
            present.add(entry.path());
          } else {
            refuse(list.group(), entry);
          }
        }
      }
    }
    return present;
  }

  /// Rejects an entry that never was a file, so that it does not count as a deleted file.
  private void refuse(String group, GroupList.Entry entry) {
    String path = entry.path();
    boolean isFolder = Files.isDirectory(config.root().resolve(path));
    if (isFolder || path.contains("*")) {
      throw wrongEntry(
          group,
          entry,
          isFolder ? "it is a directory" : "it is a pattern",
          "move it to `paths` of `[groups." + group + "]`");
    }
    if (CONFLICT.matcher(path).matches()) {
      throw wrongEntry(group, entry, "it is a git conflict marker", "resolve the conflict first");
    }
    if (path.contains("::")) {
      throw wrongEntry(
          group, entry, "it is a single test", "write the file: a group contains whole files");
    }
  }

  private UserError wrongEntry(String group, GroupList.Entry entry, String why, String hint) {
    return new UserError(
        "%s, line %d: `%s` is not a test file"
            .formatted(name(file(group)), entry.line(), entry.path()),
        why + ", but a list contains one test file per line",
        hint,
        ExitCode.CONFIG);
  }

  /// Lists in the directory that belong to no group.
  public List<String> strangers() {
    Set<String> names = new HashSet<>();
    config.groups().forEach(group -> names.add(group.name() + ".txt"));
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".txt") && !names.contains(name))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw unreadable(folder, FileTrouble.why(e));
    }
  }

  /// A change to a file of the directory.
  ///
  /// @param before empty if the file does not exist
  public record Edit(Path file, String before, String after) {
    int growth() {
      return after.length() - before.length();
    }
  }

  /// The changes that writing these lists would make.
  ///
  /// @param complete whether to create empty lists too, so that scripts find them
  public List<Edit> edits(GroupLists lists, boolean complete) {
    var edits = new ArrayList<Edit>();
    for (GroupList list : lists.lists()) {
      edit(file(list.group()), list.render(), complete, edits);
    }
    edit(reasonsFile(), lists.reasons().render(), false, edits);
    return edits;
  }

  private void edit(Path file, String after, boolean always, List<Edit> edits) {
    Optional<String> before = text(file);
    boolean missing = before.isEmpty() && (always || !after.isEmpty());
    if (missing || !before.orElse("").equals(after)) {
      edits.add(new Edit(file, before.orElse(""), after));
    }
  }

  /// Write the changes. Lists that grow come first: after an interruption, a file is in two lists,
  /// which is detected, rather than in none.
  ///
  /// @throws UserError ({@link ExitCode#CONFIG}) when a file cannot be written
  public void write(List<Edit> edits) {
    for (Edit edit :
        edits.stream().sorted(Comparator.comparingInt(Edit::growth).reversed()).toList()) {
      try {
        if (edit.after().isEmpty() && edit.file().equals(reasonsFile())) {
          Files.deleteIfExists(edit.file());
        } else {
          AtomicFile.write(edit.file(), edit.after());
        }
      } catch (IOException e) {
        throw new UserError(
            "cannot write " + name(edit.file()),
            FileTrouble.why(e),
            "make the directory and its files writable",
            ExitCode.CONFIG);
      }
    }
  }
}
