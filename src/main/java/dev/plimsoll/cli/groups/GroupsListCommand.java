package dev.plimsoll.cli.groups;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.inventory.Change;
import dev.plimsoll.inventory.GroupList;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.inventory.Sync;
import dev.plimsoll.report.Words;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `plimsoll groups list`: the files of the groups as a run takes them.
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "List the files of each group as a run uses them: the lists, plus files that are in no list,"
          + " placed by the rules. With GROUP, only its paths, one per line, for other programs."
    })
final class GroupsListCommand extends ProjectCommand<ProjectFlags> {
  GroupsListCommand() {
    super(new ProjectFlags());
  }

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Parameters(arity = "0..1", paramLabel = "GROUP", description = "Only this group.")
  private @Nullable String group;

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    var project = new GroupProject(flags, spec);
    String only = group == null ? "" : project.group(group);
    GroupLists before = project.folder().readSettled();
    Sync.Result result = project.sync(before).update(before);
    List<Change> leftOut = result.changes().stream().filter(GroupsListCommand::leavesOut).toList();
    Set<String> ignored = leftOut.stream().map(Change::path).collect(Collectors.toSet());
    List<GroupList> chosen =
        result.lists().lists().stream()
            .filter(list -> only.isEmpty() || list.group().equals(only))
            .map(list -> list.without(ignored))
            .toList();
    leftOut.forEach(change -> err.println("left out: " + ChangeText.of(change)));
    err.flush();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(chosen));
    } else if (only.isEmpty()) {
      chosen.forEach(list -> print(list, out));
    } else {
      chosen.getFirst().paths().forEach(out::println);
    }
    out.flush();
    return 0;
  }

  /// What pytest does not collect, and what a program cannot read from a line.
  private static boolean leavesOut(Change change) {
    return change instanceof Change.Uncollected || change instanceof Change.Unlistable;
  }

  private static void print(GroupList list, PrintWriter out) {
    List<String> paths = list.paths();
    out.println(list.group() + ": " + Words.count(paths.size(), "file"));
    paths.forEach(path -> out.println("  " + path));
  }

  private static String json(List<GroupList> lists) throws IOException {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    lists.forEach(list -> groups.put(list.group(), list.paths()));
    return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(Map.of("groups", groups));
  }
}
