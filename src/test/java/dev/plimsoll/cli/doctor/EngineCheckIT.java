package dev.plimsoll.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.cli.TestingCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `doctor --engine` in real projects.
class EngineCheckIT {
  @TempDir private Path root;

  @BeforeEach
  void project() throws IOException {
    Files.createDirectories(root.resolve(".git"));
    write("test_one.py", "def test_one(): pass\n");
  }

  private void write(String path, String text) throws IOException {
    Files.writeString(root.resolve(path), text);
  }

  private TestingCli doctor(String... options) {
    var args = new java.util.ArrayList<Object>(java.util.List.of("doctor", "--engine", "-C", root));
    args.addAll(java.util.List.of("--python", "python3"));
    args.addAll(java.util.List.of(options));
    return TestingCli.run(args.toArray());
  }

  @Test
  void saysWhichEngineAndWhy() throws IOException {
    write("pytest.ini", "[pytest]\naddopts = -n 4 --dist loadfile -p no:xdist\n");
    assertThat(doctor().out())
        .contains("ok       fork (the default): 1 test collected once")
        .contains("ignored `-n 4` of pytest")
        .contains("`--dist loadfile`: the tests of a file stay on one worker");

    write("plimsoll.toml", "engine = \"spawn\"\n");
    assertThat(doctor().out())
        .contains("spawn (set by plimsoll.toml:1)", "`fork` would be safe here");

    Files.delete(root.resolve("plimsoll.toml"));
    write(
        "conftest.py",
        """
        import threading
        threading.Thread(target=threading.Event().wait, name='heartbeat', daemon=True).start()
        """);
    assertThat(doctor().out()).contains("note     spawn instead of fork", "'heartbeat'", "hint: ");
  }

  @Test
  void saysWhatIsWrongWithTheCollection() throws IOException {
    write("test_broken.py", "import not_there\n");
    assertThat(doctor().out()).contains("warning  1 error during collection");
    write("conftest.py", "def (\n");
    assertThat(doctor("--json").out()).contains("pytest could not collect the project");
  }
}
