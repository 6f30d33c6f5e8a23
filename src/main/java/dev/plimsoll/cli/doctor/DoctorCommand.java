package dev.plimsoll.cli.doctor;

import dev.plimsoll.cli.JsonText;
import dev.plimsoll.cli.MemoryFlags;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.TreeMemory;
import dev.plimsoll.memory.containment.ContainmentProbe;
import dev.plimsoll.memory.kernellog.KernelLog;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.process.Competitor;
import dev.plimsoll.process.Competitors;
import dev.plimsoll.process.ProcessTable;
import dev.plimsoll.run.plan.MemoryRules;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `plimsoll doctor`: what this machine allows, and how to fix what is missing.
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description =
        "Check this machine: memory, limits, tools, and programs that compete for memory.")
public final class DoctorCommand extends ProjectCommand<MemoryFlags> {
  private static final Path PROC = Path.of("/proc");

  public DoctorCommand() {
    super(new MemoryFlags());
  }

  @Option(
      names = "--engine",
      description = "Collect the tests, and show which engine the project gets and why.")
  private boolean engine;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Config config = flags.load();
    List<Finding> findings =
        engine
            ? EngineCheck.of(
                config, EngineCheck.collect(config, flags.python(config), flags.current()))
            : examine(config);
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? json(findings) : text(findings));
    out.flush();
    return 0;
  }

  private List<Finding> examine(Config config) {
    var root = SystemRoot.system();
    var table = new ProcessTable(PROC);
    var budget = new MemoryRules(config);
    List<Finding> all = new ArrayList<>(MachineCheck.of(root, budget.rule(), budget.reserve()));
    table
        .key(ProcessHandle.current().pid())
        .map(self -> new ContainmentProbe(root, self, table::isAlive).attempts())
        .ifPresent(attempts -> all.addAll(MachineCheck.containment(attempts)));
    try (var log = KernelLog.open(root)) {
      all.addAll(MachineCheck.evidence(log));
    }
    all.addAll(ToolCheck.python(() -> flags.python(config), flags.current()));
    all.addAll(ToolCheck.playwright(config, System.getenv()));
    all.addAll(competitors(new Competitors(PROC).find(config.get(Keys.PREFLIGHT_CONFLICTS))));
    return all;
  }

  private static List<Finding> competitors(List<Competitor> found) {
    if (found.isEmpty()) {
      return List.of(Finding.good("competitors", "no known program competes for memory"));
    }
    try (var memory = new TreeMemory(SystemRoot.system())) {
      return found.stream()
          .map(competitor -> competitor(competitor, memory.exact(competitor.tree()).size()))
          .toList();
    }
  }

  static Finding competitor(Competitor competitor, Bytes size) {
    String whose = competitor.sameUser() ? "" : " of another user";
    List<Long> pids = competitor.tree().stream().map(ProcessKey::pid).sorted().toList();
    return Finding.note(
        "competitors",
        competitor.words() + whose + " holds " + size,
        "stop it before a run (`kill "
            + competitor.key().pid()
            + "`"
            + (pids.size() > 1 ? ", " + pids.size() + " processes" : "")
            + "), or let Plimsoll: `[preflight] conflicts = [\""
            + competitor.name()
            + "\"]`, `action = \"stop\"`");
  }

  static String text(List<Finding> findings) {
    var text = new StringBuilder();
    String area = "";
    for (Finding finding : findings) {
      if (!finding.area().equals(area)) {
        area = finding.area();
        text.append(text.isEmpty() ? "" : "\n").append(area).append('\n');
      }
      text.append(String.format("  %-8s %s%n", finding.status().word(), finding.what()));
      if (!finding.todo().isEmpty()) {
        text.append("           hint: ").append(finding.todo().replace("\n", "\n           "));
        text.append('\n');
      }
    }
    return text.toString();
  }

  static String json(List<Finding> findings) {
    List<Map<String, String>> list = new ArrayList<>();
    for (Finding finding : findings) {
      var fields = new LinkedHashMap<String, String>();
      fields.put("area", finding.area());
      fields.put("status", finding.status().word());
      fields.put("what", finding.what());
      fields.put("todo", finding.todo());
      list.add(fields);
    }
    return JsonText.write(Map.of("findings", list));
  }
}
