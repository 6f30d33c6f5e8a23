package dev.plimsoll.engine.playwright;

import static dev.plimsoll.engine.playwright.BrowserExample.WEB;
import static dev.plimsoll.engine.playwright.BrowserExample.project;
import static dev.plimsoll.engine.playwright.BrowserExample.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.engine.MemoryObserver;
import dev.plimsoll.engine.RunnerRequest;
import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real Playwright with real Chromium.
class PlaywrightRunnerIT {
  private static final String CHROMIUM =
      """
      import { defineConfig } from '@playwright/test';
      export default defineConfig({
        reporter: [['json', { outputFile: 'own-report.json' }]],
        retries: %d,
        timeout: 20_000,
        use: { screenshot: 'only-on-failure', trace: 'retain-on-failure', launchOptions: {
          executablePath: process.env.PLAYWRIGHT_CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] } },
        projects: [{ name: 'one' }, { name: 'two' }],
      });
      """;

  @TempDir private Path folder;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void needsABrowser() {
    BrowserExample.assumeBrowser();
  }

  @Test
  void runsTheExampleWithItsOwnServer() throws IOException {
    int port = BrowserExample.freePort();
    RunnerResult result =
        run(
            BrowserExample.copy(folder),
            2,
            Map.of("PLAYWRIGHT_PORT", Integer.toString(port)),
            "tests/functional/look.spec.ts",
            "tests/functional/sea.spec.ts");
    assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(result.results()).extracting(TestResult::outcome).containsOnly(Outcome.PASSED);
    assertThat(result.results())
        .extracting(TestResult::id)
        .contains("tests/functional/look.spec.ts › keeps the night watch theme [chromium]");
    assertThat(result.results()).extracting(TestResult::worker).contains("pw0", "pw1");
    assertThat(result.results()).extracting(TestResult::duration).allMatch(Duration::isPositive);
    assertThat(events).hasAtLeastOneElementOfType(RunEvent.Collected.class);
  }

  @Test
  void tellsEveryKindOfOutcomeBesideTheProjectsReporter() {
    String spec =
        """
        import { expect, test } from '@playwright/test';
        test('passes', () => {});
        test('fails', async ({ page }) => { await page.setContent('<h1>x</h1>'); console.log('said'); expect(1).toBe(2); });
        test.skip('skips', () => {});
        test('skips with a reason', () => { test.skip(true, 'not on Sundays'); });
        test.fail('fails as expected', () => { expect(1).toBe(2); });
        test.fail('passes unexpectedly', () => {});
        test('is flaky', ({}, info) => { expect(info.retry).toBe(1); });
        test('is slow', async () => { test.setTimeout(300); await new Promise(() => {}); });
        """;
    RunnerResult result =
        run(project(folder, CHROMIUM.formatted(1), spec), 2, Map.of(), "--project=one");
    assertThat(result.exitCode()).isEqualTo(ExitCode.TESTS_FAILED);
    assertThat(outcome(result, "passes")).isEqualTo(Outcome.PASSED);
    assertThat(outcome(result, "fails")).isEqualTo(Outcome.FAILED);
    assertThat(outcome(result, "skips")).isEqualTo(Outcome.SKIPPED);
    assertThat(outcome(result, "fails as expected")).isEqualTo(Outcome.XFAILED);
    assertThat(outcome(result, "passes unexpectedly")).isEqualTo(Outcome.FAILED);
    assertThat(outcome(result, "is slow")).isEqualTo(Outcome.FAILED);
    assertThat(test(result, "is slow").text()).contains("Test timeout of 300ms exceeded");
    assertThat(test(result, "skips with a reason").reason()).isEqualTo("not on Sundays");
    assertThat(test(result, "is flaky").outcome()).isEqualTo(Outcome.PASSED);
    assertThat(test(result, "is flaky").attempts()).isEqualTo(2);
    assertThat(test(result, "is flaky").notes()).first().asString().contains("flaky");
    assertThat(test(result, "fails").text())
        .contains("expect(received).toBe(expected)", "said")
        .doesNotContain("\u001b");
    assertThat(test(result, "fails").notes()).anyMatch(note -> note.startsWith("screenshot: "));
    assertThat(result.artefacts()).isNotEmpty().allMatch(Files::exists);
    assertThat(folder.resolve("own-report.json")).exists();
    assertThat(events).hasAtLeastOneElementOfType(RunEvent.TestRetried.class);
  }

  @Test
  void keepsProjectsApart() {
    String spec = "import { test } from '@playwright/test'; test('passes', () => {});";
    RunnerResult result = run(project(folder, CHROMIUM.formatted(0), spec), 2, Map.of());
    assertThat(result.results())
        .extracting(TestResult::id)
        .containsExactlyInAnyOrder(
            "sample.spec.ts › passes [one]", "sample.spec.ts › passes [two]");
  }

  @Test
  void aShardRunsItsPart() {
    String spec =
        """
        import { test } from '@playwright/test';
        test.describe.configure({ mode: 'parallel' });
        test('one', () => {});
        test('two', () => {});
        """;
    RunnerResult result =
        run(
            project(folder, CHROMIUM.formatted(0), spec),
            2,
            Map.of(),
            "--project=one",
            "--shard=2/2");
    assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(result.results())
        .extracting(TestResult::id)
        .containsExactly("sample.spec.ts › two [one]");
  }

  @Test
  void aPageThatCrashesIsACrash() {
    String spec =
        """
        import { test } from '@playwright/test';
        import { execFileSync } from 'node:child_process';
        const ps = (...args) => execFileSync('ps', ['-o', 'pid=,args=', ...args], { encoding: 'utf8' }).split('\\n');
        const pid = (line) => Number(line.trim().split(' ')[0]);
        test('crashes', async ({ page }) => {
          await page.setContent('<p>here</p>');
          const browser = pid(ps('--ppid', String(process.pid)).find((line) => line.includes('--remote-debugging')));
          for (const line of ps('-s', String(browser))) if (line.includes('--type=renderer')) process.kill(pid(line), 'SIGKILL');
          await page.locator('p').click();
        });
        test('goes on', async ({ page }) => { await page.setContent('<p>still here</p>'); });
        """;
    RunnerResult result =
        run(project(folder, CHROMIUM.formatted(0), spec), 1, Map.of(), "--project=one");
    assertThat(outcome(result, "crashes")).isEqualTo(Outcome.CRASHED);
    assertThat(test(result, "crashes").notes()).anyMatch(note -> note.contains("renderer crash"));
    assertThat(outcome(result, "goes on")).isEqualTo(Outcome.PASSED);
  }

  @Test
  void aBrowserThatIsKilledIsACrash() {
    String spec =
        """
        import { test } from '@playwright/test';
        import { execFileSync } from 'node:child_process';
        test('loses its browser', async ({ page }) => {
          await page.setContent('<p>here</p>');
          const browsers = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
          const line = browsers.split('\\n').find((text) => text.includes('--remote-debugging'));
          process.kill(Number(line.trim().split(' ')[0]), 'SIGKILL');
          await page.waitForTimeout(10_000);
        });
        test('goes on', async ({ page }) => { await page.setContent('<p>still here</p>'); });
        """;
    RunnerResult result =
        run(project(folder, CHROMIUM.formatted(0), spec), 1, Map.of(), "--project=one");
    assertThat(outcome(result, "loses its browser")).isEqualTo(Outcome.CRASHED);
    assertThat(test(result, "loses its browser").notes())
        .anyMatch(note -> note.contains("the browser of this test's worker died"));
    assertThat(outcome(result, "goes on")).isEqualTo(Outcome.PASSED);
  }

  @Test
  void aWorkerThatIsKilledIsACrash() {
    String spec =
        """
        import { test } from '@playwright/test';
        test('kills its worker', () => { process.kill(process.pid, 'SIGKILL'); });
        test('goes on', () => {});
        """;
    RunnerResult result =
        run(project(folder, CHROMIUM.formatted(0), spec), 1, Map.of(), "--project=one");
    assertThat(outcome(result, "kills its worker")).isEqualTo(Outcome.CRASHED);
    assertThat(test(result, "kills its worker").notes())
        .anyMatch(note -> note.contains("signal=SIGKILL"));
    assertThat(outcome(result, "goes on")).isEqualTo(Outcome.PASSED);
  }

  @Test
  void aRunnerThatIsKilledLeavesNothingAndNoTestWithoutAnOutcome() {
    String spec =
        """
        import { test } from '@playwright/test';
        test('kills the runner', async ({ page }) => {
          await page.setContent('<p>here</p>');
          process.kill(process.ppid, 'SIGKILL');
          await page.waitForTimeout(60_000);
        });
        test('waits behind it', () => {});
        """;
    var request = request(project(folder, CHROMIUM.formatted(0), spec), 1, Map.of());
    RunnerResult result =
        new PlaywrightRunner(List.of("--project=one"))
            .run(request, new CancellationToken(), events::add);
    assertThat(result.exitCode()).isEqualTo(ExitCode.TESTS_FAILED);
    assertThat(outcome(result, "kills the runner")).isEqualTo(Outcome.CRASHED);
    assertThat(test(result, "kills the runner").text())
        .contains("Playwright's runner exited with exit code 137 (128 + SIGKILL");
    assertThat(outcome(result, "waits behind it")).isEqualTo(Outcome.NOT_RUN);
    assertThat(left(request.run())).isEmpty();
  }

  @Test
  void aSpecThatNeverYieldsEndsTheStageWhenNothingHappensForLong() {
    String spec =
        """
        import { test } from '@playwright/test';
        test('spins', () => { for (;;) {} });
        """;
    var plain = request(project(folder, CHROMIUM.formatted(0), spec), 1, Map.of());
    var request =
        new RunnerRequest(
            plain.run(),
            plain.stage(),
            folder,
            folder,
            1,
            Map.of(),
            Duration.ZERO,
            plain.outputs(),
            new RunnerRequest.Care(
                Duration.ofSeconds(10), UnaryOperator.identity(), MemoryObserver.NONE));
    RunnerResult result =
        new PlaywrightRunner(List.of("--project=one"))
            .run(request, new CancellationToken(), events::add);
    assertThat(result.halted()).startsWith("no test started or ended for 10 s");
    assertThat(outcome(result, "spins")).isEqualTo(Outcome.CRASHED);
    assertThat(result.exitCode()).isEqualTo(ExitCode.TESTS_FAILED);
    assertThat(left(request.run())).isEmpty();
  }

  @Test
  void aSpecThatNeverYieldsEndsWithTheStage() {
    String spec =
        """
        import { test } from '@playwright/test';
        test('spins', () => { for (;;) {} });
        test('waits behind it', () => {});
        """;
    var request = request(project(folder, CHROMIUM.formatted(0), spec), 1, Map.of());
    var limited =
        new RunnerRequest(
            request.run(),
            request.stage(),
            request.root(),
            request.folder(),
            1,
            Map.of(),
            Duration.ofSeconds(15),
            request.outputs());
    RunnerResult result =
        new PlaywrightRunner(List.of("--project=one"))
            .run(limited, new CancellationToken(), events::add);
    assertThat(result.halted()).isEqualTo("the time limit of 15 s was over");
    assertThat(outcome(result, "spins")).isEqualTo(Outcome.CRASHED);
    assertThat(outcome(result, "waits behind it")).isEqualTo(Outcome.NOT_RUN);
    assertThat(left(request.run())).isEmpty();
  }

  @Test
  void haltingLeavesNoProcess() {
    String spec =
        """
        import { test } from '@playwright/test';
        test('waits', async ({ page }) => { await page.setContent('<p>here</p>'); await page.waitForTimeout(60_000); });
        """;
    var request = request(project(folder, CHROMIUM.formatted(0), spec), 2, Map.of());
    var cancellation = new CancellationToken();
    RunnerResult result =
        new PlaywrightRunner(List.of())
            .run(
                request,
                cancellation,
                event -> {
                  events.add(event);
                  if (event instanceof RunEvent.TestStarted) {
                    cancellation.pull("somebody pressed Ctrl-C");
                  }
                });
    assertThat(result.halted()).isEqualTo("somebody pressed Ctrl-C");
    assertThat(result.results()).hasSize(2);
    assertThat(left(request.run())).isEmpty();
  }

  @Test
  void noBrowserIsOneErrorNotOnePerTest() {
    String config =
        "export default { use: { launchOptions: { executablePath: '/nowhere/chrome' } } };";
    String spec =
        """
        import { test } from '@playwright/test';
        for (const i of [1, 2, 3, 4]) test(`test ${i}`, async ({ page }) => { await page.goto('about:blank'); });
        """;
    UserError error = refused(project(folder, config, spec), Map.of());
    assertThat(error.exitCode()).isEqualTo(ExitCode.BROWSER);
    assertThat(error.what()).contains("browser");
  }

  @Test
  void aConfigThatDoesNotLoadIsAnError() {
    UserError error = refused(project(folder, "throw new Error('broken here');", ""), Map.of());
    assertThat(error.exitCode()).isEqualTo(ExitCode.ENGINE);
    assertThat(error.why()).contains("broken here");
  }

  @Test
  void aServerOfPlaywrightThatDoesNotStartIsAnError() {
    String config = "export default { webServer: { command: 'echo no port; exit 3', port: 1 } };";
    String spec = "import { test } from '@playwright/test'; test('passes', () => {});";
    UserError error = refused(project(folder, config, spec), Map.of());
    assertThat(error.exitCode()).isEqualTo(ExitCode.BROWSER);
    assertThat(error.why()).contains("webServer");
  }

  @Test
  void nothingThatMatchesIsNoTests() {
    String spec = "import { test } from '@playwright/test'; test('passes', () => {});";
    RunnerResult result =
        run(project(folder, CHROMIUM.formatted(0), spec), 1, Map.of(), "nothing-like-this");
    assertThat(result.exitCode()).isEqualTo(ExitCode.NO_TESTS);
  }

  @Test
  void aSpecThatDoesNotLoadIsAProblem() {
    String spec = "import { test } from '@playwright/test'; throw new Error('no luck');";
    RunnerResult result = run(project(folder, CHROMIUM.formatted(0), spec), 1, Map.of());
    assertThat(result.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(result.problems()).anyMatch(problem -> problem.contains("no luck"));
  }

  @Test
  void noPlaywrightIsAnError() {
    UserError error = refused(folder, Map.of());
    assertThat(error.hint()).contains("npm install -D @playwright/test");
    assertThat(error.exitCode()).isEqualTo(ExitCode.BROWSER);
  }

  @Test
  void noNodeIsAnError() {
    UserError error = refused(WEB, Map.of("PATH", folder.toString()));
    assertThat(error.what()).contains("needs Node.js");
    assertThat(error.exitCode()).isEqualTo(ExitCode.BROWSER);
  }

  private UserError refused(Path project, Map<String, String> env) {
    return catchThrowableOfType(UserError.class, () -> run(project, 1, env));
  }

  private RunnerResult run(Path project, int workers, Map<String, String> env, String... args) {
    return new PlaywrightRunner(List.of(args))
        .run(request(project, workers, env), new CancellationToken(), events::add);
  }

  private static Outcome outcome(RunnerResult result, String title) {
    return test(result, title).outcome();
  }

  private static TestResult test(RunnerResult result, String title) {
    return result.results().stream()
        .filter(test -> test.id().contains("› " + title + " ["))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no test " + title + " in " + result));
  }

  private static Iterable<?> left(String run) {
    return new ProcessTable(Path.of("/proc")).marked("_PLIMSOLL_RUN=" + run);
  }
}
