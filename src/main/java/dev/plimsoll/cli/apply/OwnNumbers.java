package dev.plimsoll.cli.apply;

import dev.plimsoll.apply.Applied;
import dev.plimsoll.apply.TomlEdit;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.TomlCheck;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Plans `workers` of groups and stages, and the machine they were measured on, in the file that
/// holds the project's configuration; without one in a new `plimsoll.toml`.
final class OwnNumbers {
  private final Path file;
  private final List<String> table;
  private final Drafts drafts;

  OwnNumbers(Config config, Drafts drafts) {
    this.file = config.file().orElseGet(() -> config.root().resolve("plimsoll.toml"));
    this.table = file.endsWith("pyproject.toml") ? List.of("tool", "plimsoll") : List.of();
    this.drafts = drafts;
  }

  void plan(List<Applied> suites) {
    String before = drafts.text(file).orElse("");
    String after = before;
    var paths = new ArrayList<List<String>>();
    for (Applied suite : suites) {
      if (suite.kind() != Applied.Kind.COMMAND) {
        String section = suite.isGroup() ? "groups" : "stages";
        var workers = path(section, suite.name(), "workers");
        var measured = path(section, suite.name(), "measured-on");
        after = TomlEdit.set(after, workers, (long) suite.workers());
        after = TomlEdit.set(after, measured, suite.calibration().machine().key());
        paths.addAll(List.of(workers, measured));
      }
    }
    if (!TomlCheck.differOnlyAt(before, after, paths)) {
      throw new UserError(
          "`" + drafts.name(file) + "` cannot be edited",
          "the edit would change more than numbers of workers; Plimsoll wrote no files",
          "write each group as a table `[groups.NAME]`, or skip the file with `--skip plimsoll`",
          ExitCode.CONFIG);
    }
    if (!paths.isEmpty()) {
      drafts.put(file, after);
    }
  }

  private List<String> path(String... names) {
    return Stream.concat(table.stream(), Stream.of(names)).toList();
  }
}
