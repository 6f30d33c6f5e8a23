package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.engine.playwright.BrowserExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Shards of a Playwright stage, with real Playwright; its tests open no page.
class StageShardsIT {
  private static final String CONFIG =
      """
      import { defineConfig } from '@playwright/test';
      export default defineConfig({
        projects: [
          { name: 'setup', testMatch: /setup.spec/ },
          { name: 'one', dependencies: ['setup'], testIgnore: /setup.spec/ },
          { name: 'two', testIgnore: /setup.spec/ },
        ],
      });
      """;

  /// Each test writes its name to a file when it starts.
  private static final String START =
      """
      import { expect, test } from '@playwright/test';
      import { appendFileSync } from 'node:fs';
      test.beforeEach(({}, info) => appendFileSync(process.env.STARTED!,
        `${info.titlePath.join(' > ')} ${info.project.name}\\n`));
      """;

  private static final String FILE =
      START
          + """
          test('first', () => {});
          test('second', () => { expect(process.env.RED).toBe(undefined); });
          """;

  private static final String FREE =
      START
          + """
          test.describe.configure({ mode: 'parallel' });
          for (let i = 0; i < 6; i++) test(`free ${i}`, () => {});
          test.describe('in order', () => {
            test.describe.configure({ mode: 'serial' });
            test('begins', () => {});
            test('ends', () => {});
          });
          """;

  @TempDir private Path root;

  @BeforeEach
  void project() throws IOException {
    BrowserExample.assumeNode();
    BrowserExample.project(root, CONFIG, FREE);
    Files.createDirectories(root.resolve(".git"));
    for (String name : List.of("a", "b", "c")) {
      Files.writeString(root.resolve(name + ".spec.ts"), FILE);
    }
    Files.writeString(
        root.resolve("setup.spec.ts"),
        """
        import { expect, test } from '@playwright/test';
        test('sets up', () => { expect(process.env.NO_SETUP).toBe(undefined); });
        """);
    Files.writeString(
        root.resolve("plimsoll.toml"),
        "[stages.functional]\nplaywright = []\n[stages.lint]\ncommand = \"true\"\n");
  }

  @Test
  void eachTestRunsInOneShardAndAMissingShardIsFound() throws Exception {
    var whole = run(Map.of(), "whole", "run", "--stage", "functional", "--json");
    assertThat(whole.exitCode()).as(whole.err()).isZero();
    plimsoll("plan", "--stage", "functional", "--shards", "3", "--output", "plan.json");
    assertThat(root.resolve("plan.json"))
        .content()
        .contains("\"a.spec.ts [one]\"", "› free 0 [two]\"", "› in order [one]\"")
        .doesNotContain("begins");

    var started = new ArrayList<String>();
    for (int shard = 1; shard <= 3; shard++) {
      var part = shard(shard, Map.of());
      assertThat(part.exitCode()).as(part.err()).isZero();
      List<String> its = started("shard" + shard);
      assertThat(its.stream().filter(test -> test.contains("in order")).count() % 2).isZero();
      started.addAll(its);
    }
    assertThat(started).containsExactlyInAnyOrderElementsOf(started("whole"));
    var merged = plimsoll("merge", "plimsoll-shards", "--plan", "plan.json", "--json");
    assertThat(merged.exitCode()).as(merged.err()).isZero();
    assertThat(merged.tests("outcome")).isEqualTo(whole.tests("outcome"));
    assertThat(root.resolve(".pytest_cache")).doesNotExist();

    Files.move(record(2), root.resolve("second.jsonl"));
    var lost = plimsoll("merge", "plimsoll-shards", "--plan", "plan.json", "--json");
    assertThat(lost.exitCode()).isEqualTo(14);
    assertThat(lost.tests("outcome")).hasSameSizeAs(whole.tests("outcome"));
    assertThat(lost.tests("outcome").values().stream().filter("not run"::equals).count())
        .isEqualTo(started("shard2").size());
  }

  @Test
  void aRedTestOfAnyShardAndARedSetupAreRed() throws Exception {
    plimsoll("plan", "--stage", "functional", "--shards", "2", "--output", "plan.json");
    int red = 0;
    for (int shard = 1; shard <= 2; shard++) {
      red += shard(shard, Map.of("RED", "1")).exitCode();
    }
    assertThat(red).isPositive();
    var merged = plimsoll("merge", "plimsoll-shards", "--plan", "plan.json", "--json");
    assertThat(merged.exitCode()).as(merged.err()).isEqualTo(1);
    assertThat(merged.tests("outcome"))
        .containsEntry("a.spec.ts › second [one]", "failed")
        .containsEntry("setup.spec.ts › sets up [setup]", "passed");

    // The newest attempt of a shard counts.
    shard(2, Map.of("NO_SETUP", "1"));
    var setup = plimsoll("merge", "plimsoll-shards", "--plan", "plan.json", "--json");
    assertThat(setup.exitCode()).as(setup.err()).isNotZero();
    assertThat(setup.tests("outcome"))
        .containsEntry("setup.spec.ts › sets up [setup]", "failed")
        .containsValue("not run");
  }

  @Test
  void aShardMayHaveNoTestAndASelectionMayNot() throws Exception {
    Files.writeString(
        root.resolve("plimsoll.toml"),
        """
        [stages.functional]
        playwright = ['a.spec', '--project=two']
        [stages.none]
        playwright = ['nowhere']
        """);
    int tests = 0;
    for (int shard = 1; shard <= 2; shard++) {
      var part =
          run(Map.of(), "s", "run", "--stage", "functional", "--shard", shard + "/2", "--json");
      assertThat(part.exitCode()).as(part.err()).isZero();
      tests += part.tests().size();
    }
    assertThat(tests).isEqualTo(2);
    assertThat(plimsoll("merge", "plimsoll-shards", "--shards", "2").exitCode()).isZero();
    var none = plimsoll("run", "--stage", "none", "--shard", "1/2", "--record", "none");
    assertThat(none.exitCode()).as(none.err()).isEqualTo(5);
  }

  @Test
  void whatCannotBeDividedIsRefused() throws Exception {
    assertThat(plimsoll("run", "--shard", "1/2").err()).contains("--shard 1/2 --stage NAME");
    var command = plimsoll("run", "--stage", "lint", "--shard", "1/2");
    assertThat(command.exitCode()).isEqualTo(4);
    assertThat(command.err()).contains("the stage `lint` cannot be divided");
    Files.writeString(
        root.resolve("plimsoll.toml"), "[stages.functional]\nplaywright = ['--shard=1/2']\n");
    var twice = plimsoll("run", "--stage", "functional", "--shard", "1/2");
    assertThat(twice.exitCode()).isEqualTo(4);
    assertThat(twice.err()).contains("Playwright's own `--shard`");
  }

  private ProgramRun shard(int number, Map<String, String> variables) throws Exception {
    String name = "shard" + number;
    String[] words = {
      "run", "--stage", "functional", "--shard", number + "/" + shards(), "--plan", "plan.json"
    };
    return run(variables, name, words);
  }

  private long shards() throws IOException {
    return Files.readString(root.resolve("plan.json"))
        .lines()
        .filter(l -> l.contains("\"shard\""))
        .count();
  }

  private ProgramRun plimsoll(String... words) throws Exception {
    return run(Map.of(), "more", words);
  }

  private ProgramRun run(Map<String, String> variables, String started, String... words)
      throws Exception {
    var all = new java.util.HashMap<>(variables);
    all.put("STARTED", root.resolve(started + ".txt").toString());
    return ProgramRun.of(root, all, words);
  }

  private List<String> started(String name) throws IOException {
    Path file = root.resolve(name + ".txt");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private Path record(int shard) throws IOException {
    try (var files = Files.list(root.resolve("plimsoll-shards"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("shard-" + shard + "-"))
          .findFirst()
          .orElseThrow();
    }
  }
}
