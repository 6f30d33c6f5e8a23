package dev.plimsoll.engine.pytest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonFinderTest {
  @TempDir private Path folder;

  private Path executable(String path) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, "");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Installation own = Installation.NONE;

  private PythonFinder finder(String... variables) {
    var environment = new HashMap<String, String>();
    environment.put("PATH", folder.resolve("path").toString());
    environment.put("HOME", folder.toString());
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return new PythonFinder(environment, own);
  }

  private ChosenPython find(PythonFinder finder, String current) throws IOException {
    Path root = Files.createDirectories(folder.resolve("project"));
    return finder.find(Files.createDirectories(root.resolve(current)), root);
  }

  @Test
  void anActiveEnvironmentComesFirst() throws IOException {
    Path active = executable("active/bin/python");
    executable("project/.venv/bin/python");
    ChosenPython python = find(finder("VIRTUAL_ENV", folder.resolve("active").toString()), "tests");
    assertThat(python.executable()).isEqualTo(active);
    assertThat(python.reason()).isEqualTo("$VIRTUAL_ENV");
    assertThat(python.words()).isEqualTo("python: $VIRTUAL_ENV: " + active);
  }

  @Test
  void aChoiceThatIsNotObviousHasWords() throws IOException {
    Path plain = executable("path/python3");
    assertThat(find(finder(), "tests").words()).isEmpty();
    assertThat(finder().named("python3", "--python", folder).words()).isEmpty();
    assertThat(find(finder("VIRTUAL_ENV", "/none"), "tests").words())
        .isEqualTo(
            "python: $VIRTUAL_ENV: /none, which is not there; python3 on the PATH: " + plain);
  }

  private Path installed(String prefix, String... packages) throws IOException {
    Path python = executable(prefix + "/bin/python");
    for (String name : packages) {
      Files.createDirectories(folder.resolve(prefix + "/lib/python3.12/site-packages/" + name));
    }
    own = new Installation(folder.resolve(prefix).toString());
    return python;
  }

  @Test
  void theVirtualEnvironmentOfThisPlimsollComesFirstWhenItHasPytest() throws IOException {
    Path python = installed("env", "pytest_plimsoll", "pytest");
    Files.writeString(folder.resolve("env/pyvenv.cfg"), "home = /usr/bin\n");
    executable("active/bin/python");
    executable("project/.venv/bin/python");
    ChosenPython found = find(finder("VIRTUAL_ENV", folder.resolve("active").toString()), "");
    assertThat(found.executable()).isEqualTo(python);
    assertThat(found.reason()).isEqualTo("the environment of this plimsoll");
  }

  @Test
  void anEnvironmentOfThisPlimsollThatSeesTheSystemsPackagesCounts() throws IOException {
    Path python = installed("env", "pytest_plimsoll");
    Files.writeString(folder.resolve("env/pyvenv.cfg"), "include-system-site-packages = true\n");
    executable("path/python3");
    assertThat(find(finder(), "").executable()).isEqualTo(python);
  }

  @Test
  void anEnvironmentMadeForThisPlimsollAloneIsNotTheProjects() throws IOException {
    installed("tools/pytest-plimsoll", "pytest_plimsoll");
    Files.writeString(folder.resolve("tools/pytest-plimsoll/pyvenv.cfg"), "home = /usr/bin\n");
    Path onPath = executable("path/python3");
    assertThat(find(finder(), "").executable()).isEqualTo(onPath);
  }

  @Test
  void anotherPythonOfThisPlimsollComesAfterTheProjectsAndBeforeThePath() throws IOException {
    Path python = installed("versions/3.12", "pytest_plimsoll", "pytest");
    executable("path/python3");
    assertThat(find(finder(), "").executable()).isEqualTo(python);
    Path project = executable("project/.venv/bin/python");
    assertThat(find(finder(), "").executable()).isEqualTo(project);
  }

  @Test
  void thenTheProjectsOwnFromTheCurrentFolderUpward() throws IOException {
    executable("path/python3");
    Path outer = executable("project/.venv/bin/python");
    assertThat(find(finder(), "a/b").executable()).isEqualTo(outer);
    Path inner = executable("project/a/venv/bin/python3");
    assertThat(find(finder(), "a/b").executable()).isEqualTo(inner);
  }

  @Test
  void nothingAboveTheProjectCounts() throws IOException {
    executable(".venv/bin/python");
    Path onPath = executable("path/python3");
    assertThat(find(finder(), "").executable()).isEqualTo(onPath);
  }

  @Test
  void aBrokenEnvironmentIsPassedOverAndTold() throws IOException {
    Path onPath = executable("path/python3");
    Path bin = Files.createDirectories(folder.resolve("project/.venv/bin"));
    Files.createSymbolicLink(bin.resolve("python"), folder.resolve("gone"));
    ChosenPython python = find(finder("VIRTUAL_ENV", folder.resolve("deleted").toString()), "");
    assertThat(python.executable()).isEqualTo(onPath);
    assertThat(python.tried())
        .containsExactly(
            "$VIRTUAL_ENV: " + folder.resolve("deleted") + ", which is not there",
            ".venv of the project: " + bin.resolve("python") + ", which is not there",
            "python3 on the PATH: " + onPath);
  }

  @Test
  void uv() throws IOException {
    Path python = executable("elsewhere/bin/python");
    assertThat(
            find(finder("UV_PROJECT_ENVIRONMENT", folder.resolve("elsewhere").toString()), "")
                .executable())
        .isEqualTo(python);
  }

  @Test
  void poetryAsPoetryNamesIt() {
    // Computed with the Python expression that EnvManager.generate_env_name uses.
    assertThat(PoetryEnvironments.hash("/srv/shop")).isEqualTo("58fqC6Q1");
  }

  @Test
  void poetryKeepsItsEnvironmentsElsewhere() throws IOException {
    Path root = Files.createDirectories(folder.resolve("project")).toRealPath();
    Files.writeString(root.resolve("poetry.lock"), "");
    String name = "shop-" + PoetryEnvironments.hash(root.toString());
    String environments = ".cache/pypoetry/virtualenvs/";
    Path nine = executable(environments + name + "-py3.9/bin/python");
    Path eleven = executable(environments + name + "-py3.11/bin/python");
    executable(environments + "other-AAAAAAAA-py3.12/bin/python");
    assertThat(find(finder(), "").executable()).isEqualTo(eleven);
    Files.writeString(
        folder.resolve(environments + "envs.toml"),
        "[" + name + "]\nminor = \"3.9\"\npatch = \"3.9.18\"\n");
    assertThat(find(finder(), "").executable()).isEqualTo(nine);
  }

  @Test
  void namedByPathEnvironmentOrName() throws IOException {
    Path python = executable("project/env/bin/python");
    Path base = folder.resolve("project");
    assertThat(finder().named("env/bin/python", "--python", base).executable()).isEqualTo(python);
    assertThat(finder().named("env/", "--python", base).executable()).isEqualTo(python);
    assertThat(finder().named("env", "--python", base).executable()).isEqualTo(python);
    assertThat(finder().named("~/project/env", "--python", base).executable()).isEqualTo(python);
    Path onPath = executable("path/python3.12");
    assertThat(finder().named("python3.12", "--python", base).executable()).isEqualTo(onPath);
  }

  @Test
  void whatIsNotThere() {
    UserError named =
        catchThrowableOfType(
            UserError.class, () -> finder().named("no/such", "plimsoll.toml:2", folder));
    assertThat(named.exitCode()).isEqualTo(ExitCode.PYTHON);
    assertThat(named.why()).startsWith("plimsoll.toml:2 selects it");
    UserError none = catchThrowableOfType(UserError.class, () -> find(finder(), ""));
    assertThat(none.exitCode()).isEqualTo(ExitCode.PYTHON);
    assertThat(none.why()).contains("python3 on the PATH: python3, which is not there");
  }

  @Test
  void aLinkIsNotResolved() throws IOException {
    Path real = executable("real/python3");
    Path bin = Files.createDirectories(folder.resolve("project/.venv/bin"));
    Files.createSymbolicLink(bin.resolve("python"), real);
    assertThat(find(finder(), "").executable()).isEqualTo(bin.resolve("python"));
  }

  @Test
  void theEnvironmentIsCopied() {
    Map<String, String> variables = new HashMap<>(Map.of("PATH", "/nowhere"));
    var finder = new PythonFinder(variables, Installation.NONE);
    variables.put("PATH", "/usr/bin:/bin");
    assertThat(
            catchThrowableOfType(
                UserError.class, () -> finder.named("sh", "--python", Path.of("/"))))
        .isNotNull();
  }
}
