package dev.plimsoll.cli.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.cli.ProgramRun;
import dev.plimsoll.engine.playwright.BrowserExample;
import dev.plimsoll.model.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `plimsoll calibrate STAGE` with real runners and a real server.
class CalibrateStageIT {
  private static final String SERVER =
      """
      import http.server, sys
      class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
          self.send_response(200); self.end_headers(); self.wfile.write(b'ok')
      print('listening on', sys.argv[1], flush=True)
      http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
      """;
  private static final String CHAIN =
      """
      [server]
      command = "python3 server.py {port}"
      [stages.gate]
      command = "true"
      [stages.load]
      command = '''python3 -c "import os,urllib.request as u; u.urlopen(os.environ['BASE_URL'])" && test {workers} -lt 4'''
      server = true
      """;

  @TempDir private Path folder;
  @TempDir private Path runtime;

  @Test
  void aCommandIsMeasuredWithOneServerAndItsLevelIsTaken() throws Exception {
    Files.writeString(folder.resolve("server.py"), SERVER);
    write(CHAIN);
    var run = plimsoll("calibrate", "load", "--levels", "1,4", "--runs", "1");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .startsWith("load: 1 worker\n")
        .containsPattern("(?m)^\\* +1 .* chosen")
        .containsPattern("(?m)^ +4 .*exit code 1");
    assertThat(run.err()).containsOnlyOnce("the server under test is running at");
    assertThat(logs("server.log")).singleElement().asString().containsOnlyOnce("listening on");
    assertThat(stored("load.json")).contains("\"engine\" : \"command\"", "{workers}");
    var taken = plimsoll("run", "--stage", "load");
    assertThat(taken.exitCode()).isZero();
    assertThat(taken.err()).contains("load: 1 worker\n");
    var again = plimsoll("calibrate", "load", "--levels", "1,4", "--runs", "1", "--continue");
    assertThat(again.err()).containsPattern("load: resuming after \\d+ runs");
  }

  @Test
  void aPlaywrightStageIsMeasuredTestByTest() throws Exception {
    BrowserExample.assumeNode();
    BrowserExample.project(
        folder,
        "export default { fullyParallel: true };",
        """
        import { expect, test } from '@playwright/test';
        for (const i of [1, 2, 3]) test(`passes ${i}`, () => {});
        test('wants the machine for itself', () => { expect(test.info().config.workers).toBe(1); });
        """);
    write("[stages.functional]\nplaywright = []\n");
    var run = plimsoll("calibrate", "functional", "--levels", "1,2", "--runs", "1");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .startsWith("functional: 1 worker\n")
        .contains("4 passed; chosen", "wants the machine for itself");
    assertThat(stored("functional.json")).contains("\"engine\" : \"playwright\"");
    assertThat(plimsoll("stages", "run").err()).contains("functional: 1 worker\n");
  }

  @Test
  void whatCannotBeCalibratedSaysWhy() throws Exception {
    write(CHAIN + "[stages.fixed]\nplaywright = ['-j', '2']\n[stages.light]\nplaywright = []\n");
    assertThat(plimsoll("calibrate", "gate").err()).contains("does not contain `{workers}`");
    assertThat(plimsoll("calibrate", "fixed").err()).contains("arguments set the number");
    assertThat(plimsoll("calibrate", "light").err()).contains("name of both a group and a stage");
    var unknown = plimsoll("calibrate", "laod");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(unknown.err()).contains("there is no group or stage `laod`", "did you mean `load`?");
  }

  @Test
  void aSelectionWithoutTestsIsNoLevel() throws Exception {
    BrowserExample.assumeNode();
    BrowserExample.project(folder, "export default {};", "");
    write("[stages.none]\nplaywright = ['nowhere']\n");
    var run = plimsoll("calibrate", "none", "--levels", "1");
    assertThat(run.exitCode()).isEqualTo(ExitCode.NO_TESTS.code());
    assertThat(run.err()).contains("no test matched playwright test nowhere");
  }

  private void write(String toml) throws IOException {
    Files.writeString(folder.resolve("plimsoll.toml"), toml);
  }

  private ProgramRun plimsoll(String... args) throws IOException, InterruptedException {
    Map<String, String> env =
        Map.of(
            "XDG_RUNTIME_DIR", runtime.toString(),
            "PLAYWRIGHT_PORT", Integer.toString(BrowserExample.freePort()));
    return ProgramRun.of(folder, env, args);
  }

  private List<String> logs(String name) throws IOException {
    return find(folder.resolve(".plimsoll/output"), name);
  }

  private String stored(String name) throws IOException {
    return find(folder.resolve(".plimsoll/calibration"), name).getFirst();
  }

  private static List<String> find(Path folder, String name) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.endsWith(name)).map(CalibrateStageIT::text).toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
