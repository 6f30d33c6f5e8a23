package dev.plimsoll.stages;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Writes the chain of a Playwright project as TOML: preflight, latency with one worker, then the
/// functional specs in parallel, each after the one before.
public final class ChainText {
  private static final String LATENCY = "latency";

  private ChainText() {}

  /// What was found in a project.
  ///
  /// @param config file name of Playwright's configuration
  /// @param scripts names of the scripts in `package.json`
  /// @param specs spec files, relative to the project
  public record Found(String config, Set<String> scripts, List<String> specs) {
    public Found {
      scripts = Set.copyOf(scripts);
      specs = List.copyOf(specs);
    }
  }

  /// The sections `[server]` and `[stages.*]`; what the project does not have is left out.
  public static String toml(Found found) {
    var text = new StringBuilder();
    if (found.scripts().contains("dev")) {
      text.append(server(found));
    }
    text.append(preflight(found));
    String need = "preflight";
    List<String> latency = found.specs().stream().filter(ChainText::isLatency).sorted().toList();
    if (!latency.isEmpty()) {
      text.append(stage(LATENCY, latency, need, "workers = 1\ntimeout = \"5m\"\n"));
      need = LATENCY;
    }
    List<String> rest = latency.isEmpty() ? List.of() : List.of("^(?!.*latency)");
    return text.append(stage("functional", rest, need, "workers = \"auto\"\ntimeout = \"30m\"\n"))
        .toString();
  }

  private static String server(Found found) {
    String production =
        found.scripts().contains("start")
            ? "production-command = \"npm run start -- --hostname {host} --port {port}\"\n"
            : "";
    return """
    # The server under test; PLAYWRIGHT_MODE, _HOST, _PORT, BASE_URL and
    # PLAYWRIGHT_REUSE_SERVER in the environment win over what stands here.
    [server]
    command = "npm run dev -- --hostname {host} --port {port}"
    """
        + production
        + "timeout = \"60s\"\n\n";
  }

  private static String preflight(Found found) {
    String command =
        found.scripts().contains("preflight") ? "npm run -s preflight" : "npx playwright --version";
    return "[stages.preflight]\ncommand = \"" + command + "\"\ntimeout = \"1m\"\n\n";
  }

  private static String stage(String name, List<String> args, String need, String rest) {
    String list = String.join(", ", args.stream().map(arg -> "'" + arg + "'").toList());
    return "[stages.%s]\nplaywright = [%s]\nneeds = [\"%s\"]\n%s\n"
        .formatted(name, list, need, rest);
  }

  private static boolean isLatency(String spec) {
    String file = spec.substring(spec.lastIndexOf('/') + 1);
    return file.toLowerCase(Locale.ROOT).contains(LATENCY);
  }
}
