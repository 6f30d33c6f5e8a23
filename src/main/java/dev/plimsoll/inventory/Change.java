package dev.plimsoll.inventory;

/// What {@link Sync} did, or found, for one file.
public sealed interface Change {
  String path();

  /// A new file was placed by the rules.
  record Added(String path, Placement placement) implements Change {}

  /// An entry was removed because its file is gone.
  record Removed(String path, String group) implements Change {}

  /// A decision by hand was dropped.
  record Reset(String path, String from, Placement placement) implements Change {}

  /// A decision by hand stays: the rules would place the file elsewhere.
  record Kept(String path, String group, Placement rules) implements Change {}

  /// An entry stays although pytest does not collect its file by default.
  record Uncollected(String path, String group) implements Change {}

  /// The file's name cannot stand in a list.
  record Unlistable(String path, Placement placement) implements Change {}
}
