package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which test files pytest imports: those that can hold a selected test. Each notes its import.
class SelectionImportIT {
  @TempDir private Path root;

  @BeforeEach
  void project() throws Exception {
    for (String name : Set.of("bulk", "load", "cart", "price", "new")) {
      write(
          "tests/test_%s.py".formatted(name),
          """
          from pathlib import Path
          with open("imported", "a") as notes:
              notes.write("%1$s ")
          def test_%1$s(): assert not Path("red-%1$s").exists()
          def test_other(): pass
          """
              .formatted(name));
    }
    write("config/pytest-groups/heavy.txt", "tests/test_bulk.py\ntests/test_load.py\n");
    write("config/pytest-groups/light.txt", "tests/test_cart.py\ntests/test_price.py\n");
    write("plimsoll.toml", "[stages.prices]\npytest = [\"tests/test_price.py\"]\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fork", "spawn"})
  void groups(String engine) throws Exception {
    assertThat(imports("--engine", engine, "--group", "light"))
        .containsOnly("cart", "price", "new");
    assertThat(imports("--engine", engine)).hasSize(5);
  }

  @Test
  void groupsOfPytestXdist() throws Exception {
    assertThat(
            imports(
                "--python", TestingPythons.withXdist(), "--engine", "xdist", "--group", "heavy"))
        .containsOnly("bulk", "load");
  }

  @Test
  void groupsInFolders() throws Exception {
    assertThat(imports("--group", "heavy", "tests")).containsOnly("bulk", "load", "new");
  }

  @Test
  void pathsAndNodeIds() throws Exception {
    assertThat(imports("tests/test_load.py")).containsOnly("load");
    assertThat(imports("tests/test_load.py::test_other")).containsOnly("load");
  }

  @Test
  void stages() throws Exception {
    assertThat(imports("--stage", "prices")).containsOnly("price");
  }

  @Test
  void lastFailed() throws Exception {
    write("red-price", "");
    assertThat(imports("--", "--lf")).as("nothing failed yet").hasSize(5);
    assertThat(imports("--", "--lf")).containsOnly("price");
    assertThat(imports("--group", "light", "--", "--lf")).containsOnly("price");
    ProgramRun heavy = ProgramRun.of(root, "run", "--group", "heavy", "--", "--lf");
    assertThat(heavy.exitCode()).as("no heavy test failed: " + heavy.out()).isEqualTo(5);
  }

  /// It may make tests of one file from what is in another.
  @Test
  void aPluginThatCollectsFilesItselfSeesAll() throws Exception {
    write("conftest.py", "def pytest_collect_file(file_path, parent): return None\n");
    assertThat(imports("--group", "heavy")).hasSize(5);
  }

  /// A new file runs before anybody lists it, and the summary says so in one line.
  @Test
  void filesInNoList() throws Exception {
    String line =
        "unlisted  1 test file is in no group list and ran in light: tests/test_new.py;"
            + " `plimsoll groups sync` adds it\n";
    ProgramRun all = ProgramRun.of(root, "run");
    assertThat(all.err() + all.out()).containsOnlyOnce(line).contains("10 passed");
    ProgramRun heavy = ProgramRun.of(root, "run", "--group", "heavy");
    assertThat(heavy.err() + heavy.out()).doesNotContain("unlisted").contains("4 passed");
  }

  private Set<String> imports(String... arguments) throws Exception {
    Files.deleteIfExists(root.resolve("imported"));
    var all = new String[arguments.length + 1];
    all[0] = "run";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    ProgramRun run = ProgramRun.of(root, Map.of("PYTEST_DISABLE_PLUGIN_AUTOLOAD", ""), all);
    assertThat(run.exitCode()).as(run.out() + run.err()).isIn(0, 1);
    return new TreeSet<>(List.of(Files.readString(root.resolve("imported")).trim().split(" ")));
  }

  private void write(String name, String text) throws Exception {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
