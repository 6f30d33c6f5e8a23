package dev.plimsoll.cli;

import dev.plimsoll.cli.groups.GroupProject;
import dev.plimsoll.cli.groups.GroupsSyncCommand;
import dev.plimsoll.config.AtomicFile;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigTemplate;
import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.chain.PlaywrightProject;
import dev.plimsoll.run.chain.StageReader;
import dev.plimsoll.stages.ChainText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/// `plimsoll init`: writes a commented plimsoll.toml and the group lists, and never overwrites a
/// file that is there.
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Write a commented plimsoll.toml and the group lists of a project. Existing files are not"
          + " changed. With `-C`, the project is that directory, also inside of a larger one."
    })
final class InitCommand extends ProjectCommand<ProjectFlags> {
  InitCommand() {
    super(new ProjectFlags());
  }

  @Override
  public Integer call() {
    var project = new GroupProject(flags, spec, flags.loadHere());
    Config config = project.config();
    PrintWriter out = spec.commandLine().getOut();
    List<ChainText.Found> suites = PlaywrightProject.find(config.root());
    Optional<ChainText.Found> suite = suites.stream().findFirst();
    writeConfig(config, suite, out);
    suites.stream()
        .skip(1)
        .forEach(other ->
            out.println(
                "Found another suite: "
                    + other.config()
                    + ". Add stages for it with `folder = \""
                    + other.folder()
                    + "\"`."));
    if (suite.isPresent() && !PlaywrightProject.hasPytest(config.root())) {
      out.println("Found no pytest files, so there are no group lists to write.");
    } else if (project.folder().isNew()) {
      GroupsSyncCommand.run(project, false, out);
    } else {
      out.println("The group lists exist already; `plimsoll groups sync` updates them.");
    }
    out.flush();
    return 0;
  }

  private static void writeConfig(Config config, Optional<ChainText.Found> suite, PrintWriter out) {
    Path file = config.root().resolve("plimsoll.toml");
    if (config.file().isPresent()) {
      out.println(config.file().get() + " exists already; it was not changed.");
      if (StageReader.names(config).isEmpty()) {
        suite.ifPresent(found ->
            out.println("To add a chain for the Playwright suite:\n\n" + ChainText.toml(found)));
      }
      return;
    }
    try {
      AtomicFile.write(file, text(config, suite));
    } catch (IOException e) {
      throw new UserError(
          "cannot write " + file,
          FileTrouble.why(e),
          "make the directory writable",
          ExitCode.CONFIG);
    }
    out.println("wrote " + file);
    suite.ifPresent(found ->
        out.println(
            "It contains a chain for the suite of "
                + found.config()
                + ": `plimsoll stages list` shows it,"
                + " `plimsoll stages run` runs it."));
    out.flush();
  }

  /// The template, and the chain of browser stages where the project has a Playwright suite.
  private static String text(Config config, Optional<ChainText.Found> suite) {
    String template = ConfigTemplate.text(ConfigSchema.STANDARD, config.get(Keys.GROUPS_ORDER));
    return suite.map(found -> template + "\n" + ChainText.toml(found)).orElse(template);
  }
}
