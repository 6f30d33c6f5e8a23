package dev.plimsoll.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigReference;
import dev.plimsoll.config.Entry;
import dev.plimsoll.config.Origin;
import dev.plimsoll.config.Schema;
import dev.plimsoll.config.Setting;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `plimsoll config`: what is in force, and where each value came from.
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Print the effective configuration and where each value came from.")
final class ConfigCommand implements Callable<Integer> {
  private static final int MARGIN = 58;

  @Spec private CommandSpec spec;
  @Mixin private ConfigFlags flags;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(names = "--keys", description = "List every key with its type, default and meaning.")
  private boolean keys;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (keys) {
      out.print(ConfigReference.plain(Schema.STANDARD));
    } else {
      Config config = flags.load();
      out.print(json ? json(config) : text(config));
    }
    out.flush();
    return 0;
  }

  private static String text(Config config) {
    var text = new StringBuilder();
    text.append("# project: ").append(config.root()).append('\n');
    text.append("# file: ").append(config.file().map(Object::toString).orElse("none")).append('\n');
    config.values().all().forEach(setting -> line(text, setting, setting.name()));
    for (Entry entry : tables(config)) {
      text.append('\n');
      entry.values().all().forEach(setting -> line(text, setting, setting.name()));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, Setting<?> setting, String name) {
    String assignment = name + " = " + setting.toml();
    text.append(assignment)
        .append(" ".repeat(Math.max(2, MARGIN - assignment.length())))
        .append("# ")
        .append(setting.origin().text())
        .append('\n');
  }

  private static String json(Config config) throws IOException {
    var settings = new ArrayList<Map<String, Object>>();
    config.values().all().forEach(setting -> settings.add(json(setting)));
    tables(config).forEach(e -> e.values().all().forEach(setting -> settings.add(json(setting))));
    var all = new LinkedHashMap<String, Object>();
    all.put("root", config.root().toString());
    config.file().ifPresent(file -> all.put("file", file.toString()));
    all.put("settings", settings);
    return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(all) + "\n";
  }

  private static Map<String, Object> json(Setting<?> setting) {
    var origin = new LinkedHashMap<String, Object>();
    switch (setting.origin()) {
      case Origin.Default _ -> origin.put("kind", "default");
      case Origin.InFile file -> {
        origin.put("kind", "file");
        origin.put("file", file.file().toString());
        origin.put("line", file.line());
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
