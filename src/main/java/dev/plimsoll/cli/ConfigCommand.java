package dev.plimsoll.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.cli.calibration.Calibrations;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigReference;
import dev.plimsoll.config.Entry;
import dev.plimsoll.config.JsonSchema;
import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.GroupKeys;
import dev.plimsoll.config.schema.Origin;
import dev.plimsoll.config.schema.Setting;
import dev.plimsoll.config.schema.StageKeys;
import dev.plimsoll.run.plan.WorkerCount;
import dev.plimsoll.run.plan.WorkerRule;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `plimsoll config`: the effective configuration, and where each value comes from.
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Show the effective configuration and where each value comes from.")
final class ConfigCommand extends ProjectCommand<ConfigFlags> {
  private static final int MARGIN = 58;

  ConfigCommand() {
    super(new ConfigFlags());
  }

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(names = "--keys", description = "List every key with its type, default and meaning.")
  private boolean keys;

  @Option(names = "--schema", description = "Print the JSON schema of the configuration.")
  private boolean schema;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (schema) {
      out.print(JsonText.write(JsonSchema.of(ConfigSchema.STANDARD)));
    } else if (keys) {
      out.print(ConfigReference.plain(ConfigSchema.STANDARD));
    } else {
      Config config = flags.load();
      Map<String, WorkerCount> workers = workers(config);
      out.print(json ? json(config, workers) : text(config, workers));
    }
    out.flush();
    return 0;
  }

  /// The effective `workers` of each group and stage on this machine, by the name of the key.
  private Map<String, WorkerCount> workers(Config config) {
    PrintWriter err = spec.commandLine().getErr();
    WorkerRule rule = Calibrations.rule(config, warning -> err.println("warning: " + warning));
    var workers = new LinkedHashMap<String, WorkerCount>();
    for (Entry group : config.groups()) {
      workers.put(group.values().setting(GroupKeys.WORKERS).name(), rule.group(group, false));
    }
    for (Entry stage : config.entries(StageKeys.SECTION)) {
      workers.put(stage.values().setting(StageKeys.WORKERS).name(), rule.stage(stage.name()));
    }
    return workers;
  }

  private static String text(Config config, Map<String, WorkerCount> workers) {
    var text = new StringBuilder();
    text.append("# project: ").append(config.root()).append('\n');
    text.append("# file: ").append(config.file().map(Object::toString).orElse("none")).append('\n');
    if (!config.profile().isEmpty()) {
      text.append("# profile: ").append(config.profile()).append('\n');
    }
    config.values().all().forEach(setting -> line(text, setting, ""));
    for (Entry entry : tables(config)) {
      text.append('\n');
      entry.values().all().forEach(setting -> line(text, setting, here(setting, workers)));
    }
    return text.toString();
  }

  /// The effective number on this machine, unless it equals the setting.
  private static String here(Setting<?> setting, Map<String, WorkerCount> workers) {
    WorkerCount count = workers.get(setting.name());
    if (count == null) {
      return "";
    }
    if (count.source().equals(setting.origin().text())) {
      return count.below().isEmpty() ? "" : ", below " + count.below();
    }
    return "; on this machine " + count.value() + ", " + count.reason();
  }

  private static void line(StringBuilder text, Setting<?> setting, String here) {
    String assignment = setting.name() + " = " + setting.toml();
    text.append(assignment)
        .append(" ".repeat(Math.max(2, MARGIN - assignment.length())))
        .append("# ")
        .append(setting.origin().text())
        .append(here)
        .append('\n');
  }

  private static String json(Config config, Map<String, WorkerCount> workers) throws IOException {
    var settings = new ArrayList<Map<String, Object>>();
    config.values().all().forEach(setting -> settings.add(json(setting, workers)));
    tables(config)
        .forEach(
            entry -> entry.values().all().forEach(setting -> settings.add(json(setting, workers))));
    var all = new LinkedHashMap<String, Object>();
    all.put("root", config.root().toString());
    config.file().ifPresent(file -> all.put("file", file.toString()));
    if (!config.profile().isEmpty()) {
      all.put("profile", config.profile());
    }
    all.put("settings", settings);
    return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(all) + "\n";
  }

  private static Map<String, Object> json(Setting<?> setting, Map<String, WorkerCount> workers) {
    var origin = new LinkedHashMap<String, Object>();
    switch (setting.origin()) {
      case Origin.Default _ -> origin.put("kind", "default");
      case Origin.InFile file -> {
        origin.put("kind", "file");
        origin.put("file", file.file().toString());
        origin.put("line", file.line());
      }
      case Origin.Variable variable -> {
        origin.put("kind", "variable");
        origin.put("variable", variable.name());
      }
      case Origin.Flag flag -> {
        origin.put("kind", "flag");
        origin.put("flag", flag.name());
      }
    }
    var fields = new LinkedHashMap<String, Object>();
    fields.put("key", setting.name());
    fields.put("value", setting.plain());
    fields.put("origin", origin);
    WorkerCount count = workers.get(setting.name());
    if (count != null) {
      fields.put("here", Map.of("workers", count.value(), "source", count.reason()));
    }
    return fields;
  }

  /// All groups, then the tables of the other sections.
  private static List<Entry> tables(Config config) {
    var tables = new ArrayList<>(config.groups());
    config.entries().values().stream()
        .flatMap(List::stream)
        .filter(entry -> !config.groups().contains(entry))
        .forEach(tables::add);
    return tables;
  }
}
