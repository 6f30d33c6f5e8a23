package dev.plimsoll.cli.shell;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `plimsoll completion SHELL`: print the script that makes a shell complete command lines.
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = "Print the completion script for a shell.",
    footer = {
      "",
      "bash: `eval \"$(plimsoll completion bash)\"` in ~/.bashrc",
      "zsh: `eval \"$(plimsoll completion zsh)\"` in ~/.zshrc, after `compinit`",
      "fish: `plimsoll completion fish > ~/.config/fish/completions/plimsoll.fish`"
    })
public final class CompletionCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything else
  private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private Shell shell = Shell.BASH;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(shell.script());
    out.flush();
    return 0;
  }
}
