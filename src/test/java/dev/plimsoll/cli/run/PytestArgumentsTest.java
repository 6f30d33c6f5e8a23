package dev.plimsoll.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PytestArgumentsTest {
  private static String sorted(String line) {
    List<String> words = line.isEmpty() ? List.of() : List.of(line.split(" "));
    return String.join(" ", PytestArguments.sorted(new RunCommand().described(), words));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"--maxfial 1, --maxfail", "--durration=3, --durations", "--colour=no, --color"})
  void aMisspelledOptionOfPytestIsNamed(String line, String near) {
    assertThatThrownBy(() -> sorted(line))
        .isInstanceOfSatisfying(
            UserError.class,
            error -> {
              assertThat(error.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(error.hint()).contains("`" + near + "`");
            });
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                  | ''
          tests/api test_a.py::test_b[1-x]    | -- tests/api test_a.py::test_b[1-x]
          -x --maxfail=2 --lf --ff            | -- -x --maxfail=2 --lf --ff
          -v -s --tb short -p no:cov -o a=b   | -- -v -s --tb short -p no:cov -o a=b
          --co --junitxml out.xml --cov       | -- --co --junitxml out.xml --cov
          --cov src tests --cov-report=xml    | -- --cov src tests --cov-report=xml
          -xvs                                | -- -x -v -s
          -vv                                 | -- -v -v
          -rA -Werror -pno:cov -ra            | -- -rA -Werror -pno:cov -ra
          -xvrA                               | -- -x -v -rA
          -xvk cart                           | -k cart -- -x -v
          -xkcart -mslow                      | -kcart -mslow -- -x
          -k not\u00a0slow -x                 | -k not\u00a0slow -- -x
          -xn4 tests                          | --workers 4 -- -x tests
          -n auto                             | --workers auto
          -n=3                                | --workers 3
          -n logical                          | --workers auto
          --numprocesses=3                    | --workers 3
          --numprocesses 3 -d                 | --workers 3 -- -d
          --workers=3 --dist loadfile         | --workers 3 -- --dist loadfile
          -qx                                 | -q -- -x
          -qq                                 | -q
          --group heavy -C dir --memory=1g -x | --group heavy -C dir --memory=1g -- -x
          --timeout 60s tests                 | --timeout 60s -- tests
          --group -x                          | --group -x
          -x -- --runslow -x --group          | -- -x --runslow -x --group
          --memory 1g -- --runslow            | --memory 1g -- --runslow
          --memroy=1g tests                   | --memroy=1g -- tests
          -xZ                                 | -xZ
          -q -- -v                            | -q -- -v
          """)
  void sortsTheWords(String line, String expected) {
    assertThat(sorted(line)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -n 2 --workers 4            | `-n 2`             | `--workers 4`
          -n2 -n=auto                 | `-n2`              | `-n=auto`
          --workers=2 -x -n 2         | `--workers=2`      | `-n 2`
          --numprocesses=2 -n 3       | `--numprocesses=2` | `-n 3`
          --workers 4 -- -n 2         | `--workers 4`      | `-- -n 2`
          -n 4 -- --numprocesses=auto | `-n 4`             | `-- --numprocesses=auto`
          -q -v                       | `-q`               | `-v`
          --quiet --verbosity=1       | `--quiet`          | `--verbosity=1`
          -vq                         | `-q`               | `-v`
          """)
  void namesBothOfAConflict(String line, String first, String second) {
    assertThatThrownBy(() -> sorted(line))
        .isInstanceOfSatisfying(
            UserError.class,
            error -> {
              assertThat(error.what())
                  .isEqualTo(first + " and " + second + " contradict each other");
              assertThat(error.exitCode()).isEqualTo(ExitCode.USAGE);
            });
  }

  /// Those of the pytest of this machine, whichever its version is.
  @Test
  void knowsEveryOptionOfPytest() throws IOException, InterruptedException {
    var builder = new ProcessBuilder("python3", "-m", "pytest", "--help").redirectErrorStream(true);
    builder
        .environment()
        .put("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1"); // those of plugins go after `--`
    Process pytest = builder.start();
    String help = new String(pytest.getInputStream().readAllBytes(), UTF_8);
    assertThat(pytest.waitFor()).as(help).isZero();
    String options = help.substring(0, help.indexOf("\n[pytest] "));
    var names = new TreeSet<String>();
    for (var line :
        Pattern.compile("(?m)^  (-\\S.*?)(?:  |$)").matcher(options).results().toList()) {
      Pattern.compile("(?<![^ ,])--?[a-zA-Z][-\\w]*")
          .matcher(line.group(1))
          .results()
          .forEach(name -> names.add(name.group()));
    }
    assertThat(names).contains("-x", "--lf", "--junit-xml", "--tb");
    assertThat(names.stream().filter(name -> !isSorted(name))).isEmpty();
  }

  private static boolean isSorted(String name) {
    var command = new RunCommand().described();
    return command.optionsMap().containsKey(name)
        || PytestArguments.sorted(command, List.of(name)).contains("--");
  }
}
