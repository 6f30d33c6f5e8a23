package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;

/// On suites that we did not write, every test ends as it does under plain serial pytest.
/// `bench/compare` does the same on more of them and with pytest-xdist.
class OutcomesIT {
  private static final Map<String, Map<String, String>> SERIAL = new ConcurrentHashMap<>();

  @TempDir private Path root;

  @ParameterizedTest(name = "{0}, {1} with {2} workers")
  @CsvSource({
    "networkx.classes.tests, fork, 1",
    "networkx.classes.tests, fork, 2",
    "networkx.classes.tests, fork, 4",
    "networkx.classes.tests, spawn, 2",
    "networkx.classes.tests, xdist, 2",
    "numpy.lib.tests.test_function_base, fork, 2",
    "numpy.lib.tests.test_function_base, spawn, 4",
    "sympy.core.tests.test_basic, fork, 4",
  })
  void areThoseOfSerialPytest(String suite, String engine, int workers) throws Exception {
    Files.createDirectories(root.resolve(".git"));
    String library = suite.substring(0, suite.indexOf('.'));
    boolean xdist = engine.equals("xdist");
    String python = xdist ? TestingPythons.withXdist() : "python3";
    assumeTrue(
        TestingPythons.succeeds(python, "-c", "import " + library), library + " is not installed");
    Map<String, String> serial = SERIAL.get(suite);
    if (serial == null) {
      pytest("-m", "pytest", "-q", "--junitxml=serial.xml", "--pyargs", suite);
      serial = outcomes(root.resolve("serial.xml"));
      SERIAL.put(suite, serial);
    }
    assertThat(serial).hasSizeGreaterThan(20);
    ProgramRun.of(
        root,
        xdist ? Map.of("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "") : Map.of(),
        "run",
        "--python",
        python,
        "--engine",
        engine,
        "-n",
        "" + workers,
        "-q",
        "--",
        "--junitxml=ours.xml",
        "--pyargs",
        suite);
    assertThat(outcomes(root.resolve("ours.xml"))).isEqualTo(serial);
  }

  private void pytest(String... args) throws Exception {
    var command = new ArrayList<>(List.of("python3"));
    command.addAll(List.of(args));
    new ProcessBuilder(command)
        .directory(root.toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /// Outcome of each test in a report that pytest wrote: `passed`, or the names of the elements
  /// that say otherwise.
  private static Map<String, String> outcomes(Path report) throws Exception {
    var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
    var cases = document.getElementsByTagName("testcase");
    var outcomes = new TreeMap<String, String>();
    for (int i = 0; i < cases.getLength(); i++) {
      if (cases.item(i) instanceof Element test) {
        var words = new ArrayList<String>();
        for (String tag : List.of("failure", "error", "skipped")) {
          if (test.getElementsByTagName(tag).getLength() > 0) {
            words.add(tag);
          }
        }
        String id = test.getAttribute("classname") + "::" + test.getAttribute("name");
        outcomes.merge(
            id, words.isEmpty() ? "passed" : String.join("+", words), (a, b) -> a + " and " + b);
      }
    }
    return outcomes;
  }
}
