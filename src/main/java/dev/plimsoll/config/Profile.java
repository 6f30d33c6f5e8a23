package dev.plimsoll.config;

import dev.plimsoll.config.schema.Setting;
import dev.plimsoll.config.schema.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The settings of `[profile.NAME]`, which override those outside of it.
///
/// @param settings by key name
/// @param entries the tables of sections, by section name
record Profile(Map<String, Setting<?>> settings, Map<String, List<Entry>> entries) {
  static final Profile NONE = new Profile(Map.of(), Map.of());

  /// The tables of all sections: a key of a table overrides the same key of the table with the same
  /// name.
  Map<String, List<Entry>> over(Map<String, List<Entry>> base) {
    var all = new LinkedHashMap<>(base);
    entries.forEach((section, tables) -> all.merge(section, tables, Profile::merged));
    return all;
  }

  private static List<Entry> merged(List<Entry> base, List<Entry> over) {
    var byName = new LinkedHashMap<String, Entry>();
    base.forEach(entry -> byName.put(entry.name(), entry));
    over.forEach(entry -> byName.merge(entry.name(), entry, Profile::merged));
    return new ArrayList<>(byName.values());
  }

  private static Entry merged(Entry base, Entry over) {
    Map<String, Setting<?>> given =
        over.values().all().stream()
            .filter(setting -> !setting.isDefault())
            .collect(Collectors.toMap(setting -> setting.key().name(), setting -> setting));
    Values values = base.values().with(given);
    return new Entry(base.name(), values, base.origin());
  }
}
