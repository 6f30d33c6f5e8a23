package dev.plimsoll.engine.pytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where Plimsoll is installed, when that can be an environment of Python.
///
/// As `bin/pytest` of an environment runs the tests with that environment, `bin/plimsoll` does, if
/// pytest is installed there too. Environments that a tool manager made for Plimsoll alone (uv,
/// pipx) hold no pytest.
///
/// @param prefix the folder of `bin/plimsoll` and of the environment; a checkout has none
public record Installation(String prefix) {
  /// A program that was not installed by pip.
  public static final Installation NONE = new Installation("");

  /// The one that the launcher of a package has named.
  public static Installation current() {
    return new Installation(System.getProperty("plimsoll.prefix", ""));
  }

  Path folder() {
    return Path.of(prefix);
  }

  /// Whether it is a virtual environment: one that somebody chose.
  boolean isVirtual() {
    return !prefix.isEmpty() && Files.isRegularFile(folder().resolve("pyvenv.cfg"));
  }

  /// Whether Plimsoll and pytest were installed into the same Python here.
  boolean hasPytest() {
    return !prefix.isEmpty()
        && (sitePackages().stream().anyMatch(Installation::holdsBoth) || seesSystemPackages());
  }

  private static boolean holdsBoth(Path packages) {
    return Files.isDirectory(packages.resolve("pytest_plimsoll"))
        && Files.isDirectory(packages.resolve("pytest"));
  }

  private List<Path> sitePackages() {
    var found = new ArrayList<Path>();
    try (var versions = Files.newDirectoryStream(folder().resolve("lib"), "python3*")) {
      versions.forEach(version -> found.add(version.resolve("site-packages")));
    } catch (IOException | DirectoryIteratorException notThere) {
      return List.of();
    }
    return found;
  }

  private boolean seesSystemPackages() {
    try {
      return isVirtual()
          && Files.readString(folder().resolve("pyvenv.cfg"))
              .lines()
              .map(line -> line.replace(" ", ""))
              .anyMatch("include-system-site-packages=true"::equals);
    } catch (IOException | UncheckedIOException unreadable) {
      return false;
    }
  }
}
