package dev.plimsoll.cli.run;

import dev.plimsoll.cli.GroupName;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Entry;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.plan.WorkerCount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The workers that `--group-workers NAME=N` gives to single groups.
record GroupCounts(Map<String, Integer> counts) {
  /// Read what was given.
  ///
  /// @throws UserError when it is not a known group and a number
  static GroupCounts of(List<String> given, Config config) {
    var counts = new LinkedHashMap<String, Integer>();
    for (String text : given) {
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      counts.put(GroupName.known(name, config), count(text, text.substring(equals + 1)));
    }
    return new GroupCounts(counts);
  }

  private static int count(String text, String number) {
    if (!number.matches("[1-9][0-9]{0,3}")) {
      throw new UserError(
          "`--group-workers` cannot be `" + text + "`",
          "it must be the name of a group, `=` and a whole number from 1",
          "`--group-workers light=6`",
          ExitCode.USAGE);
    }
    return Integer.parseInt(number);
  }

  /// The rule with these counts before it.
  Function<Entry, WorkerCount> orElse(Function<Entry, WorkerCount> rule) {
    return group -> {
      Integer count = counts.get(group.name());
      return count == null ? rule.apply(group) : new WorkerCount(count, "--group-workers");
    };
  }
}
