package dev.plimsoll.cli;

import dev.plimsoll.cli.groups.GroupProject;
import dev.plimsoll.cli.groups.GroupsSyncCommand;
import dev.plimsoll.config.AtomicFile;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigTemplate;
import dev.plimsoll.config.FileTrouble;
import dev.plimsoll.config.Keys;
import dev.plimsoll.config.Schema;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.chain.PlaywrightProject;
import dev.plimsoll.stages.ChainText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `plimsoll init`: a commented plimsoll.toml and the group lists, never over something that is
/// there.
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Write a commented plimsoll.toml and the group lists of a project. What is there already is"
          + " left as it is."
    })
final class InitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProjectFlags flags;

  @Override
  public Integer call() {
    var project = new GroupProject(flags, spec);
    PrintWriter out = spec.commandLine().getOut();
    writeConfig(project.config(), out);
    if (project.folder().isNew()) {
      GroupsSyncCommand.run(project, false, out);
    } else {
      out.println("The group lists are there; `plimsoll groups sync` brings them up to date.");
    }
    out.flush();
    return 0;
  }

  private static void writeConfig(Config config, PrintWriter out) {
    if (config.file().isPresent()) {
      out.println(config.file().get() + " is there; it was left as it is.");
      return;
    }
    Path file = config.root().resolve("plimsoll.toml");
    try {
      AtomicFile.write(file, text(config));
    } catch (IOException e) {
      throw new UserError(
          "cannot write " + file, FileTrouble.why(e), "make the folder writable", ExitCode.CONFIG);
    }
    out.println("Wrote " + file + ".");
    out.flush();
  }

  /// The template, and the chain of browser stages where the project has a Playwright suite.
  private static String text(Config config) {
    String template = ConfigTemplate.text(Schema.STANDARD, config.get(Keys.GROUPS_ORDER));
    return PlaywrightProject.find(config.root())
        .map(found -> template + "\n" + ChainText.toml(found))
        .orElse(template);
  }
}
