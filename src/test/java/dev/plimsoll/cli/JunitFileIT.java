package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;

/// The file of `--junit` holds what pytest's own `--junitxml` holds, field by field: that of the
/// same run with its times, and that of serial pytest without them.
class JunitFileIT {
  private static final Map<String, String> PLUGINS = Map.of("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "");
  private static final Path SUITE = Path.of("src/test/resources/verdict/junit");

  @TempDir private Path root;

  private String python = "python3";

  /// A test case with all that a reader of the file sees.
  record Case(Map<String, String> attributes, Set<String> properties, List<String> elements) {
    Case without(String attribute) {
      var rest = new TreeMap<>(attributes);
      rest.remove(attribute);
      return new Case(rest, properties, elements);
    }

    Case withoutOutput() {
      return new Case(
          attributes,
          properties,
          elements.stream().filter(one -> !one.startsWith("system-")).toList());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "auto, junit_logging=all junit_family=xunit1 junit_suite_name=ours",
    "spawn, junit_logging=system-out junit_duration_report=call",
    "auto, junit_logging=log junit_log_passing_tests=false junit_family=legacy",
    "xdist, junit_logging=out-err junit_suite_name=theirs",
    "auto, junit_logging=no"
  })
  void itIsThatOfPytest(String engine, String settings) throws Exception {
    python = engine.equals("xdist") ? TestingPythons.withXdist() : "python3";
    Document own = run(engine, settings.split(" "));
    Document pytests = parsed("pytests.xml");
    Document serial = serial(settings.split(" "));

    assertThat(cases(own)).containsExactlyInAnyOrderElementsOf(cases(pytests));
    assertThat(timeless(own)).containsExactlyInAnyOrderElementsOf(timeless(serial));
    for (String count : List.of("name", "tests", "failures", "errors", "skipped")) {
      assertThat(suite(own).getAttribute(count))
          .as(count)
          .isEqualTo(suite(serial).getAttribute(count));
    }
  }

  @Test
  void withoutASettingItHasTheOutputOfFailures() throws Exception {
    Document own = run("auto");
    List<Case> all = cases(own);
    assertThat(all.stream().map(Case::withoutOutput).toList())
        .containsExactlyInAnyOrderElementsOf(cases(parsed("pytests.xml")));
    Set<String> speaking = new HashSet<>();
    all.stream()
        .filter(one -> one.elements().stream().anyMatch(text -> text.contains("Captured Err")))
        .forEach(one -> speaking.add(one.attributes().getOrDefault("name", "")));
    assertThat(speaking)
        .containsExactlyInAnyOrder("test_fails", "test_setup", "test_teardown", "test_fails_twice");
  }

  private Document run(String engine, String... settings) throws Exception {
    Path folder = copy();
    var command = new ArrayList<>(List.of("run", "--workers", "2", "--engine", engine));
    command.addAll(List.of("--python", python, "--junit"));
    command.addAll(List.of(root.resolve("own.xml").toString(), "--"));
    command.addAll(arguments("pytests.xml", settings));
    var run = ProgramRun.of(folder, PLUGINS, command.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(1);
    return parsed("own.xml");
  }

  private Document serial(String... settings) throws Exception {
    var command = new ArrayList<>(List.of(python, "-m", "pytest", "-q"));
    command.addAll(arguments("serial.xml", settings));
    int status =
        new ProcessBuilder(command)
            .directory(root.resolve("suite").toFile())
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("serial.txt").toFile())
            .start()
            .waitFor();
    assertThat(status).isEqualTo(1);
    return parsed("serial.xml");
  }

  private Path copy() throws IOException {
    Path folder = Files.createDirectories(root.resolve("suite"));
    try (Stream<Path> files = Files.list(SUITE)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Files.writeString(folder.resolve("pytest.ini"), "[pytest]\n");
    Files.writeString(folder.resolve("plimsoll.toml"), "[groups]\norder = [\"all\"]\n");
    return folder;
  }

  private List<String> arguments(String junit, String... settings) {
    var arguments =
        new ArrayList<>(List.of("--junitxml=" + root.resolve(junit), "-p", "no:cacheprovider"));
    for (String setting : settings) {
      arguments.addAll(List.of("-o", setting));
    }
    return arguments;
  }

  private Document parsed(String name) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(root.resolve(name).toFile());
  }

  private static Element suite(Document document) {
    return (Element) document.getElementsByTagName("testsuite").item(0);
  }

  private static List<Case> timeless(Document document) {
    return cases(document).stream().map(one -> one.without("time")).toList();
  }

  /// The cases without the attribute and the properties that Plimsoll adds.
  private static List<Case> cases(Document document) {
    return elements(document.getElementsByTagName("testcase"))
        .map(JunitFileIT::read)
        .map(one -> one.attributes().containsKey("line") ? one : one.without("file"))
        .toList();
  }

  private static Case read(Element test) {
    Set<String> properties = new HashSet<>();
    elements(test.getElementsByTagName("property"))
        .map(one -> one.getAttribute("name") + "=" + one.getAttribute("value"))
        .filter(Predicate.not(text -> text.startsWith("plimsoll.")))
        .forEach(properties::add);
    var content = new ArrayList<String>();
    elements(test.getChildNodes())
        .filter(one -> !one.getTagName().equals("properties"))
        .forEach(one -> content.add(one.getTagName() + attributes(one) + one.getTextContent()));
    return new Case(attributes(test), properties, content);
  }

  private static Map<String, String> attributes(Element element) {
    var attributes = new TreeMap<String, String>();
    NamedNodeMap all = element.getAttributes();
    for (int i = 0; i < all.getLength(); i++) {
      attributes.put(all.item(i).getNodeName(), all.item(i).getNodeValue());
    }
    return attributes;
  }

  private static Stream<Element> elements(NodeList nodes) {
    return IntStream.range(0, nodes.getLength())
        .mapToObj(nodes::item)
        .filter(Element.class::isInstance)
        .map(Element.class::cast);
  }
}
