package dev.plimsoll.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.cli.ProgramRun;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The completion scripts in the real shells, and the man pages in the real groff.
class CompletionIT {
  @TempDir private Path root;
  private Path bin = Path.of("");

  /// A project with stages and a recorded run, and a `plimsoll` that writes down what it is asked
  /// to run when a shell runs it.
  @BeforeEach
  void project() throws Exception {
    Files.createDirectories(root.resolve(".git"));
    Files.writeString(
        root.resolve("plimsoll.toml"),
        "[stages.smoke]\ncommand = \"true\"\n[stages.browser]\ncommand = \"true\"\n");
    bin = Files.createDirectories(root.resolve("bin"));
    Path program = bin.resolve("plimsoll");
    String command =
        ProgramRun.command().stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" "));
    Files.writeString(
        program,
        "#!/bin/sh\ncase \"$1\" in complete|completion|generate|run) exec "
            + command
            + " \"$@\";; esac\nprintf '<%s>' \"$@\" > "
            + root.resolve("asked")
            + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  private String shell(String... command) throws Exception {
    Path out = Files.createTempFile("shell", ".out");
    var builder = new ProcessBuilder(command).directory(root.toFile());
    builder.environment().put("PATH", bin + ":" + builder.environment().get("PATH"));
    builder.environment().put("HOME", root.toString());
    builder.redirectErrorStream(true).redirectOutput(out.toFile());
    builder.redirectInput(new File("/dev/null"));
    builder.start().waitFor();
    String text = Files.readString(out);
    Files.delete(out);
    return text;
  }

  private static void needs(String program) {
    boolean there =
        List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    assumeTrue(there, program + " is not installed");
  }

  private List<String> bash(String line) throws Exception {
    String script =
        "eval \"$(plimsoll completion bash)\"; COMP_LINE='"
            + line
            + "'; COMP_POINT=${#COMP_LINE}; _plimsoll; printf '%s\\n' \"${COMPREPLY[@]}\"";
    return shell("bash", "--norc", "-c", script).lines().toList();
  }

  @Test
  void bashCompletesCommandsOptionsAndValues() throws Exception {
    Files.writeString(root.resolve("test_a.py"), "def test_one(): pass\ndef test_two(): pass\n");
    shell(bin.resolve("plimsoll").toString(), "run", "--python", "python3", "test_a.py");

    assertThat(bash("plimsoll hist")).contains("history").doesNotContain("complete");
    assertThat(bash("plimsoll co")).contains("completion", "config").doesNotContain("complete");
    assertThat(bash("plimsoll run --trace")).containsOnlyOnce("--trace-file");
    assertThat(bash("plimsoll run --group ")).contains("heavy", "long", "light");
    assertThat(bash("plimsoll run --stage sm")).contains("smoke");
    assertThat(bash("plimsoll run --engine s")).contains("spawn");
    assertThat(bash("plimsoll run --engine=s")).contains("spawn");
    assertThat(bash("plimsoll history fl")).contains("flaky");
    // What follows the last colon is replaced.
    assertThat(bash("plimsoll run test_a.py::test_t")).containsExactly("test_two");
    assertThat(bash("plimsoll run test_")).contains("test_a.py");
    String run = bash("plimsoll history show ").getFirst();
    assertThat(run).isNotBlank();
    assertThat(bash("plimsoll history show " + run.substring(0, 4)).toString())
        .contains(run.substring(run.lastIndexOf(':') + 1));
  }

  @Test
  void fishCompletesTheSame() throws Exception {
    needs("fish");
    String line =
        "plimsoll completion fish | source; complete -C 'plimsoll run --stage ';"
            + " complete -C 'plimsoll hist'";
    assertThat(shell("fish", "--no-config", "-c", line).lines().toList())
        .contains("smoke", "browser", "history");
  }

  @Test
  void zshCompletesTheSame() throws Exception {
    needs("zsh");
    String inner =
        "autoload -U compinit; compinit -u -d "
            + root.resolve("dump")
            + "; eval \"$(plimsoll completion zsh)\"";
    Path script = root.resolve("type.zsh");
    Files.writeString(
        script,
        "zmodload zsh/zpty zsh/zselect\n"
            + "zpty -b shell zsh -f -i\n"
            + "zpty -w shell '"
            + inner
            + "; touch "
            + root.resolve("ready")
            + "'\n"
            + "until [[ -e ready ]]; do zpty -r -t shell out; zselect -t 5; done\n"
            + "zpty -w -n shell $'plimsoll histo\\tsho\\t--js\\t\\n'\n"
            + "until [[ -e asked ]]; do zpty -r -t shell out; zselect -t 5;"
            + " (( ++turns > 1000 )) && break; done\n");
    shell("zsh", "-f", script.toString());
    assertThat(root.resolve("asked")).hasContent("<history><show><--json>");
  }

  @Test
  void theManPagesAreValidAndHaveTheOptions() throws Exception {
    needs("groff");
    shell(bin.resolve("plimsoll").toString(), "generate", "out");
    var pages = new ArrayList<Path>();
    try (var files = Files.newDirectoryStream(root.resolve("out/man1"))) {
      files.forEach(pages::add);
    }
    assertThat(pages)
        .extracting(page -> page.getFileName().toString())
        .contains("plimsoll.1", "plimsoll-run.1", "plimsoll-history-flaky.1")
        .doesNotContain("plimsoll-complete.1", "plimsoll-generate.1");
    for (Path page : pages) {
      assertThat(shell("groff", "-man", "-Tutf8", "-ww", "-z", page.toString())).isEmpty();
    }
    String run =
        shell(
            "groff",
            "-man",
            "-Tascii",
            "-P-cbou",
            root.resolve("out/man1/plimsoll-run.1").toString());
    assertThat(run)
        .contains("--retries N")
        .contains("NAME")
        .contains("plimsoll-run - Run the tests");
    assertThat(root.resolve("out/completions/zsh/_plimsoll")).content().startsWith("#compdef");
  }
}
