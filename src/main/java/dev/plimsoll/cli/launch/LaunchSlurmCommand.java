package dev.plimsoll.cli.launch;

import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `plimsoll launch slurm`: the machines are the tasks of a job array.
@Command(
    name = "slurm",
    mixinStandardHelpOptions = true,
    description = {
      "Print the script of a job array for Slurm: each of its tasks is a machine of the run.",
      "Slurm starts a task again when its node is lost."
    })
final class LaunchSlurmCommand extends ProjectCommand<ProjectFlags> {
  /// Stands for the board that task 1 starts.
  private static final String OWN_BOARD = "redis://task-1/run";

  LaunchSlurmCommand() {
    super(new ProjectFlags());
  }

  @Mixin private final LaunchOptions options = new LaunchOptions();

  @Option(
      names = "--sbatch",
      paramLabel = "OPTION",
      description = "An option of sbatch, such as `--sbatch=--time=30`. Can be repeated.")
  private List<String> more = List.of();

  @Option(
      names = "--shared",
      paramLabel = "FOLDER",
      description =
          "Task 1 starts a store on its node and keeps its data and password in this folder, which"
              + " all nodes share; the tasks join it. Instead of `--join`.")
  private @Nullable Path shared;

  @Option(names = "--submit", description = "Give the script to `sbatch` instead of printing it.")
  private boolean submit;

  @Override
  public Integer call() {
    Path folder = shared == null ? null : flags.current().resolve(shared).normalize();
    if (folder != null && !options.isDefault()) {
      throw LaunchOptions.usage(
          "`--shared` cannot be combined with `--join` and `--plan`",
          "the tasks join the store that task 1 keeps in the folder",
          "use one of the options");
    }
    Launch launch =
        options.launch(flags.load(), flags.current(), folder == null ? null : OWN_BOARD);
    String script = new SlurmScript(launch, more, folder).text();
    if (submit) {
      submit(script);
    } else {
      PrintWriter out = spec.commandLine().getOut();
      out.print(script);
      out.flush();
    }
    say(
        folder == null
            ? "when the tasks have ended, `" + launch.report() + "` reports the run"
            : "task 1 reports the run, also in " + folder + "/plimsoll-JOB");
    return ExitCode.OK.code();
  }

  private void submit(String script) {
    int status;
    try {
      Process sbatch =
          new ProcessBuilder("sbatch")
              .directory(flags.current().toFile())
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (var input = sbatch.getOutputStream()) {
        input.write(script.getBytes(StandardCharsets.UTF_8));
      }
      status = sbatch.waitFor();
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()), "print the script without `--submit`");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("it was interrupted", "`squeue` shows whether the job exists");
    }
    if (status != 0) {
      throw failed("its exit code is " + status, "`--sbatch` passes it more options");
    }
  }

  private static UserError failed(String why, String hint) {
    return new UserError("`sbatch` did not submit the job", why, hint, ExitCode.ENGINE);
  }
}
