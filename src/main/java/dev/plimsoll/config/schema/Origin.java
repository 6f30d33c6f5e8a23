package dev.plimsoll.config.schema;

import java.nio.file.Path;

/// Where a value comes from.
public sealed interface Origin {
  /// For users: `default`, `plimsoll.toml:3` or `--workers`.
  String text();

  /// Not set.
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

  /// An environment variable, such as `PLIMSOLL_WORKERS`.
  record Variable(String name) implements Origin {
    @Override
    public String text() {
      return name;
    }
  }

  /// Whether it is of this start alone, not of the project.
  default boolean isAskedFor() {
    return this instanceof Flag || this instanceof Variable;
  }

  /// An option of the command line, such as `--workers`.
  record Flag(String name) implements Origin {
    @Override
    public String text() {
      return name;
    }
  }
}
