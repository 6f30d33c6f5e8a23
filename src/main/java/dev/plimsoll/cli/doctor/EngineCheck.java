package dev.plimsoll.cli.doctor;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.schema.EngineName;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.Origin;
import dev.plimsoll.engine.pytest.ChosenPython;
import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.engine.pytest.HostRequest;
import dev.plimsoll.engine.pytest.PluginFolder;
import dev.plimsoll.engine.pytest.PytestHost;
import dev.plimsoll.report.Words;
import dev.plimsoll.schedule.Cohesion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;

/// What `doctor --engine` says: which engine the project gets, and why. The project is collected as
/// a run would do it, and nothing is run.
final class EngineCheck {
  private static final String AREA = "engine";

  private EngineCheck() {}

  /// What the collection showed.
  ///
  /// @param hello empty when pytest did not get that far
  /// @param collected empty when it did not collect
  /// @param output what pytest printed
  record Facts(
      List<HostMessage.Hello> hello, List<HostMessage.Collected> collected, String output) {}

  /// Collect the project.
  static Facts collect(Config config, ChosenPython python, Path folder)
      throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory("plimsoll-");
    var arguments = new ArrayList<>(config.get(Keys.PYTEST_ARGS));
    arguments.addAll(List.of("--collect-only", "-q"));
    var request =
        new HostRequest(
            python,
            new PluginFolder(System.getenv()).unpack(),
            folder,
            scratch,
            "doctor-" + ProcessHandle.current().pid(),
            "auto",
            arguments,
            Map.of(),
            command -> command);
    var queue = new LinkedBlockingQueue<HostMessage>();
    var hello = new ArrayList<HostMessage.Hello>();
    var collected = new ArrayList<HostMessage.Collected>();
    var output = new StringBuilder();
    try (var host = PytestHost.start(request)) {
      host.listen(queue::add);
      HostMessage message = queue.take();
      while (!(message instanceof HostMessage.Exited)) {
        switch (message) {
          case HostMessage.Hello said -> hello.add(said);
          case HostMessage.Collected all -> collected.add(all);
          case HostMessage.Output text -> output.append(text.text());
          default -> {}
        }
        message = queue.take();
      }
    } finally {
      Files.deleteIfExists(scratch);
    }
    return new Facts(hello, collected, output.toString());
  }

  /// What it means.
  static List<Finding> of(Config config, Facts facts) {
    if (facts.collected().isEmpty()) {
      String last =
          facts.output().lines().filter(line -> !line.isBlank()).reduce("", (_, line) -> line);
      return List.of(
          Finding.warning(
              AREA,
              "pytest could not collect the project: " + last.strip(),
              "run `python -m pytest --collect-only` for details"));
    }
    var findings = new ArrayList<Finding>();
    HostMessage.Collected collected = facts.collected().getFirst();
    findings.add(chosen(config, facts.hello(), collected));
    if (collected.errors() > 0) {
      findings.add(
          Finding.warning(
              AREA,
              Words.count(collected.errors(), "error")
                  + " during collection: a run would stop here",
              "run `python -m pytest --collect-only` for details"));
    }
    findings.addAll(options(collected));
    return findings;
  }

  private static Finding chosen(
      Config config, List<HostMessage.Hello> hello, HostMessage.Collected collected) {
    EngineName asked = config.get(Keys.ENGINE);
    String origin =
        config.origin(Keys.ENGINE) instanceof Origin.Default
            ? "the default"
            : "set by " + config.origin(Keys.ENGINE).text();
    String tests = Words.count(collected.count(), "test");
    if (collected.count() == 0) {
      return Finding.note(
          AREA,
          "%s (%s): no tests were collected".formatted(collected.engine(), origin),
          "run it in the folder of the project, or with `-C FOLDER`");
    }
    return switch (asked) {
      case AUTO, FORK ->
          collected.engine().equals("fork")
              ? Finding.good(
                  AREA,
                  "fork (%s): %s collected once, and forking is safe".formatted(origin, tests))
              : Finding.note(
                  AREA,
                  collected.why(),
                  "it works, but each worker collects the tests itself and shares no memory: start"
                      + " what the reason names in a fixture instead of at import or in a"
                      + " conftest's hooks");
      case SPAWN ->
          Finding.good(
              AREA,
              "spawn (%s): each worker collects %s itself%s"
                  .formatted(
                      origin,
                      tests,
                      collected.engine().equals("fork") ? "; `fork` would be safe here" : ""));
      case XDIST -> xdist(origin, hello);
    };
  }

  private static Finding xdist(String origin, List<HostMessage.Hello> hello) {
    String version = hello.isEmpty() ? "" : hello.getFirst().xdist();
    return version.isEmpty()
        ? Finding.warning(
            AREA,
            "xdist (" + origin + "), but the project's Python has no pytest-xdist",
            "install it (`pip install pytest-xdist`), or use `engine = \"fork\"`")
        : Finding.good(AREA, "xdist (" + origin + "): pytest-xdist " + version + " schedules");
  }

  /// Options of pytest-xdist in the project's `addopts`.
  private static List<Finding> options(HostMessage.Collected collected) {
    var findings = new ArrayList<Finding>();
    if (!collected.unusedCount().isEmpty()) {
      findings.add(
          Finding.note(
              AREA,
              collected.unusedCount(),
              "`workers` in plimsoll.toml, or `plimsoll calibrate`"));
    }
    if (!collected.dist().isEmpty()) {
      findings.add(
          Finding.good(
              AREA, "`--dist %s`: %s".formatted(collected.dist(), together(collected.dist()))));
    }
    return findings;
  }

  private static String together(String dist) {
    return switch (Cohesion.ofDist(dist)) {
      case FILE -> "the tests of a file stay on one worker";
      case SCOPE -> "the tests of a module or class stay on one worker";
      case FIXTURES ->
          "tests run on any worker, but tests that share a fixture or an `xdist_group` stay on one"
              + " worker";
    };
  }
}
