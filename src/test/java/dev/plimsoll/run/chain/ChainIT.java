package dev.plimsoll.run.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.cli.ProgramRun;
import dev.plimsoll.engine.playwright.BrowserExample;
import dev.plimsoll.process.Ports;
import dev.plimsoll.process.ProcessTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The plan's chain on the browser example, through the command line in a process of its own.
class ChainIT {
  private static final Path WEB = BrowserExample.WEB;

  @TempDir private Path folder;
  private final int port = BrowserExample.freePort();
  private final Ports ports = new Ports(Path.of("/proc"));

  @BeforeEach
  void needsABrowser() {
    BrowserExample.assumeBrowser();
  }

  @Test
  void runsThePlansChainWithAManagedServer() throws Exception {
    Process chain = start(BrowserExample.copy(folder), Map.of());
    List<String> said = drain(chain);
    assertThat(chain.waitFor()).as(String.join("\n", said)).isZero();
    assertThat(said)
        .anyMatch(line -> line.matches("stages +preflight .* 1 worker +passed"))
        .anyMatch(line -> line.matches(" +latency .* 1 worker +passed \\(2 passed\\)"))
        .anyMatch(line -> line.matches(" +functional .* 2 workers +passed \\(29 passed\\)"))
        .anyMatch(line -> line.matches(" +server .*\\(pss\\) +under test"));
    assertThat(ports.isTaken(port)).isFalse();
  }

  @Test
  void initFindsTheSuiteInASubfolderAndItsChainRunsThere() throws Exception {
    Path web = BrowserExample.copy(Files.createDirectory(folder.resolve("web")));
    Files.delete(web.resolve("plimsoll.toml"));
    Files.writeString(
        web.resolve("package.json"),
        Files.readString(WEB.resolve("package.json"))
            .replace(
                "\"test\": \"playwright test\"",
                """
                "test:e2e": "playwright test",
                "test:e2e:preflight": "node scripts/preflight.mjs",
                "test:e2e:ui": "playwright test --ui",
                "test:e2e:latency": "playwright test tests/latency.spec.ts --workers=1",
                "test:e2e:search": "playwright test search -j 2"
                """));
    Files.writeString(folder.resolve("test_shop.py"), "def test_shop(): pass\n");
    var init = ProgramRun.of(folder, "init");
    assertThat(init.out())
        .as(init.err())
        .contains("a chain for the suite of web/playwright.config");
    assertThat(ProgramRun.of(folder, "stages", "list").out())
        .contains("playwright test search in web after latency");
    Process chain = start(folder, Map.of(), "--json");
    String said = String.join("\n", drain(chain));
    assertThat(chain.waitFor()).as(said).isZero();
    assertThat(said)
        .contains("\"web/tests/latency.spec.ts › ", "\"web/tests/functional/search.spec.ts › ");
    assertThat(ports.isTaken(port)).isFalse();
  }

  @Test
  void aReusedServerGoesOn() throws Exception {
    Process server =
        new ProcessBuilder("node", "server.mjs", "--port", Integer.toString(port))
            .directory(WEB.toFile())
            .start();
    Path web = BrowserExample.copy(folder);
    try {
      assertThat(server.inputReader().readLine()).contains("cargo desk");
      Process chain = start(web, Map.of("PLAYWRIGHT_REUSE_SERVER", "1"), "--stage", "latency");
      List<String> said = drain(chain);
      assertThat(chain.waitFor()).as(String.join("\n", said)).isZero();
      assertThat(said).anyMatch(line -> line.contains("reusing the server"));
      assertThat(server.isAlive()).isTrue();
    } finally {
      server.destroyForcibly();
    }
  }

  @Test
  void killingPlimsollLeavesNoBrowserAndNoServer() throws Exception {
    Process chain = start(slowProject(), Map.of());
    awaitTest(chain);
    String run = run(folder);
    assertThat(commands(run)).anyMatch(line -> line.contains("--remote-debugging"));
    assertThat(commands(run)).anyMatch(line -> line.contains("server.mjs"));
    List<ProcessHandle> processes = processes(run);
    assertThat(chain.toHandle().destroyForcibly()).isTrue();
    for (ProcessHandle process : processes) {
      process.onExit().get(60, TimeUnit.SECONDS);
    }
    assertThat(commands(run)).isEmpty();
    assertThat(ports.isTaken(port)).isFalse();
  }

  @Test
  void anInterruptEndsInOrderWithASummary() throws Exception {
    Process chain = start(slowProject(), Map.of());
    awaitTest(chain);
    new ProcessBuilder("kill", "-INT", Long.toString(chain.pid())).start().waitFor();
    List<String> said = drain(chain);
    assertThat(chain.waitFor()).as(String.join("\n", said)).isEqualTo(2);
    assertThat(said).anyMatch(line -> line.matches("stages +slow .*failed: interrupted.*"));
    assertThat(commands(run(folder))).isEmpty();
    assertThat(ports.isTaken(port)).isFalse();
  }

  /// A project whose one test stays on a page of the example's server.
  private Path slowProject() throws IOException {
    BrowserExample.project(
        folder,
        """
        import { defineConfig } from '@playwright/test';
        export default defineConfig({
          use: { baseURL: process.env.BASE_URL, launchOptions: {
            executablePath: process.env.PLAYWRIGHT_CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] } },
        });
        """,
        """
        import { test } from '@playwright/test';
        test('stays', async ({ page }, info) => {
          info.setTimeout(0);
          await page.goto('/tides');
          require('node:fs').writeFileSync('there', '');
          await page.waitForTimeout(120_000);
        });
        """);
    Files.writeString(
        folder.resolve("plimsoll.toml"),
        """
        [server]
        command = "cd '%s' && npm run dev -- --hostname {host} --port {port}"
        [stages.slow]
        playwright = []
        [stages.watch]
        command = "true"
        """
            .formatted(WEB));
    return folder;
  }

  /// The folder of the run's output carries its id.
  private static String run(Path project) throws IOException {
    try (Stream<Path> runs = Files.list(project.resolve(".plimsoll/output"))) {
      return runs.findFirst().orElseThrow().getFileName().toString();
    }
  }

  private static List<ProcessHandle> processes(String run) {
    return new ProcessTable(Path.of("/proc"))
        .marked("_PLIMSOLL_RUN=" + run).stream()
            .flatMap(key -> ProcessHandle.of(key.pid()).stream())
            .toList();
  }

  private static List<String> commands(String run) {
    return processes(run).stream().map(process -> process.info().commandLine().orElse("")).toList();
  }

  private Process start(Path project, Map<String, String> env, String... args) throws IOException {
    List<String> command = ProgramRun.command("stages", "run");
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).directory(project.toFile()).redirectErrorStream(true);
    Map<String, String> all = new HashMap<>(env);
    all.put("PLAYWRIGHT_PORT", Integer.toString(port));
    all.put("LATENCY_FACTOR", "100");
    builder.environment().putAll(all);
    return builder.start();
  }

  private static List<String> drain(Process process) throws IOException {
    List<String> lines = new ArrayList<>();
    BufferedReader reader = process.inputReader();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      lines.add(line);
    }
    return lines;
  }

  /// Wait until the test has written its file: then its browser and the server are up.
  private void awaitTest(Process chain) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    try (var watcher = folder.getFileSystem().newWatchService()) {
      folder.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
      while (!Files.exists(folder.resolve("there"))) {
        assertThat(chain.isAlive()).as("the chain goes on").isTrue();
        assertThat(System.nanoTime()).as("the test starts in time").isLessThan(deadline);
        var key = watcher.poll(1, TimeUnit.SECONDS);
        if (key != null) {
          key.reset();
        }
      }
    }
  }
}
