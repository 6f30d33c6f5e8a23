package dev.plimsoll.cli.groups;

import dev.plimsoll.cli.JsonText;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.config.GroupFolder;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.inventory.Sync;
import dev.plimsoll.learn.Figure;
import dev.plimsoll.learn.Suggestion;
import dev.plimsoll.learn.Suggestions;
import dev.plimsoll.report.TerminalText;
import dev.plimsoll.report.Words;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `plimsoll groups suggest`: files that recorded runs show to belong to another group.
@Command(
    name = "suggest",
    mixinStandardHelpOptions = true,
    description = {
      "Suggest test files to move to another group, based on recorded runs and calibrations on this"
          + " machine: far larger or slower than the others in their group, or failing only in"
          + " parallel.",
      "The most demanding test of a file counts, with its median of three runs or more."
    })
final class GroupsSuggestCommand extends ProjectCommand<ProjectFlags> {
  GroupsSuggestCommand() {
    super(new ProjectFlags());
  }

  @Option(
      names = "--apply",
      description =
          "Move the files and store the reasons, as `groups move` does, and update the lists.")
  private boolean apply;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    var project = new GroupProject(flags, spec);
    GroupLists lists = project.folder().readSettled();
    Sync sync = project.sync(lists);
    var evidence = GroupEvidence.of(project, lists, sync, this::warn);
    List<Suggestion> suggestions = Suggestions.of(evidence.groups(), evidence.files());
    List<Suggestion> moves = suggestions.stream().filter(Suggestion::isMove).toList();
    if (apply && !moves.isEmpty()) {
      move(project, sync, moves);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? JsonText.write(document(suggestions, evidence)) : text(suggestions));
    out.flush();
    if (!json) {
      remark(moves.size(), evidence);
    }
    return 0;
  }

  /// Move the files in complete lists: a run warns of files that are in none.
  private static void move(GroupProject project, Sync sync, List<Suggestion> moves) {
    GroupFolder folder = project.folder();
    project.alone(() -> {
      GroupLists lists = sync.update(folder.readSettled()).lists();
      for (Suggestion move : moves) {
        lists = lists.move(move.path(), move.to(), move.reason());
      }
      folder.write(folder.edits(lists, true));
      return lists;
    });
  }

  private String text(List<Suggestion> suggestions) {
    var text = new StringBuilder();
    for (Suggestion suggestion : suggestions) {
      text.append(TerminalText.clean(line(suggestion))).append('\n');
      text.append("  why: ").append(TerminalText.clean(suggestion.reason())).append('\n');
    }
    return text.toString();
  }

  private String line(Suggestion suggestion) {
    if (!suggestion.isMove()) {
      return suggestion.path()
          + ": no group has few enough workers; mark tests that must not run together with"
          + " `@pytest.mark.xdist_group`";
    }
    return "%s: %s from %s to %s"
        .formatted(suggestion.path(), apply ? "moved" : "move", suggestion.from(), suggestion.to());
  }

  private void remark(int moves, GroupEvidence evidence) {
    PrintWriter err = spec.commandLine().getErr();
    int skipped = evidence.onlySkipped();
    int open = evidence.unmeasured().size();
    int measured = evidence.files().size() - open - skipped;
    err.println(
        "%s of %s measured in %s on this machine"
            .formatted(
                measured,
                Words.count(evidence.files().size(), "file"),
                Words.count(evidence.runs(), "run")));
    if (moves == 0) {
      err.println("no files to move");
    } else if (!apply) {
      err.println("`plimsoll groups suggest --apply` moves " + Words.count(moves, "file"));
    }
    if (skipped > 0) {
      err.println(Words.count(skipped, "file") + " with skipped tests only");
    }
    if (open > 0) {
      err.println("hint: the others need %d runs: `plimsoll run`".formatted(Figure.LEAST_RUNS));
    }
    err.flush();
  }

  private static Map<String, ?> document(List<Suggestion> suggestions, GroupEvidence evidence) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("schema", 1);
    document.put("runs", evidence.runs());
    document.put("suggestions", suggestions.stream().map(GroupsSuggestCommand::document).toList());
    document.put("unmeasured", evidence.unmeasured());
    return document;
  }

  private static Map<String, @Nullable Object> document(Suggestion suggestion) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("file", suggestion.path());
    document.put("from", suggestion.from());
    document.put("to", suggestion.isMove() ? suggestion.to() : null);
    document.put("kind", suggestion.kind().word());
    document.put("reason", suggestion.reason());
    return document;
  }
}
