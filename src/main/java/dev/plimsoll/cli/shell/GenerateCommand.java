package dev.plimsoll.cli.shell;

import dev.plimsoll.cli.JsonText;
import dev.plimsoll.config.JsonSchema;
import dev.plimsoll.config.schema.ConfigSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/// Writes what packages install beside the program: completion scripts, man pages, the JSON schema.
@Command(
    name = "generate",
    hidden = true,
    description = "Write completion scripts, man pages and the JSON schema into a directory.")
public final class GenerateCommand implements Callable<Integer> {
  private final Supplier<CommandLine> program;

  @Parameters(paramLabel = "FOLDER", description = "where to write them")
  private Path folder = Path.of("");

  /// @param program the command line with all commands
  public GenerateCommand(Supplier<CommandLine> program) {
    this.program = program;
  }

  @Override
  public Integer call() throws IOException {
    for (Shell shell : Shell.values()) {
      write(shell.file(), shell.script());
    }
    write("plimsoll.schema.json", JsonText.write(JsonSchema.of(ConfigSchema.STANDARD)));
    CommandSpec all = program.get().getCommandSpec();
    page(all, String.join(" ", all.version()).replaceFirst("^plimsoll ", ""));
    return 0;
  }

  private void page(CommandSpec command, String version) throws IOException {
    if (command.usageMessage().hidden()) {
      return;
    }
    write("man1/" + ManPage.file(command), ManPage.of(command, version));
    for (CommandLine sub : command.subcommands().values()) {
      page(sub.getCommandSpec(), version);
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }
}
