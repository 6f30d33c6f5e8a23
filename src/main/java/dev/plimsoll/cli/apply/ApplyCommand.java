package dev.plimsoll.cli.apply;

import dev.plimsoll.apply.Applied;
import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.cli.GroupName;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.cli.calibration.Calibrations;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.chain.StageReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `plimsoll apply`: write what calibration chose where the project keeps it.
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = {
      "Write the calibrated numbers of workers into the project: `-n` for pytest-xdist,"
          + " plimsoll.toml, a section of the README, and a script for people without Plimsoll."
    },
    footer = {
      "",
      "Writes all files or none. Does not change a section that you edited.",
      "Exit code 1 if `--check` finds a difference, or if it skipped a file."
    })
public final class ApplyCommand extends ProjectCommand<ProjectFlags> {
  public ApplyCommand() {
    super(new ProjectFlags());
  }

  @Parameters(
      arity = "0..*",
      paramLabel = "GROUP|STAGE",
      description =
          "groups and stages whose numbers to write into the configuration (default: all"
              + " calibrated)")
  private List<String> names = List.of();

  @Option(names = "--dry-run", description = "print a diff and write nothing")
  private boolean dryRun;

  @Option(
      names = "--check",
      description = "print a diff and exit with 1 if anything would change, for CI")
  private boolean check;

  @Option(
      names = "--skip",
      paramLabel = "PART",
      split = ",",
      description = "what not to write: pytest, plimsoll, readme, script (separated by commas)")
  private List<String> skip = List.of();

  @Option(
      names = "--readme",
      paramLabel = "FILE",
      description = "the Markdown file for the section (default: README.md)")
  private Path readme = Path.of("README.md");

  @Option(names = "--force", description = "overwrite your edits between the markers")
  private boolean force;

  @Option(
      names = "--update-commands",
      description =
          "change the number of workers in the pytest commands of documents, scripts and CI files;"
              + " prints the diffs")
  private boolean commands;

  @Override
  public Integer call() {
    Config config = flags.load();
    List<Applied> all = choices(config);
    List<String> wanted = names.stream().map(name -> GroupName.orStage(name, config)).toList();
    List<Applied> named =
        all.stream().filter(a -> wanted.isEmpty() || wanted.contains(a.name())).toList();
    refuseMissing(wanted, named);
    var options = new ApplyPlan.ApplyOptions(skipped(), readme(config), force, commands);
    var plan = new ApplyPlan(config, Calibrations.withXdist(config), options, this::say);
    List<FileEdit> edits = plan.plan(all, named);
    boolean changes = edits.stream().anyMatch(FileEdit::isChange);
    carryOut(edits);
    boolean different = check && changes;
    return (different || !plan.kept().isEmpty() ? ExitCode.TESTS_FAILED : ExitCode.OK).code();
  }

  private void carryOut(List<FileEdit> edits) {
    PrintWriter out = spec.commandLine().getOut();
    if (!dryRun && !check) {
      EditWriter.write(edits);
    }
    for (FileEdit edit : edits) {
      if (!edit.isChange()) {
        say(edit.name() + " is up to date");
      } else if (dryRun || check) {
        out.print(edit.diff());
      } else {
        out.print(commands ? edit.diff() : "");
        say("wrote " + edit.name());
      }
    }
    out.flush();
    if (check && edits.stream().anyMatch(FileEdit::isChange)) {
      say("\nhint: `plimsoll apply` updates these files");
    }
  }

  private Path readme(Config config) {
    return readme.equals(Path.of("README.md"))
        ? config.root().resolve(readme)
        : flags.current().resolve(readme).normalize();
  }

  /// The calibrations with a choice; says which others there are.
  private List<Applied> choices(Config config) {
    var choices = new ArrayList<Applied>();
    List<Calibration> usable = Calibrations.usable(config, this::say);
    Calibrations.stale(usable, config).ifPresent(text -> say("warning: " + text));
    for (Calibration calibration : usable) {
      if (!calibration.finished()) {
        say(
            "warning: ignored the unfinished calibration of %s; `plimsoll calibrate %s --continue`"
                .formatted(calibration.suite(), calibration.suite()));
      } else if (!calibration.choice().found()) {
        say(
            "warning: no number of workers to recommend for %s: %s"
                .formatted(calibration.suite(), calibration.choice().reason()));
      } else {
        Applied.Kind kind = kind(calibration, config);
        if (kind == Applied.Kind.COMMAND && calibration.command().isEmpty()) {
          say(
              "warning: ignored the calibration of %s, which is not a group any more"
                  .formatted(calibration.suite()));
        } else {
          calibration
              .doubt()
              .ifPresent(doubt -> say("warning: " + calibration.suite() + ": " + doubt));
          choices.add(new Applied(calibration, kind));
        }
      }
    }
    if (choices.isEmpty()) {
      throw new UserError(
          "there are no numbers to apply",
          "no calibration in `" + config.root() + "` chose a number of workers",
          "run `plimsoll calibrate` first",
          ExitCode.USAGE);
    }
    return choices;
  }

  private static Applied.Kind kind(Calibration calibration, Config config) {
    if (StageReader.names(config).contains(calibration.suite())) {
      return Applied.Kind.STAGE;
    }
    boolean group =
        calibration.command().isEmpty()
            && config.get(Keys.GROUPS_ORDER).contains(calibration.suite());
    return group ? Applied.Kind.GROUP : Applied.Kind.COMMAND;
  }

  private static void refuseMissing(List<String> wanted, List<Applied> named) {
    for (String name : wanted) {
      if (named.stream().noneMatch(applied -> applied.name().equals(name))) {
        throw new UserError(
            "there is no number to apply for `" + name + "`",
            "no finished calibration chose one",
            "run `plimsoll calibrate " + name + "` first",
            ExitCode.USAGE);
      }
    }
  }

  private EnumSet<ApplyPlan.Part> skipped() {
    var parts = EnumSet.noneOf(ApplyPlan.Part.class);
    for (String name : skip) {
      ApplyPlan.Part part =
          List.of(ApplyPlan.Part.values()).stream()
              .filter(known -> known.name().equalsIgnoreCase(name.strip()))
              .findFirst()
              .orElseThrow(() ->
                  new UserError(
                      "invalid value `" + name + "` for `--skip`",
                      "must be pytest, plimsoll, readme or script",
                      "",
                      ExitCode.USAGE));
      parts.add(part);
    }
    return parts;
  }
}
