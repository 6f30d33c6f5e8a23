package dev.plimsoll.engine.playwright;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The Playwright of a project: the one that `npx playwright` starts there, started without `npx`,
/// which would be one more process of 60 MB.
///
/// @param node the Node.js program
/// @param cli script of its command line
record Playwright(Path node, Path cli, String version) {
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");
  private static final String ADD_REPORTER = "--add-reporter";

  /// Would be taken of the list alone.
  private static final String SHARD = "--shard";

  /// Find it as Node.js does: in `node_modules` of the folder or of one above it.
  ///
  /// @throws UserError when there is no Node.js, or Playwright is not installed
  static Playwright find(Path folder, Map<String, String> env) {
    Path node =
        Programs.find("node", folder, env)
            .orElseThrow(() ->
                new UserError(
                    "Playwright needs Node.js, and there is no `node` on the PATH",
                    "looked in " + env.getOrDefault("PATH", ""),
                    "install Node.js 20 or newer (Debian, Ubuntu: `apt-get install nodejs npm`)",
                    ExitCode.BROWSER));
    for (Path at = folder.toAbsolutePath(); at != null; at = at.getParent()) {
      Path home = at.resolve("node_modules/@playwright/test");
      if (Files.isRegularFile(home.resolve("cli.js"))) {
        return new Playwright(node, home.resolve("cli.js"), versionIn(home));
      }
    }
    throw new UserError(
        "Playwright is not installed in `" + folder + "`",
        "found no node_modules/@playwright/test there or in a parent directory",
        Files.exists(folder.resolve("package-lock.json"))
            ? "run `npm ci` there"
            : "run `npm install -D @playwright/test` there",
        ExitCode.BROWSER);
  }

  private static String versionIn(Path home) {
    try {
      var fields = JSON.std.mapFrom(Files.readString(home.resolve("package.json")));
      return String.valueOf(fields.get("version"));
    } catch (IOException unreadable) {
      return "";
    }
  }

  /// Whether it has `--add-reporter`, which came with 1.63.
  boolean takesReporters() {
    return isAtLeast(63);
  }

  /// Whether it has `--test-list`, which came with 1.56.
  boolean takesLists() {
    return isAtLeast(56);
  }

  /// Whether it asks reporters which tests run, which came with 1.62.
  boolean asksReporters() {
    return isAtLeast(62);
  }

  private boolean isAtLeast(int minor) {
    var matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      return false;
    }
    int major = Integer.parseInt(matcher.group(1));
    return major > 1 || (major == 1 && Integer.parseInt(matcher.group(2)) >= minor);
  }

  /// The command line of a run with our reporter beside the project's own.
  ///
  /// @param args what follows `playwright test`; a `--workers` in it wins
  List<String> command(List<String> args, int workers, Path reporter) {
    List<String> command = new ArrayList<>(List.of(node.toString(), cli.toString(), "test"));
    if (args.stream().noneMatch(Playwright::setsWorkers)) {
      command.add("--workers=" + workers);
    }
    command.addAll(takesReporters() ? withReporter(args, reporter) : args);
    return command;
  }

  /// Arguments that run only the tests of a list out of a selection.
  static List<String> listed(List<String> args, Path list) {
    List<String> all = new ArrayList<>(args);
    all.removeIf(arg -> arg.startsWith(SHARD + "="));
    int apart = all.indexOf(SHARD);
    if (apart >= 0) {
      all.subList(apart, Math.min(all.size(), apart + 2)).clear();
    }
    all.addFirst("--test-list=" + list);
    return all;
  }

  /// The environment that brings our reporter in where the command line cannot.
  Map<String, String> environment(Path reporter) {
    return takesReporters() ? Map.of() : Map.of("PW_TEST_REPORTER", reporter.toString());
  }

  private static boolean setsWorkers(String arg) {
    return arg.equals("-j") || arg.equals("--workers") || arg.startsWith("--workers=");
  }

  /// The option is taken once only, so a given one is extended.
  private static List<String> withReporter(List<String> args, Path reporter) {
    List<String> all = new ArrayList<>(args);
    int apart = all.indexOf(ADD_REPORTER);
    if (apart >= 0 && apart + 1 < all.size()) {
      all.set(apart + 1, all.get(apart + 1) + "," + reporter);
      return all;
    }
    Optional<String> joined =
        all.stream().filter(arg -> arg.startsWith(ADD_REPORTER + "=")).findFirst();
    if (joined.isPresent()) {
      all.set(all.indexOf(joined.get()), joined.get() + "," + reporter);
      return all;
    }
    all.addFirst(ADD_REPORTER + "=" + reporter);
    return all;
  }
}
