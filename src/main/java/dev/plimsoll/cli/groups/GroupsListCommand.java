package dev.plimsoll.cli.groups;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.cli.Counted;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.inventory.GroupList;
import dev.plimsoll.inventory.GroupLists;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `plimsoll groups list`: the files of the groups as a run takes them.
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "Print the files of the groups as a run takes them: the lists, and the rules for files that are"
          + " in none. With GROUP only its paths, one a line, for other programs."
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
    var project = new GroupProject(flags, spec);
    String only = group == null ? "" : project.group(group);
    GroupLists before = project.folder().readSettled();
    GroupLists lists = project.sync(before).update(before).lists();
    List<GroupList> chosen =
        lists.lists().stream().filter(list -> only.isEmpty() || list.group().equals(only)).toList();
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

  private static void print(GroupList list, PrintWriter out) {
    List<String> paths = list.paths();
    out.println(list.group() + ": " + Counted.of(paths.size(), "file"));
    paths.forEach(path -> out.println("  " + path));
  }

  private static String json(List<GroupList> lists) throws IOException {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    lists.forEach(list -> groups.put(list.group(), list.paths()));
    return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(Map.of("groups", groups));
  }
}
