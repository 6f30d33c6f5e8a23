package dev.plimsoll.process;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Whether a command line runs a certain program.
///
/// A plain search in the text would take an editor with `vite.config.ts` open for a server. So only
/// what is *run* counts: the executable, or, behind an interpreter, its script or module. Its name
/// must be the first word of the pattern, or go on from it with `-` or `.` (`webpack-dev-server`,
/// `vllm.entrypoints.openai`); further words must be its first arguments (`next dev`). Programs
/// that write their own title (`next-server (v14.2)`) are seen by that title.
final class ProgramName {
  private static final Pattern INTERPRETER =
      Pattern.compile("(node|nodejs|bun|deno|npx|python[0-9.]*|pypy[0-9.]*|uv|ruby|java|env)");
  private static final Pattern SUFFIX = Pattern.compile("\\.(js|mjs|cjs|py|exe|AppImage)$");

  private ProgramName() {}

  /// The pattern that this command line matches first.
  static Optional<String> match(List<String> argv, List<String> patterns) {
    return patterns.stream().filter(pattern -> runs(argv, pattern)).findFirst();
  }

  private static boolean runs(List<String> argv, String pattern) {
    if (argv.isEmpty() || pattern.isBlank()) {
      return false;
    }
    List<String> words = List.of(pattern.strip().split("\\s+", -1));
    return runsAt(argv, 0, words)
        || (INTERPRETER.matcher(base(argv.getFirst())).matches() && runsScript(argv, words));
  }

  private static boolean runsScript(List<String> argv, List<String> words) {
    int at = 1;
    while (at < argv.size() && argv.get(at).startsWith("-") && !argv.get(at).equals("-m")) {
      at++;
    }
    if (at < argv.size() && argv.get(at).equals("-m")) {
      at++;
    }
    return at < argv.size() && runsAt(argv, at, words);
  }

  private static boolean runsAt(List<String> argv, int at, List<String> words) {
    List<String> said = List.of(argv.get(at).strip().split("\\s+", -1));
    String name = base(said.getFirst());
    String first = words.getFirst();
    boolean named =
        name.equals(first) || name.startsWith(first + "-") || name.startsWith(first + ".");
    if (!named) {
      return false;
    }
    List<String> arguments =
        said.size() > 1 ? said.subList(1, said.size()) : argv.subList(at + 1, argv.size());
    List<String> rest = words.subList(1, words.size());
    // A program that titles itself `next-server` no longer shows the words it was started with.
    return name.equals(first + "-server")
        || (arguments.size() >= rest.size() && arguments.subList(0, rest.size()).equals(rest));
  }

  private static String base(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return SUFFIX.matcher(name).replaceFirst("");
  }
}
