package dev.plimsoll.stages;

import dev.plimsoll.apply.ShellWords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A script `test:e2e:NAME` of a `package.json`, as a stage of a chain.
///
/// @param stage the name of the stage
/// @param playwright the arguments of `playwright test`; empty when the script has to run as a
///   command
/// @param command what runs it as a command
/// @param workers the number of workers that the script sets; 0 when it sets none
/// @param env what the script adds to the environment
record TestScript(
    String stage,
    Optional<List<String>> playwright,
    String command,
    int workers,
    Map<String, String> env) {
  private static final Pattern NAME = Pattern.compile("(?:test:)?e2e:(.+)");

  /// What a shell does more with than split words, outside of quotes.
  private static final Pattern SHELL = Pattern.compile("[;&|<>$`*?~#(){}\\[\\]\n]");

  private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"$`]*\"");
  private static final Pattern VARIABLE = Pattern.compile("(\\w+)=(.*)");
  private static final Pattern WORKERS = Pattern.compile("(?:--workers|-j)=?([1-9]\\d*)");
  private static final Set<String> STARTERS = Set.of("npx", "pnpm", "yarn", "exec", "cross-env");

  /// With one of these words a script waits for somebody, or runs no tests.
  private static final Pattern OTHER =
      Pattern.compile(
          ".*(?:--(?:ui|debug|headed|list|update-snapshots)\\b"
              + "|\\b(?:show-report|show-trace|codegen|install)\\b|\\s-u\\b).*");

  /// The stage that a script makes; empty for a script that is not one of browser tests, or that
  /// needs somebody to look at it.
  static Optional<TestScript> of(String name, String script) {
    var named = NAME.matcher(name);
    if (!named.matches() || OTHER.matcher(script).matches()) {
      return Optional.empty();
    }
    String stage = named.group(1).replaceAll("[^A-Za-z0-9_-]+", "-");
    String command = "npm run -s " + name;
    boolean plain = !SHELL.matcher(QUOTED.matcher(script).replaceAll("")).find();
    return Optional.of(
        Optional.of(script)
            .filter(_ -> plain)
            .flatMap(ShellWords::split)
            .flatMap(words -> selection(stage, command, words))
            .orElse(new TestScript(stage, Optional.empty(), command, 0, Map.of())));
  }

  boolean isPreflight() {
    return stage.equals("preflight");
  }

  private static Optional<TestScript> selection(String stage, String command, List<String> words) {
    int test = words.indexOf("test");
    if (test < 1 || !words.get(test - 1).equals("playwright")) {
      return Optional.empty();
    }
    var env = new LinkedHashMap<String, String>();
    for (String word : words.subList(0, test - 1)) {
      var variable = VARIABLE.matcher(word);
      if (variable.matches()) {
        env.put(variable.group(1), variable.group(2));
      } else if (!STARTERS.contains(word)) {
        return Optional.empty();
      }
    }
    var args = new ArrayList<>(words.subList(test + 1, words.size()));
    int workers = takeWorkers(args);
    return Optional.of(new TestScript(stage, Optional.of(args), command, workers, env));
  }

  /// Take the number of workers out of the arguments, so that it becomes a key of the stage.
  private static int takeWorkers(List<String> args) {
    for (int i = 0; i < args.size(); i++) {
      boolean apart = List.of("--workers", "-j").contains(args.get(i)) && i + 1 < args.size();
      var given = WORKERS.matcher(apart ? "-j" + args.get(i + 1) : args.get(i));
      if (given.matches()) {
        args.subList(i, apart ? i + 2 : i + 1).clear();
        return Integer.parseInt(given.group(1));
      }
    }
    return 0;
  }
}
