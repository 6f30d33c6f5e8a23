package dev.plimsoll.config.schema;

import java.nio.file.Path;

/// Where a value came from.
public sealed interface Origin {
  /// What people read: `default`, `plimsoll.toml:3` or `--workers`.
  String text();

  /// Nobody set it.
  record Default() implements Origin {
    @Override
    public String text() {
      return "default";
    }
  }

  /// A configuration file.
  ///
  /// @param line counted from 1
  record InFile(Path file, int line) implements Origin {
    @Override
    public String text() {
      return file.getFileName() + ":" + line;
    }
  }

  /// An option of the command line, such as `--workers`.
  record Flag(String name) implements Origin {
    @Override
    public String text() {
      return name;
    }
  }
}
