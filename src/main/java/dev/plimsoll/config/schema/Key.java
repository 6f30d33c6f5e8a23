package dev.plimsoll.config.schema;

/// One key of the configuration.
///
/// @param name dotted name inside the document, or inside a table of its {@link Section}
/// @param fallback the default value
/// @param doc one sentence in Markdown
public record Key<T>(String name, Type<T> type, T fallback, String doc) {
  public Setting<T> byDefault(String prefix) {
    return new Setting<>(prefix + name, this, fallback, new Origin.Default());
  }
}
