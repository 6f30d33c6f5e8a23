package dev.plimsoll.cli.groups;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.config.GroupFolder;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.model.ExitCode;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;

/// `plimsoll groups check`: notice a stale list, for CI.
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Exit with 1 and print a diff if `plimsoll groups sync` would change a list.")
final class GroupsCheckCommand extends ProjectCommand<ProjectFlags> {
  GroupsCheckCommand() {
    super(new ProjectFlags());
  }

  @Override
  public Integer call() {
    var project = new GroupProject(flags, spec);
    PrintWriter out = spec.commandLine().getOut();
    GroupFolder folder = project.folder();
    GroupLists before = folder.readSettled();
    GroupLists after = project.sync(before).update(before).lists();
    List<GroupFolder.Edit> edits = folder.edits(after, true);
    if (edits.isEmpty()) {
      out.println("The lists are up to date: " + GroupsSyncCommand.summary(after) + ".");
      out.flush();
      return ExitCode.OK.code();
    }
    edits.forEach(edit -> out.print(diff(folder.name(edit.file()), edit)));
    out.flush();
    var err = spec.commandLine().getErr();
    err.println("\nhint: `plimsoll groups sync` updates the lists");
    err.flush();
    return ExitCode.TESTS_FAILED.code();
  }

  private static String diff(String name, GroupFolder.Edit edit) {
    List<String> before = lines(edit.before());
    List<String> after = lines(edit.after());
    var patch = DiffUtils.diff(before, after);
    List<String> diff = UnifiedDiffUtils.generateUnifiedDiff(name, name, before, patch, 3);
    if (diff.isEmpty()) {
      return name + ": " + invisible(edit.before()) + "\n";
    }
    return String.join("\n", diff) + "\n";
  }

  private static String invisible(String before) {
    return before.isEmpty()
        ? "creates an empty list"
        : before.endsWith("\n") ? "changes line endings" : "ends the last line with a line break";
  }

  private static List<String> lines(String text) {
    return text.lines().toList();
  }
}
