package dev.plimsoll.cli;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The interpreters that tests may use.
final class TestingPythons {
  private TestingPythons() {}

  private static final Path OWN = Path.of("target", "xdist-python").toAbsolutePath();

  /// One that has pytest-xdist, and the packages of `python3` where pip can bring the two together;
  /// skips the test where there is none.
  static synchronized String withXdist() {
    String own = OWN.resolve("bin/python").toString();
    if (!hasXdist("python3") && !hasXdist(own)) {
      succeeds("python3", "-m", "venv", "--clear", "--system-site-packages", OWN.toString());
      succeeds(own, "-m", "pip", "install", "-q", "--retries", "0", "pytest-xdist");
    }
    String python =
        Stream.of("python3", own, "/usr/bin/python3")
            .filter(TestingPythons::hasXdist)
            .findFirst()
            .orElse("");
    assumeThat(python).as("a Python with pytest-xdist").isNotEmpty();
    return python;
  }

  private static boolean hasXdist(String python) {
    return succeeds(python, "-c", "import pytest, xdist");
  }

  static boolean succeeds(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
