package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// Small suites that do what the runner must not depend on. Each ends as under plain serial pytest:
/// the outcome of every test in pytest's JUnit file and in Plimsoll's, the length of the captured
/// output, the files it leaves, and the exit code.
class VerdictIT {
  private static final Path SUITES = Path.of("src/test/resources/verdict");

  /// What pytest puts around captured output.
  private static final int HEADINGS = 1_000;

  private static final Map<Case, Ended> SERIAL = new ConcurrentHashMap<>();

  @TempDir private Path root;

  /// @param suite folder of the suite
  /// @param environment variables of the run
  /// @param args arguments for pytest
  record Case(String suite, int workers, Map<String, String> environment, List<String> args) {
    static Case of(String suite, int workers) {
      return new Case(suite, workers, Map.of(), List.of());
    }

    static Case of(String suite, Map<String, String> environment, String... args) {
      return new Case(suite, 1, environment, List.of(args));
    }

    @Override
    public String toString() {
      return suite + environment.values() + args;
    }
  }

  /// How a run ended.
  record Ended(int exitCode, Map<String, String> outcomes, int longestOutput, List<String> files) {}

  static Stream<Arguments> cases() {
    return Stream.of(
            Case.of("exit_status", Map.of("WANTED_STATUS", "0")),
            Case.of("exit_status", Map.of("WANTED_STATUS", "7")),
            Case.of("exit_status", Map.of("WANTED_STATUS", "0"), "-k", "nothing"),
            Case.of("patched_primitives", 1),
            Case.of("big_output", 1),
            Case.of("gc_visible", 1),
            Case.of("gc_in_summary", 2),
            Case.of("thread_at_end", 1),
            Case.of("no_report", 1),
            Case.of("worker_count", 4))
        .flatMap(one -> Stream.of(Arguments.of(one, "auto"), Arguments.of(one, "spawn")));
  }

  @ParameterizedTest(name = "{0}, engine {1}")
  @MethodSource("cases")
  void isThatOfSerialPytest(Case one, String engine) throws Exception {
    Ended serial = SERIAL.get(one);
    if (serial == null) {
      serial = serial(one);
      SERIAL.put(one, serial);
    }
    Path folder = copy(one, "parallel");
    var command = new ArrayList<>(List.of("run", "--workers", "" + one.workers()));
    if (!engine.equals("auto")) {
      command.addAll(List.of("--engine", engine));
    }
    command.addAll(List.of("--junit", root.resolve("own.xml").toString(), "--"));
    command.addAll(arguments(one, "pytests.xml"));
    var run =
        ProgramRun.of(folder, environment(one, "parallel-files"), command.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(serial.exitCode());
    assertThat(outcomes(root.resolve("pytests.xml"))).isEqualTo(serial.outcomes());
    assertThat(outcomes(root.resolve("own.xml"))).isEqualTo(serial.outcomes());
    assertThat(longestOutput(root.resolve("pytests.xml")))
        .isGreaterThan(serial.longestOutput() - HEADINGS);
    assertThat(files("parallel-files")).isEqualTo(serial.files());
  }

  private Ended serial(Case one) throws Exception {
    Path folder = copy(one, "serial");
    var command = new ArrayList<>(List.of("python3", "-m", "pytest", "-q"));
    command.addAll(arguments(one, "serial.xml"));
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment(one, "serial-files"));
    if (one.suite().equals("worker_count")) {
      builder.environment().put("PYTEST_XDIST_WORKER_COUNT", "" + one.workers());
    }
    File output = root.resolve("serial.txt").toFile();
    int status = builder.redirectErrorStream(true).redirectOutput(output).start().waitFor();
    Path junit = root.resolve("serial.xml");
    return new Ended(status, outcomes(junit), longestOutput(junit), files("serial-files"));
  }

  private Path copy(Case one, String name) throws IOException {
    Path from = SUITES.resolve(one.suite());
    Path folder = Files.createDirectories(root.resolve(name));
    Files.createDirectories(root.resolve(name + "-files"));
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Files.writeString(folder.resolve("plimsoll.toml"), "[groups]\norder = [\"all\"]\n");
    return folder;
  }

  private List<String> arguments(Case one, String junit) {
    var args =
        new ArrayList<>(List.of("--junitxml=" + root.resolve(junit), "-p", "no:cacheprovider"));
    args.addAll(List.of("-o", "junit_logging=all"));
    args.addAll(one.args());
    return args;
  }

  private Map<String, String> environment(Case one, String files) {
    var environment = new HashMap<>(one.environment());
    environment.put("LEFT", root.resolve(files).toString());
    return environment;
  }

  private List<String> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /// The outcome of each test: `passed`, or the name of the element that says otherwise.
  private static Map<String, String> outcomes(Path junit) throws Exception {
    var outcomes = new TreeMap<String, String>();
    NodeList tests = elements(junit, "testcase");
    for (int i = 0; i < tests.getLength(); i++) {
      Element test = (Element) tests.item(i);
      String outcome =
          Stream.of("failure", "error", "skipped")
              .filter(tag -> test.getElementsByTagName(tag).getLength() > 0)
              .findFirst()
              .orElse("passed");
      outcomes.put(test.getAttribute("classname") + "::" + test.getAttribute("name"), outcome);
    }
    return outcomes;
  }

  private static int longestOutput(Path junit) throws Exception {
    int longest = 0;
    NodeList outputs = elements(junit, "system-out");
    for (int i = 0; i < outputs.getLength(); i++) {
      longest = Math.max(longest, outputs.item(i).getTextContent().length());
    }
    return longest;
  }

  private static NodeList elements(Path junit, String tag) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(junit.toFile())
        .getElementsByTagName(tag);
  }
}
