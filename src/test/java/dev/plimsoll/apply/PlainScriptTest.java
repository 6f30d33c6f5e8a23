package dev.plimsoll.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script in the real `sh`, with a program in place of Python that prints what it was given.
class PlainScriptTest {
  private static final String PYTHON =
      """
      #!/bin/sh
      for argument; do printf '<%s>' "$argument"; done; echo
      case "$*" in *"-n 1 "*) exit 1 ;; *"-n 2 "*) exit 5 ;; esac
      """;

  @TempDir private Path root;

  @BeforeEach
  void project() throws IOException {
    write("python", PYTHON);
    Files.setPosixFilePermissions(
        root.resolve("python"), PosixFilePermissions.fromString("rwx------"));
    for (String file : List.of("a b.py", "c.py", "d.py")) {
      write("tests/" + file, "");
    }
    write("config/lists/heavy.txt", "tests/c.py");
    write("config/lists/long.txt", "tests/d.py\n");
    write(
        "config/lists/light.txt",
        "\ufeff# head\n\n  tests/a b.py  # note\r\ntests/gone.py\n./tests/d.py\t# x");
    String body =
        PlainScript.body(
            List.of(
                new PlainScript.Group("heavy", 1, ""),
                new PlainScript.Group("long", 2, "a note"),
                new PlainScript.Group("light", 6, "")),
            "config/lists");
    write("config/lists/run.sh", PlainScript.FIRST_LINE + body);
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  private record Ran(int status, String text) {}

  private Ran run(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("sh", root.resolve("config/lists/run.sh").toString()));
    command.addAll(List.of(arguments));
    Path out = root.resolve("out");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PYTHON", root.resolve("python").toString());
    int status = builder.redirectOutput(out.toFile()).start().waitFor();
    return new Ran(status, Files.readString(out));
  }

  @Test
  void everyGroupWithItsNumberAndTheFirstFailureCounts() throws Exception {
    assertThat(run())
        .isEqualTo(
            new Ran(
                1,
                """
                == heavy: pytest -n 1
                <-m><pytest><-n><1><tests/c.py>
                == long: pytest -n 2
                <-m><pytest><-n><2><tests/d.py>
                == light: pytest -n 6
                <-m><pytest><-n><6><tests/a b.py><./tests/d.py>
                """));
  }

  @Test
  void oneGroupWithArgumentsOfPytest() throws Exception {
    assertThat(run("long", "--", "-k", "x y"))
        .isEqualTo(new Ran(0, "== long: pytest -n 2\n<-m><pytest><-n><2><-k><x y><tests/d.py>\n"));
    assertThat(run("lihgt").status()).isEqualTo(4);
    Files.delete(root.resolve("config/lists/light.txt"));
    assertThat(run("light")).isEqualTo(new Ran(4, "config/lists/light.txt is missing\n"));
  }
}
