package dev.plimsoll.cli.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;

/// A shell whose command lines can be completed.
enum Shell {
  BASH("plimsoll.bash", "completions/bash/plimsoll"),
  ZSH("plimsoll.zsh", "completions/zsh/_plimsoll"),
  FISH("plimsoll.fish", "completions/fish/plimsoll.fish");

  private final String resource;
  private final String file;

  Shell(String resource, String file) {
    this.resource = resource;
    this.file = file;
  }

  /// Where packages keep the script.
  String file() {
    return file;
  }

  String script() {
    try (var stream = Objects.requireNonNull(Shell.class.getResourceAsStream(resource))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
