package dev.plimsoll.cli.groups;

import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.config.GroupFolder;
import dev.plimsoll.inventory.GroupList;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `plimsoll groups move`: a move by hand, which later syncs keep.
@Command(
    name = "move",
    mixinStandardHelpOptions = true,
    description = "Move a test file to another group. Later syncs keep it there.")
final class GroupsMoveCommand extends ProjectCommand<ProjectFlags> {
  GroupsMoveCommand() {
    super(new ProjectFlags());
  }

  @Parameters(index = "0", paramLabel = "FILE", description = "A test file.")
  private String file;

  @Parameters(index = "1", paramLabel = "GROUP", description = "The group to move it to.")
  private String group;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "The reason; stored in moved.tsv next to the lists and shown by `explain`.")
  private String reason = "";

  @Override
  public Integer call() {
    var project = new GroupProject(flags, spec);
    GroupFolder folder = project.folder();
    String target = project.group(group);
    String path = project.path(file);
    require(project, path);
    GroupLists before =
        project.alone(() -> {
          GroupLists lists = folder.read();
          folder.write(folder.edits(lists.move(path, target, reason), false));
          return lists;
        });
    PrintWriter out = spec.commandLine().getOut();
    out.println(said(path, before, target));
    out.flush();
    return 0;
  }

  private String said(String path, GroupLists before, String target) {
    List<String> from =
        before.lists().stream()
            .filter(list -> list.paths().contains(path))
            .map(GroupList::group)
            .toList();
    if (from.equals(List.of(target))) {
      return path
          + " is in "
          + target
          + " already"
          + (reason.isBlank() ? "" : "; the reason is stored");
    }
    return from.isEmpty()
        ? path + " is now in " + target
        : path + " moved from " + String.join(" and ", from) + " to " + target;
  }

  private static void require(GroupProject project, String path) {
    Optional<String> wrong = Optional.empty();
    Path absolute = project.config().root().resolve(path);
    if (Files.isDirectory(absolute)) {
      wrong =
          Optional.of(
              "it is a directory; move files one by one, or add the directory to `paths` of a"
                  + " group");
    } else if (!Files.isRegularFile(absolute)) {
      wrong = Optional.of("the file does not exist in " + project.config().root());
    } else if (!GroupList.canHold(path) || path.contains("\t")) {
      wrong = Optional.of("its name does not fit on a line of a list");
    } else if (!project.collects(path)) {
      wrong = Optional.of("pytest does not collect it");
    }
    wrong.ifPresent(why -> {
      throw new UserError(
          "cannot move `" + path + "`",
          why,
          "`plimsoll groups list` lists the test files",
          ExitCode.USAGE);
    });
  }
}
