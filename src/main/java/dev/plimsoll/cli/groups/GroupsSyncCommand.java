package dev.plimsoll.cli.groups;

import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.config.GroupFolder;
import dev.plimsoll.inventory.Change;
import dev.plimsoll.inventory.GroupList;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.inventory.Sync;
import dev.plimsoll.report.Words;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `plimsoll groups sync`: bring the lists up to date.
@Command(
    name = "sync",
    mixinStandardHelpOptions = true,
    description = {
      "Update the lists: add new files by the rules, remove entries of deleted files, and keep all"
          + " other entries in their list, whatever the rules say."
    })
public final class GroupsSyncCommand extends ProjectCommand<ProjectFlags> {
  public GroupsSyncCommand() {
    super(new ProjectFlags());
  }

  @Option(names = "--reset", description = "Undo moves by hand: the rules place every file.")
  private boolean reset;

  @Override
  public Integer call() {
    var project = new GroupProject(flags, spec);
    PrintWriter out = spec.commandLine().getOut();
    run(project, reset, out);
    out.flush();
    return 0;
  }

  public static void run(GroupProject project, boolean reset, PrintWriter out) {
    project.alone(() -> synced(project, reset)).forEach(out::println);
  }

  private static List<String> synced(GroupProject project, boolean reset) {
    var lines = new ArrayList<String>();
    GroupFolder folder = project.folder();
    GroupLists before = reset ? folder.read() : folder.readSettled();
    boolean first = folder.isNew();
    Sync sync = project.sync(before);
    Sync.Result result = reset ? sync.reset(before) : sync.update(before);
    List<GroupFolder.Edit> edits = folder.edits(result.lists(), true);
    folder.write(edits);
    result.changes().stream()
        .filter(change -> !first || !(change instanceof Change.Added))
        .forEach(change -> lines.add(ChangeText.of(change)));
    lines.add(summary(result.lists()));
    lines.add(
        edits.isEmpty()
            ? "the lists were up to date"
            : "wrote "
                + edits.stream()
                    .map(edit -> folder.name(edit.file()))
                    .collect(Collectors.joining(", ")));
    return lines;
  }

  static String summary(GroupLists lists) {
    return lists.lists().stream()
        .map(list -> list.group() + ": " + size(list))
        .collect(Collectors.joining(", "));
  }

  private static String size(GroupList list) {
    return Words.count(list.paths().size(), "file");
  }
}
