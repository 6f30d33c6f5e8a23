package dev.plimsoll.cli.groups;

import dev.plimsoll.cli.GroupName;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Entry;
import dev.plimsoll.config.GroupFolder;
import dev.plimsoll.config.Nearest;
import dev.plimsoll.config.schema.GroupKeys;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.engine.pytest.FileListing;
import dev.plimsoll.engine.pytest.PluginFolder;
import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.history.OwnFolder;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.inventory.Sync;
import dev.plimsoll.inventory.TestFile;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/// What the `groups` commands share: the project's lists and its test files.
public final class GroupProject {
  private final ProjectFlags flags;
  private final PrintWriter err;
  private final Config config;
  private final GroupFolder folder;

  public GroupProject(ProjectFlags flags, CommandSpec spec) {
    this(flags, spec, flags.load());
  }

  public GroupProject(ProjectFlags flags, CommandSpec spec, Config config) {
    this.flags = flags;
    this.err = spec.commandLine().getErr();
    this.config = config;
    this.folder = new GroupFolder(config);
  }

  public Config config() {
    return config;
  }

  public GroupFolder folder() {
    return folder;
  }

  /// Ask pytest for the files and prepare the update of these lists.
  Sync sync(GroupLists lists) {
    FileListing listing =
        FileListing.ask(
            flags.python(config),
            new PluginFolder(System.getenv()).unpack(),
            config.root(),
            config.root(),
            config.get(Keys.PYTEST_ARGS));
    listing.warnings().forEach(this::warn);
    warnOfStrangers();
    warnOfMarkers(listing);
    Set<String> known = listing.files().stream().map(TestFile::path).collect(Collectors.toSet());
    return new Sync(folder.classifier(), listing.files(), folder.present(lists, known));
  }

  /// Whether pytest would collect the file by default.
  boolean collects(String path) {
    return sync(folder.read()).files().stream().anyMatch(file -> file.path().equals(path));
  }

  /// Read, change and write the lists under a lock; otherwise the later process would undo what the
  /// earlier one wrote.
  <T> T alone(Supplier<T> change) {
    try {
      Path own = OwnFolder.make(config.root().resolve(HistoryStore.FOLDER));
      try (var channel =
              FileChannel.open(
                  own.resolve("groups.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var _ = channel.lock()) {
        return change.get();
      }
    } catch (IOException e) {
      throw new UserError(
          "cannot change the group lists",
          FileTrouble.why(e),
          "make the folder %s of the project writable: it contains the lock file"
              .formatted(HistoryStore.FOLDER),
          ExitCode.CONFIG);
    }
  }

  private void warn(String text) {
    err.println("warning: " + text);
  }

  private void warnOfStrangers() {
    for (String name : folder.strangers()) {
      String group = name.substring(0, name.length() - ".txt".length());
      String renamed =
          config.groups().stream()
              .map(Entry::name)
              .filter(other -> !Files.exists(folder.file(other)))
              .findFirst()
              .map(other ->
                  ", or, if that is `%s` now, rename it to %s.txt and change the name in moved.tsv"
                      .formatted(other, other))
              .orElse("");
      warn(
          "ignored %s, which belongs to no group; to use it, add `%s` to `groups.order`%s"
              .formatted(folder.name(folder.file(group)), group, renamed));
    }
  }

  private void warnOfMarkers(FileListing listing) {
    var used = new HashSet<>(listing.markers());
    listing.files().forEach(file -> used.addAll(file.marks()));
    for (var group : config.groups()) {
      var markers = group.values().setting(GroupKeys.MARKERS);
      if (!markers.isDefault()) {
        markers.value().stream()
            .filter(marker -> !used.contains(marker))
            .forEach(marker ->
                warn(
                    "no test has the marker `%s` of `%s`%s"
                        .formatted(
                            marker,
                            markers.name(),
                            Nearest.to(marker, used)
                                .map(near -> "; did you mean `" + near + "`?")
                                .orElse(""))));
      }
    }
  }

  /// The path of a file relative to the project, from an argument that is relative to the current
  /// folder or to the project; a node id names its file.
  String path(String argument) {
    String file =
        argument.contains("::") ? argument.substring(0, argument.indexOf("::")) : argument;
    Path fromHere = flags.current().resolve(file).normalize();
    Path fromRoot = config.root().resolve(file).normalize();
    Path path = Files.exists(fromHere) || !Files.exists(fromRoot) ? fromHere : fromRoot;
    return config.root().relativize(path).toString();
  }

  /// The name of a group.
  ///
  /// @throws UserError ({@link ExitCode#USAGE}) when there is none of this name
  String group(String name) {
    return GroupName.known(name, config);
  }
}
