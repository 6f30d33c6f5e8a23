package dev.plimsoll.cli.groups;

import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.schema.GroupKeys;
import dev.plimsoll.config.schema.Values;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.inventory.Placement;
import dev.plimsoll.inventory.PlacementReasons;
import dev.plimsoll.inventory.Sync;
import dev.plimsoll.inventory.TestFile;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `plimsoll groups explain`: why a file is in its group.
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Show which group a test file is in, and which list, rule or move put it there.")
final class GroupsExplainCommand extends ProjectCommand<ProjectFlags> {
  GroupsExplainCommand() {
    super(new ProjectFlags());
  }

  @Parameters(paramLabel = "FILE", description = "A test file.")
  private String file;

  @Override
  public Integer call() {
    var project = new GroupProject(flags, spec);
    GroupLists lists = project.folder().read();
    Sync sync = project.sync(lists);
    String path = project.path(file);
    Optional<TestFile> collected =
        sync.files().stream().filter(test -> test.path().equals(path)).findFirst();
    boolean known = collected.isPresent() || sync.present().contains(path);
    if (!known) {
      throw unknown(path, lists, sync);
    }
    TestFile test = collected.orElseGet(() -> new TestFile(path, Set.of()));
    PrintWriter out = spec.commandLine().getOut();
    explain(project, lists, sync.classifier().place(test), test, out);
    if (collected.isEmpty()) {
      out.println("  pytest does not collect it by default");
    }
    out.flush();
    return 0;
  }

  private static void explain(
      GroupProject project, GroupLists lists, Placement rules, TestFile file, PrintWriter out) {
    String group = lists.groupOf(file.path()).orElse(rules.group());
    out.println(file.path() + " is in " + group);
    project.folder().places(lists, file.path()).forEach(place -> out.println("  list: " + place));
    if (lists.groupOf(file.path()).isEmpty()) {
      out.println("  list: none yet; `plimsoll groups sync` adds it");
    }
    String origin = origin(project.config(), rules);
    out.println("  rules: " + rules.group() + ", because " + rules.rule().text() + origin);
    PlacementReasons.Reason moved = lists.reasons().byPath().get(file.path());
    if (moved != null) {
      String why = moved.text().isEmpty() ? "no reason given" : moved.text();
      out.println("  moved to " + moved.group() + ": " + why);
    } else if (!group.equals(rules.group())) {
      out.println("  the list counts; `plimsoll groups sync --reset` follows the rules");
    }
  }

  private static String origin(Config config, Placement placement) {
    Values values = config.group(placement.group()).orElseThrow().values();
    var setting =
        switch (placement.rule()) {
          case Placement.Rule.ByPath _ -> Optional.of(values.setting(GroupKeys.PATHS));
          case Placement.Rule.ByMarker _ -> Optional.of(values.setting(GroupKeys.MARKERS));
          case Placement.Rule.ByWord _ -> Optional.of(values.setting(GroupKeys.WORDS));
          case Placement.Rule.Rest _ -> Optional.<dev.plimsoll.config.schema.Setting<?>>empty();
        };
    return setting.map(from -> " (" + from.name() + ", " + from.origin().text() + ")").orElse("");
  }

  private static Optional<String> sameName(String path, Sync sync) {
    String name = new TestFile(path, Set.of()).name();
    return sync.files().stream()
        .filter(file -> file.name().equals(name))
        .map(TestFile::path)
        .findFirst();
  }

  private static UserError unknown(String path, GroupLists lists, Sync sync) {
    String why =
        lists
            .groupOf(path)
            .map(group -> "it is in the list of " + group + ", but the file does not exist")
            .orElse("pytest does not collect it, and it is in no list");
    return new UserError(
        "`" + path + "` is not a test file in this project",
        why,
        sameName(path, sync)
            .map(other -> "did you mean `" + other + "`?")
            .orElse("`plimsoll groups list` lists the test files"),
        ExitCode.USAGE);
  }
}
