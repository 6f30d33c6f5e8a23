package dev.plimsoll.cli;

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
}
