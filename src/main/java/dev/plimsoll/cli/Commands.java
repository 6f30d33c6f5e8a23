package dev.plimsoll.cli;

import static java.util.Map.entry;

import dev.plimsoll.cli.apply.ApplyCommand;
import dev.plimsoll.cli.calibration.CalibrateCommand;
import dev.plimsoll.cli.calibration.ChooseCommand;
import dev.plimsoll.cli.calibration.WorkersCommand;
import dev.plimsoll.cli.diagnose.DiagnoseCommand;
import dev.plimsoll.cli.doctor.DoctorCommand;
import dev.plimsoll.cli.groups.GroupsCommand;
import dev.plimsoll.cli.launch.LaunchCommand;
import dev.plimsoll.cli.report.HistoryCommand;
import dev.plimsoll.cli.report.ReportCommand;
import dev.plimsoll.cli.run.RunCommand;
import dev.plimsoll.cli.shard.BoardCommand;
import dev.plimsoll.cli.shard.FinishCommand;
import dev.plimsoll.cli.shard.MergeCommand;
import dev.plimsoll.cli.shard.PlanCommand;
import dev.plimsoll.cli.shell.CompleteCommand;
import dev.plimsoll.cli.shell.CompletionCommand;
import dev.plimsoll.cli.shell.GenerateCommand;
import dev.plimsoll.cli.stages.StagesCommand;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The commands by name.
final class Commands {
  private static final List<Map.Entry<String, Supplier<Object>>> ALL =
      List.of(
          entry("apply", ApplyCommand::new),
          entry("board", BoardCommand::new),
          entry("calibrate", CalibrateCommand::new),
          entry("choose", ChooseCommand::new),
          entry("complete", () -> new CompleteCommand(Main::commandLine)),
          entry("completion", CompletionCommand::new),
          entry("config", ConfigCommand::new),
          entry("diagnose", DiagnoseCommand::new),
          entry("doctor", DoctorCommand::new),
          entry("finish", FinishCommand::new),
          entry("generate", () -> new GenerateCommand(Main::commandLine)),
          entry("groups", GroupsCommand::new),
          entry("history", HistoryCommand::new),
          entry("init", InitCommand::new),
          entry("launch", LaunchCommand::new),
          entry("merge", MergeCommand::new),
          entry("plan", PlanCommand::new),
          entry("report", ReportCommand::new),
          entry("run", () -> new RunCommand().described()),
          entry("stages", StagesCommand::new),
          entry("workers", WorkersCommand::new));

  private Commands() {}

  /// The command that the first argument names; none for `--version`; otherwise all of them, for
  /// the help and for suggestions.
  static List<Object> reachedBy(String... args) {
    String first = args.length == 0 ? "" : args[0];
    if (first.equals("--version") || first.equals("-V")) {
      return List.of();
    }
    var named = ALL.stream().filter(command -> command.getKey().equals(first)).toList();
    return (named.isEmpty() ? ALL : named)
        .stream().map(command -> command.getValue().get()).toList();
  }
}
