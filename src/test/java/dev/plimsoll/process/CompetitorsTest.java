package dev.plimsoll.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.model.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompetitorsTest {
  private static final List<String> NAMES =
      List.of("ollama", "llama-server", "vllm", "next dev", "vite", "webpack", "uvicorn");

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /usr/local/bin/ollama serve                             | ollama
          ollama runner --model x                                 | ollama
          python3 -m vllm.entrypoints.openai.api_server --port 1  | vllm
          /opt/venv/bin/python /opt/venv/bin/vllm serve m         | vllm
          node /app/node_modules/.bin/next dev -p 3000            | next dev
          node /app/node_modules/.bin/next build                  |
          node --inspect /app/node_modules/vite/bin/vite.js       | vite
          node /app/node_modules/.bin/webpack-dev-server          | webpack
          python -u -m uvicorn app:app --reload                   | uvicorn
          vim vite.config.ts                                      |
          grep -r uvicorn .                                       |
          node /app/node_modules/.bin/vitest                      |
          /usr/bin/python3 -c pass uvicorn                        |
          """)
  void onlyWhatIsRunCounts(String command, String expected) {
    assertThat(ProgramName.match(List.of(command.split(" ", -1)), NAMES).orElse(null))
        .isEqualTo(expected);
  }

  @Test
  void aTitleOfItsOwnIsRecognised() {
    assertThat(ProgramName.match(List.of("next-server (v14.2.3)"), NAMES)).contains("next dev");
    assertThat(ProgramName.match(List.of(), NAMES)).isEmpty();
  }

  /// A server that has nothing to do with this test's process, as users' servers have not.
  private static final String SERVER =
      """
      import os, socket, sys
      server = socket.create_server(("127.0.0.1", 0))
      if os.fork() == 0:
          import signal
          signal.pause()
      print(os.getpid(), server.getsockname()[1], flush=True)
      os.close(1)
      os.wait()
      """;

  @Test
  void aServerIsFoundWithItsPortAndStopped(@TempDir Path folder) throws IOException {
    String name = "modelserver" + ProcessHandle.current().pid();
    Path script = Files.writeString(folder.resolve(name), SERVER);
    Process shell =
        new ProcessBuilder("sh", "-c", "(setsid python3 " + script + " &); exec sleep 600").start();
    List<String> said;
    try (BufferedReader out = shell.inputReader()) {
      said = List.of(out.readLine().split(" ", -1));
    }
    long pid = Long.parseLong(said.getFirst());
    var competitors = new Competitors(Path.of("/proc"));
    try {
      Competitor found = competitors.find(List.of(name)).getFirst();
      assertThat(found.key().pid()).isEqualTo(pid);
      assertThat(found.tree()).hasSize(2);
      assertThat(found.ports()).containsExactly(Integer.parseInt(said.get(1)));
      assertThat(found.sameUser()).isTrue();
      assertThat(found.words()).contains("(pid " + pid + ", port " + said.get(1) + ")");

      assertThat(new Preflight(new ProcessTable(Path.of("/proc"))).stop(List.of(found)))
          .containsExactly("stopped " + found.words());
      assertThat(competitors.find(List.of(name))).isEmpty();
    } finally {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    }
  }

  @Test
  void otherUsersAndRefusalsAreSaid() {
    var key = new ProcessKey(1L << 40, 1);
    var other = new Competitor("ollama", key, Set.of(key), "ollama serve", List.of(11434), false);
    assertThat(new Preflight(new ProcessTable(Path.of("/proc"))).stop(List.of(other)))
        .singleElement()
        .asString()
        .endsWith("alone: it belongs to another user");
    assertThatThrownBy(() -> Preflight.refuse(List.of(other)))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.exitCode()).isEqualTo(ExitCode.PREFLIGHT));
    Preflight.refuse(List.of());
  }

  @Test
  void whatARunOfPlimsollStartedIsNoCompetitor(@TempDir Path proc) throws IOException {
    process(proc, 50, "PATH=/bin\0");
    assertThat(new Competitors(proc).find(NAMES)).hasSize(1);
    process(proc, 50, "PATH=/bin\0_PLIMSOLL_RUN=7\0");
    assertThat(new Competitors(proc).find(NAMES)).isEmpty();
  }

  private static void process(Path proc, long pid, String environment) throws IOException {
    Path folder = Files.createDirectories(proc.resolve("" + pid));
    String tail = " 0".repeat(18) + " 9";
    Files.writeString(folder.resolve("stat"), pid + " (ollama) S 1" + tail + " 0 0");
    Files.writeString(folder.resolve("cmdline"), "ollama\0serve\0");
    Files.writeString(folder.resolve("environ"), environment);
  }
}
