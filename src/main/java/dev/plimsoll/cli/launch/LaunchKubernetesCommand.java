package dev.plimsoll.cli.launch;

import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.model.ExitCode;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `plimsoll launch kubernetes`: the machines are the pods of a job.
@Command(
    name = "kubernetes",
    mixinStandardHelpOptions = true,
    description = {
      "Print the manifests of a job for Kubernetes: each of its pods is a machine of the run.",
      "Without `--join` and `--plan` they contain a board: Valkey with a random password."
    })
final class LaunchKubernetesCommand extends ProjectCommand<ProjectFlags> {
  private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]{0,48}[a-z0-9])?");
  private static final int PASSWORD_BYTES = 24;

  LaunchKubernetesCommand() {
    super(new ProjectFlags());
  }

  @Mixin private final LaunchOptions options = new LaunchOptions();

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      required = true,
      description = "An image with the project in its working directory, and `plimsoll`.")
  private String image = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The name of the job, and of the run on its board (default: plimsoll).")
  private String name = "plimsoll";

  @Option(
      names = "--claim",
      paramLabel = "NAME",
      description = "With `--plan`: the volume claim that has `plan.json` and gets the records.")
  private @Nullable String claim;

  @Override
  public Integer call() {
    if (!NAME.matcher(name).matches()) {
      throw LaunchOptions.usage(
          "`--name` cannot be `" + name + "`",
          "it must be letters, digits and `-`, in lower case, at most 50",
          "`--name run-4711`");
    }
    Launch launch =
        options.launch(flags.load(), flags.current(), KubernetesManifests.ownBoard(name));
    boolean own = options.isDefault();
    if ((claim == null) != (launch.plan() == null)) {
      throw LaunchOptions.usage(
          claim == null ? "`--claim` is missing" : "`--claim` has no effect",
          "a shard reads its plan from a volume and leaves its record there; a board needs none",
          "use `--plan` and `--claim` together");
    }
    String password = own ? password() : null;
    PrintWriter out = spec.commandLine().getOut();
    out.print(new KubernetesManifests(name, image, launch, password, claim).text());
    out.flush();
    if (own) {
      say(
          "when the job has ended, `kubectl port-forward service/%s-board 6379` and".formatted(name)
              + " `plimsoll finish redis://localhost/%s` report the run".formatted(name));
    } else {
      say("when the job has ended, `" + launch.report() + "` reports the run");
    }
    return ExitCode.OK.code();
  }

  private static String password() {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
