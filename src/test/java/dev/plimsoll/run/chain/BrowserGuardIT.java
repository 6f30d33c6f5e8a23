package dev.plimsoll.run.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.engine.RunnerRequest;
import dev.plimsoll.engine.RunnerRequest.Care;
import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.engine.playwright.BrowserExample;
import dev.plimsoll.engine.playwright.PlaywrightRunner;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.containment.Containment;
import dev.plimsoll.memory.containment.ContainmentProbe;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.process.ProcessTable;
import dev.plimsoll.run.guard.SystemMemory;
import dev.plimsoll.schedule.budget.BudgetRule;
import dev.plimsoll.schedule.budget.Reserve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real browsers in real control groups: who they belong to, what they hold, and why they die.
class BrowserGuardIT {
  private static final String CONFIG =
      """
      import { defineConfig } from '@playwright/test';
      export default defineConfig({
        fullyParallel: true,
        timeout: 120_000,
        use: { launchOptions: {
          executablePath: process.env.PLAYWRIGHT_CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] } },
      });
      """;

  /// Fills memory until somebody does something, in the page's own process.
  private static final String BOMB =
      """
      import { expect, test } from '@playwright/test';
      import { readFileSync } from 'node:fs';
      test('fills memory', async ({ page }) => {
        await page.setContent('<p>here</p>');
        await page.evaluate(async () => {
          const held = [];
          for (let i = 0; i < 3000; i++) {
            held.push(new Uint8Array(2 << 20).fill(i));
            if (i % 8 === 0) await new Promise((next) => setTimeout(next, 10));
          }
        });
      });
      test('holds little', async ({ page }) => {
        await page.setContent('<p>here</p>');
        await expect.poll(() => readFileSync('/proc/self/oom_score_adj', 'utf8').trim(), { timeout: 30_000 }).toBe('800');
      });
      """;

  private static final ProcessTable TABLE = new ProcessTable(Path.of("/proc"));
  private static final ProcessKey SELF = TABLE.key(ProcessHandle.current().pid()).orElseThrow();

  @TempDir private Path folder;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private Containment containment;

  @BeforeEach
  void needsABrowser() {
    BrowserExample.assumeBrowser();
    containment =
        new ContainmentProbe(SystemRoot.system(), SELF, TABLE::isAlive)
            .find(Map.of("XDG_CACHE_HOME", folder.toString()));
  }

  @Test
  void aPageThatPassesItsWorkersLimitIsKilledByTheKernelAndSaidToBe() {
    BrowserExample.assume(containment.isEnforced(), "no writable memory control group here");
    RunnerResult result = run(new BudgetRule.Auto(), Bytes.mib(500));
    TestResult bomb = test(result, "fills memory");
    assertThat(bomb.outcome()).as(bomb.text()).isEqualTo(Outcome.CRASHED);
    assertThat(bomb.attempts()).isEqualTo(2);
    assertThat(bomb.text())
        .contains("out of memory", "its cgroup counts")
        .contains("hint: use fewer workers");
    assertThat(bomb.notes()).anyMatch(note -> note.startsWith("attempt 1: crash: "));
    TestResult little = test(result, "holds little");
    assertThat(little.outcome()).isEqualTo(Outcome.PASSED);
    assertThat(little.source()).isEqualTo(PeakSource.PSS);
    assertThat(little.peak()).isBetween(Bytes.mib(50), Bytes.gib(1));
    assertThat(workersSeen()).contains("pw0", "pw1");
  }

  @Test
  void aWorkerIsGivenUpBeforeTheBudgetIsGoneAndItsTestRunsAgainAlone() {
    RunnerResult result = run(new BudgetRule.Fixed(Bytes.mib(1600)), Bytes.gib(8));
    TestResult bomb = test(result, "fills memory");
    assertThat(bomb.outcome()).as(bomb.text()).isEqualTo(Outcome.CRASHED);
    assertThat(bomb.attempts()).isEqualTo(2);
    assertThat(bomb.notes()).anyMatch(note -> note.contains("was killed by Plimsoll: "));
    assertThat(bomb.text()).contains("the test ran alone", "its memory budget");
    assertThat(test(result, "holds little").outcome()).isEqualTo(Outcome.PASSED);
    assertThat(events)
        .as(told())
        .filteredOn(RunEvent.TestRetried.class::isInstance)
        .extracting(event -> ((RunEvent.TestRetried) event).id())
        .containsExactly(bomb.id());
  }

  @Test
  void whatAWorkerStartedWhileItWasMovedIsMovedLater() throws IOException {
    BrowserExample.assume(containment.isEnforced(), "no writable memory control group here");
    List<Process> sleepers = List.of(sleeper(), sleeper(), sleeper());
    List<ProcessKey> keys =
        sleepers.stream().map(process -> TABLE.key(process.pid()).orElseThrow()).toList();
    ProcessKey root = keys.get(1);
    var before = Map.of(0, new WorkerTrees.Tree(root, Set.of(root)));
    var after = Map.of(0, new WorkerTrees.Tree(root, Set.of(root, keys.get(2))));
    try (var guard = new StageGuard(containment, SELF, TABLE::isAlive, _ -> {})) {
      guard.runner(keys.getFirst().pid(), Bytes.gib(1));
      assertThat(guard.workers(before, Bytes.mib(500))).isTrue();
      assertThat(guard.workers(before, Bytes.mib(500))).isFalse();
      assertThat(guard.workers(after, Bytes.mib(500))).isTrue();
      assertThat(groups(keys.get(2))).isEqualTo(groups(root)).contains("-pw0-");
    } finally {
      sleepers.forEach(Process::destroyForcibly);
    }
  }

  private static Process sleeper() throws IOException {
    return new ProcessBuilder("sleep", "60").start();
  }

  private static String groups(ProcessKey process) throws IOException {
    return Files.readString(Path.of("/proc/" + process.pid() + "/cgroup"));
  }

  /// Both tests at once in two workers.
  private RunnerResult run(BudgetRule rule, Bytes limit) {
    BrowserExample.project(folder, CONFIG, BOMB);
    var memory = new SystemMemory(rule, Reserve.USUAL, Optional.empty(), InstantSource.system());
    var guard =
        new StageGuard(
            containment,
            SELF,
            TABLE::isAlive,
            text -> {
              throw new AssertionError(text);
            });
    try (var watch = new StageWatch(memory, guard, limit, OptionalLong.empty(), events::add)) {
      RunnerRequest plain = BrowserExample.request(folder, 2, Map.of());
      var request =
          new RunnerRequest(
              plain.run(),
              plain.stage(),
              folder,
              folder,
              2,
              Map.of(),
              Duration.ofMinutes(4),
              plain.outputs(),
              new Care(Duration.ZERO, command -> containment.wrap(command, SELF), watch));
      var messages = new StageMessages("functional", watch, true, events::add);
      return new PlaywrightRunner(List.of()).run(request, new CancellationToken(), messages);
    }
  }

  private static TestResult test(RunnerResult result, String title) {
    return result.results().stream()
        .filter(test -> test.id().endsWith("› " + title))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no test " + title + " in " + result));
  }

  /// What was said, and how memory was whenever it was looked at.
  private String told() {
    return events.stream()
        .filter(event ->
            event instanceof RunEvent.Note
                || event instanceof RunEvent.TestRetried
                || event instanceof RunEvent.Sampled)
        .map(RunEvent::toString)
        .collect(Collectors.joining("\n"));
  }

  private List<String> workersSeen() {
    return events.stream()
        .filter(RunEvent.Sampled.class::isInstance)
        .flatMap(event -> ((RunEvent.Sampled) event).workers().keySet().stream())
        .distinct()
        .toList();
  }
}
