package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `plimsoll run --group`: pytest imports no file that a list puts into another group.
class GroupImportIT {
  @TempDir private Path root;

  @ParameterizedTest
  @ValueSource(strings = {"fork", "spawn"})
  void filesOfOtherGroupsAreNotImported(String engine) throws Exception {
    write("test_here.py", "def test_here(): pass\n");
    write("test_new.py", "def test_new(): pass\n");
    write("test_elsewhere.py", "open('imported', 'w').close()\ndef test_there(): pass\n");
    write("config/pytest-groups/heavy.txt", "test_elsewhere.py\n");
    write("config/pytest-groups/light.txt", "test_here.py\n");

    ProgramRun light = run("--group", "light", "--engine", engine);
    assertThat(light.exitCode()).as(light.err()).isZero();
    assertThat(light.out()).contains("PASSED: 2 passed");
    assertThat(root.resolve("imported")).doesNotExist();

    ProgramRun all = run("--engine", engine);
    assertThat(all.out()).contains("PASSED: 3 passed");
    assertThat(root.resolve("imported")).exists();
  }

  private ProgramRun run(String... arguments) throws Exception {
    var all = new String[arguments.length + 1];
    all[0] = "run";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return ProgramRun.of(root, all);
  }

  private void write(String name, String text) throws Exception {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
