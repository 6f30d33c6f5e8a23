package dev.plimsoll.stages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tomlj.Toml;

/// Writes the chain of a Playwright project as TOML: preflight, latency with one worker, then the
/// functional specs in parallel. The scripts `test:e2e:NAME` of `package.json` become its stages;
/// without such scripts the names of the spec files tell which of them measure latency.
public final class ChainText {
  private static final String LATENCY = "latency";
  private static final String PREFLIGHT = "preflight";

  private ChainText() {}

  /// What was found in a project.
  ///
  /// @param folder where the chain runs, relative to the project; empty for the project itself
  /// @param config path of Playwright's configuration, relative to the project
  /// @param scripts the scripts in `package.json` of the folder, by name
  /// @param ownServer whether Playwright's configuration starts a server, and would do so also when
  ///   one runs already
  /// @param specs spec files, relative to the folder
  public record Found(
      String folder,
      String config,
      Map<String, String> scripts,
      boolean ownServer,
      List<String> specs) {
    public Found {
      scripts = new LinkedHashMap<>(scripts);
      specs = List.copyOf(specs);
    }
  }

  /// The sections `[server]` and `[stages.*]`; what the project does not have is left out.
  public static String toml(Found found) {
    var text = new StringBuilder();
    if (found.scripts().containsKey("dev") && !found.ownServer()) {
      text.append(server(found));
    }
    List<TestScript> scripts = scripts(found.scripts());
    boolean tests = hasTests(found.scripts());
    stages(found, tests ? scripts : guessed(found.specs()))
        .forEach(stage -> text.append(stage).append('\n'));
    return text.toString();
  }

  /// Whether one of the scripts runs browser tests, as a stage of a chain would.
  public static boolean hasTests(Map<String, String> scripts) {
    return scripts(scripts).stream().anyMatch(script -> !script.isPreflight());
  }

  /// The stages of the test scripts; of two with one name the first.
  static List<TestScript> scripts(Map<String, String> scripts) {
    var stages = new LinkedHashMap<String, TestScript>();
    scripts.forEach((name, script) ->
        TestScript.of(name, script).ifPresent(found -> stages.putIfAbsent(found.stage(), found)));
    return List.copyOf(stages.values());
  }

  private static List<TestScript> guessed(List<String> specs) {
    List<String> latency = specs.stream().filter(ChainText::isLatency).sorted().toList();
    var stages = new ArrayList<TestScript>();
    if (!latency.isEmpty()) {
      stages.add(new TestScript(LATENCY, Optional.of(latency), "", 1, Map.of()));
    }
    List<String> rest = latency.isEmpty() ? List.of() : List.of("^(?!.*latency)");
    stages.add(new TestScript("functional", Optional.of(rest), "", 0, Map.of()));
    return stages;
  }

  /// Preflight comes first, then latency, and the others each after these two.
  private static List<String> stages(Found found, List<TestScript> scripts) {
    var stages = new ArrayList<String>();
    stages.add(preflight(found));
    String need = PREFLIGHT;
    for (boolean latency : List.of(true, false)) {
      String last = need;
      for (TestScript script : scripts) {
        if (!script.isPreflight() && script.stage().equals(LATENCY) == latency) {
          stages.add(stage(found, script, need));
          last = latency ? script.stage() : last;
        }
      }
      need = last;
    }
    return stages;
  }

  private static String server(Found found) {
    String production =
        found.scripts().containsKey("start")
            ? "production-command = \"npm run start -- --hostname {host} --port {port}\"\n"
            : "";
    return """
    # The server under test; PLAYWRIGHT_MODE, _HOST, _PORT, BASE_URL and
    # PLAYWRIGHT_REUSE_SERVER in the environment win over what stands here.
    [server]
    command = "npm run dev -- --hostname {host} --port {port}"
    """
        + production
        + folder(found)
        + "timeout = \"60s\"\n\n";
  }

  private static String preflight(Found found) {
    String command =
        scripts(found.scripts()).stream()
            .filter(TestScript::isPreflight)
            .map(TestScript::command)
            .findFirst()
            .orElse(
                found.scripts().containsKey(PREFLIGHT)
                    ? "npm run -s preflight"
                    : "npx playwright --version");
    return "[stages.preflight]\ncommand = %s\n%stimeout = \"1m\"\n"
        .formatted(quoted(command), folder(found));
  }

  private static String stage(Found found, TestScript script, String need) {
    var text = new StringBuilder("[stages." + script.stage() + "]\n");
    text.append(
        script
            .playwright()
            .map(args -> "playwright = [" + String.join(", ", literals(args)) + "]\n")
            .orElse("command = " + quoted(script.command()) + "\n"));
    text.append(folder(found)).append("needs = [").append(quoted(need)).append("]\n");
    if (script.playwright().isPresent()) {
      text.append("workers = ").append(script.workers() > 0 ? script.workers() : "\"auto\"");
      text.append('\n');
    }
    if (!script.env().isEmpty()) {
      text.append("env = { ").append(variables(script.env())).append(" }\n");
    }
    String limit = script.stage().equals(LATENCY) ? "5m" : "30m";
    return text.append("timeout = ").append(quoted(limit)).append('\n').toString();
  }

  private static String folder(Found found) {
    return found.folder().isEmpty() ? "" : "folder = " + quoted(found.folder()) + "\n";
  }

  private static String variables(Map<String, String> env) {
    return env.entrySet().stream()
        .map(variable -> variable.getKey() + " = " + quoted(variable.getValue()))
        .collect(Collectors.joining(", "));
  }

  /// Arguments are often patterns, which need no escapes in literal strings.
  private static List<String> literals(List<String> texts) {
    return texts.stream()
        .map(text -> text.contains("'") ? quoted(text) : "'" + text + "'")
        .toList();
  }

  private static String quoted(String text) {
    return "\"" + Toml.tomlEscape(text) + "\"";
  }

  private static boolean isLatency(String spec) {
    String file = spec.substring(spec.lastIndexOf('/') + 1);
    return file.toLowerCase(Locale.ROOT).contains(LATENCY);
  }
}
