package dev.plimsoll.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command in a project.
///
/// @param <F> the options with which it finds the project and its configuration
@Command
public abstract class ProjectCommand<F extends ProjectFlags> implements Callable<Integer> {
  protected final F flags;

  @SuppressWarnings("NullAway.Init") // picocli sets it before anything else
  protected CommandSpec spec;

  protected ProjectCommand(F flags) {
    this.flags = flags;
  }

  @Spec
  public final void model(CommandSpec model) {
    spec = model;
    flags.addTo(model);
  }

  /// Tell the user something that is not the result.
  protected final void say(String text) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(text);
    err.flush();
  }

  protected final void warn(String text) {
    say("warning: " + text);
  }
}
