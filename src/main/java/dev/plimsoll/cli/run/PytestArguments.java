package dev.plimsoll.cli.run;

import dev.plimsoll.config.Nearest;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Sorts the command line of `plimsoll run`: Plimsoll's options stay before `--`, paths and
/// pytest's options go after it, in their order. So `-xvs tests --tb short -n 2` means what
/// pytest's users expect.
///
/// Which of pytest's options take a value does not matter: all that is not Plimsoll's keeps its
/// order. Only a short option can hide its value or another option in the same word.
final class PytestArguments {
  /// Short options of pytest and pytest-xdist without a value.
  private static final String FLAGS = "dlsvx";

  /// Short options of pytest with a value.
  private static final String VALUED = "Wcopr";

  /// Long options of pytest and of plugins that many projects have.
  private static final Set<String> LONG =
      Set.of(
          """
          assert basetemp cache-clear cache-show capture co code-highlight collect-in-virtualenv
          collect-only color confcutdir config-file continue-on-collection-errors debug deselect
          disable-plugin-autoload disable-pytest-warnings disable-warnings doctest-continue-on-failure
          doctest-glob doctest-ignore-import-errors doctest-modules doctest-report durations
          durations-min exitfirst failed-first ff fixtures fixtures-per-test force-short-summary
          full-trace fulltrace funcargs ignore ignore-glob import-mode junit-prefix junit-xml
          junitprefix junitxml keep-duplicates last-failed last-failed-no-failures lf lfnf
          log-auto-indent log-cli-date-format log-cli-format log-cli-level log-date-format log-disable
          log-file log-file-date-format log-file-format log-file-level log-file-mode log-format
          log-level lsof markers max-warnings maxfail new-first nf no-fold-skipped no-header
          no-showlocals no-summary noconftest override-ini pastebin pdb pdbcls pyargs pythonwarnings
          report-chars rootdir runpytest runxfail setup-only setup-plan setup-show setuponly
          setupplan setupshow show-capture show-fixtures-per-test showlocals stepwise stepwise-reset
          stepwise-skip strict strict-config strict-markers sw sw-reset sw-skip tb trace trace-config
          traceconfig verbose verbosity xfail-tb

          dist loadscope-reorder max-worker-restart maxprocesses maxschedchunk no-loadscope-reorder
          testrunuid

          cov cov-append cov-branch cov-config cov-context cov-fail-under cov-precision cov-report
          cov-reset no-cov no-cov-on-fail

          create-db ds dc fail-on-template-vars liveserver migrations no-migrations nomigrations
          reuse-db

          asyncio-mode benchmark-disable benchmark-enable benchmark-only benchmark-skip
          hypothesis-profile hypothesis-seed hypothesis-show-statistics only-rerun randomly-dont-reset-seed
          randomly-dont-reorganize randomly-seed rerun-except reruns reruns-delay snapshot-update
          """
              .strip()
              .split("\\s+"));

  /// Letters that may be wrong in an option.
  private static final int NEAR = 2;

  private static final String WORKERS = "--workers";

  private final Map<String, OptionSpec> ours;
  private final Deque<String> words;
  private final List<String> before = new ArrayList<>();
  private final List<String> after = new ArrayList<>();
  private Optional<String> workers = Optional.empty();
  private Optional<String> quiet = Optional.empty();

  private PytestArguments(CommandSpec command, List<String> words) {
    this.ours = command.optionsMap();
    this.words = new ArrayDeque<>(words);
  }

  /// Sort the words behind the name of the command.
  ///
  /// @throws UserError when two of them contradict each other
  static List<String> sorted(CommandSpec command, List<String> words) {
    return new PytestArguments(command, words).sorted();
  }

  private List<String> sorted() {
    while (!words.isEmpty() && !words.peek().equals("--")) {
      take(words.remove());
    }
    refuseQuietAndVerbose();
    words.poll();
    workers.ifPresent(first -> refuseWorkersOfPytest(first, List.copyOf(words)));
    after.addAll(words);
    if (!after.isEmpty()) {
      before.add("--");
      before.addAll(after);
    }
    return before;
  }

  private void take(String word) {
    if (word.startsWith("--")) {
      takeLong(word);
    } else if (word.length() > 1 && word.startsWith("-")) {
      takeShort(word);
    } else {
      after.add(word);
    }
  }

  private void takeLong(String word) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    if (name.equals("--numprocesses")) {
      takeWorkers(word, equals < 0 ? next() : Optional.of(word.substring(equals + 1)));
    } else if (ours.containsKey(name)) {
      takeOurs(name, word, equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1)));
    } else if (LONG.contains(name.substring(2))) {
      after.add(word);
    } else {
      refuseMisspelled(name);
      before.add(word);
    }
  }

  /// One letter after the other; a word with an unknown letter stays whole, for the error.
  private void takeShort(String word) {
    if (!isKnown(word)) {
      before.add(word);
      return;
    }
    for (int at = 1; at < word.length(); at++) {
      String name = "-" + word.charAt(at);
      String rest = word.substring(at + 1);
      boolean valued = hasValue(name);
      if (ours.containsKey(name)) {
        takeOurs(
            name, name + rest, valued && !rest.isEmpty() ? Optional.of(rest) : Optional.empty());
      } else {
        after.add(valued ? name + rest : name);
      }
      if (valued) {
        return;
      }
    }
  }

  private boolean isKnown(String word) {
    for (int at = 1; at < word.length(); at++) {
      char letter = word.charAt(at);
      if (hasValue("-" + letter)) {
        return true;
      }
      if (FLAGS.indexOf(letter) < 0 && !ours.containsKey("-" + letter)) {
        return false;
      }
    }
    return true;
  }

  private boolean hasValue(String name) {
    OptionSpec option = ours.get(name);
    return option == null ? VALUED.contains(name.substring(1)) : option.arity().min() > 0;
  }

  /// @param typed the option with the value that is attached to it
  private void takeOurs(String name, String typed, Optional<String> attached) {
    OptionSpec option = Objects.requireNonNull(ours.get(name));
    if (List.of(option.names()).contains(WORKERS)) {
      takeWorkers(typed, attached.isPresent() ? attached : next());
    } else if (option.longestName().equals("--quiet")) {
      quiet.ifPresentOrElse(again -> {}, () -> before.add(name));
      quiet = Optional.of(name);
    } else if (!hasValue(name)) {
      before.add(name);
    } else {
      before.add(typed);
      if (attached.isEmpty()) {
        next().ifPresent(before::add);
      }
    }
  }

  /// An option of pytest with a wrong letter; picocli knows the options of Plimsoll only.
  private void refuseMisspelled(String name) {
    int most =
        Nearest.to(name, ours.keySet())
            .map(near -> Math.min(NEAR, Nearest.distance(name, near) - 1))
            .orElse(NEAR);
    Nearest.to(name.substring(2), LONG)
        .filter(near -> Nearest.distance(name.substring(2), near) <= most)
        .ifPresent(near -> {
          throw new UserError(
              "Unknown option: '" + name + "'",
              "",
              "did you mean `--%s`? To pass an option that Plimsoll does not know, put it after `--`: `plimsoll run -- %s`"
                  .formatted(near, name),
              ExitCode.USAGE);
        });
  }

  private Optional<String> next() {
    return Optional.ofNullable(words.poll());
  }

  private void takeWorkers(String typed, Optional<String> value) {
    String whole = typed.endsWith(value.orElse("")) ? typed : typed + " " + value.orElse("");
    workers.ifPresent(first -> refuse(first, whole, "each sets the number of workers"));
    workers = Optional.of(whole);
    before.add(WORKERS);
    // pytest-xdist's `logical` counts threads of processors; here memory decides in both cases.
    value
        .map(text -> text.startsWith("=") ? text.substring(1) : text)
        .map(text -> text.equals("logical") ? "auto" : text)
        .ifPresent(before::add);
  }

  private static void refuseWorkersOfPytest(String first, List<String> passedOn) {
    for (int at = 0; at < passedOn.size(); at++) {
      String word = passedOn.get(at);
      boolean named = word.equals("-n") || word.equals("--numprocesses");
      if (named || word.matches("-n=?(\\d+|auto|logical)|--numprocesses=.*")) {
        String value = named && at + 1 < passedOn.size() ? " " + passedOn.get(at + 1) : "";
        refuse(first, "-- " + word + value, "each sets the number of workers");
      }
    }
  }

  private void refuseQuietAndVerbose() {
    Optional<String> verbose =
        after.stream()
            .filter(word -> word.matches("-v|--verbose|--verbosity=[1-9]\\d*"))
            .findFirst();
    if (quiet.isPresent() && verbose.isPresent()) {
      refuse(quiet.get(), verbose.get(), "one asks for less output, the other for more");
    }
  }

  private static void refuse(String first, String second, String why) {
    throw new UserError(
        "`%s` and `%s` contradict each other".formatted(first, second),
        why,
        "use one of them",
        ExitCode.USAGE);
  }
}
