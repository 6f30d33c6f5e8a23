package dev.plimsoll.engine.playwright;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.engine.RunnerRequest;
import dev.plimsoll.process.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// The browser example of the repository, and small projects beside it that use its Playwright.
public final class BrowserExample {
  public static final Path WEB = Path.of("examples/web").toAbsolutePath();

  private BrowserExample() {}

  /// Skip the test, saying why, where Node.js, the example's packages or Chromium cannot be had.
  public static void assumeBrowser() {
    assumeNode();
    boolean chromium =
        Stream.of(System.getenv().getOrDefault("PLAYWRIGHT_CHROMIUM", ""), "/usr/bin/chromium")
            .anyMatch(path -> !path.isEmpty() && Files.isExecutable(Path.of(path)));
    assume(chromium, "no Chromium: install it, or name one in PLAYWRIGHT_CHROMIUM");
  }

  public static void assumeNode() {
    boolean node = Programs.find("node", WEB, System.getenv()).isPresent();
    assume(node, "no Node.js");
    boolean installed = Files.isDirectory(WEB.resolve("node_modules/@playwright/test"));
    assume(installed, "examples/web is not set up: run bin/setup-web");
  }

  /// Skip the test, saying why, unless the condition holds.
  public static void assume(boolean condition, String reason) {
    if (!condition) {
      System.out.println("skipped: " + reason);
    }
    assumeTrue(condition, reason);
  }

  /// A project in `folder` that uses the example's packages: a configuration and one spec.
  public static Path project(Path folder, String config, String spec) {
    try {
      Files.createDirectories(folder);
      Path packages = folder.resolve("node_modules");
      if (!Files.exists(packages)) {
        Files.createSymbolicLink(packages, WEB.resolve("node_modules"));
      }
      Files.writeString(folder.resolve("playwright.config.ts"), config);
      Files.writeString(folder.resolve("sample.spec.ts"), spec);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A copy of the example, for a test that runs it: runs of one folder replace each other's
  /// results.
  ///
  /// @param to a folder that exists
  /// @return that folder
  public static Path copy(Path to) throws IOException {
    Files.createSymbolicLink(to.resolve("node_modules"), WEB.resolve("node_modules"));
    try (Stream<Path> files = Files.walk(WEB)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = WEB.relativize(file).toString();
        if (!name.matches("(node_modules|test-results|\\..*)/.*")) {
          Files.createDirectories(to.resolve(name).getParent());
          Files.copy(file, to.resolve(name));
        }
      }
    }
    return to;
  }

  public static RunnerRequest request(Path folder, int workers, Map<String, String> env) {
    return new RunnerRequest(
        "it-" + UUID.randomUUID(),
        "functional",
        folder,
        folder,
        workers,
        env,
        Duration.ofMinutes(3),
        folder.resolve(".plimsoll/output"));
  }

  public static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
