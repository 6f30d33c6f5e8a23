package dev.plimsoll.cli.launch;

import dev.plimsoll.config.schema.MachineSpec;
import dev.plimsoll.report.ShellWord;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Equal machines that run one suite.
///
/// @param machine what each has; its count has no meaning here
/// @param board where they meet, null when each has a shard
/// @param plan of the shards, null when they share a board
/// @param arguments of `plimsoll run`
record Launch(
    int count,
    MachineSpec machine,
    @Nullable String board,
    @Nullable Path plan,
    List<String> arguments) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  Launch {
    arguments = List.copyOf(arguments);
  }

  /// The command of a machine, for a shell.
  ///
  /// @param number what the shell makes the number of the machine of, from 1
  String command(String number) {
    return board != null
        ? joining(quoted(board))
        : command(
            "--shard %s/%d --plan %s".formatted(number, count, quoted(String.valueOf(plan))), "");
  }

  /// The command of a machine that joins a board, for a shell.
  ///
  /// @param where what the shell makes the URL of
  String joining(String where) {
    return command("--join", where);
  }

  private String command(String option, String value) {
    var line = new StringBuilder("plimsoll run ").append((option + " " + value).strip());
    arguments.forEach(argument -> line.append(' ').append(quoted(argument)));
    return line.toString();
  }

  /// The command that reports the run in the end.
  String report() {
    return board != null
        ? "plimsoll finish " + quoted(board)
        : "plimsoll merge plimsoll-shards --plan " + quoted(String.valueOf(plan));
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : ShellWord.quoted(word);
  }
}
