package dev.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A project for runs of the real pytest, without the plugins that whatever Python runs the tests
/// has.
public record TestingProject(Path root) {
  /// Make the project in an empty folder.
  public static TestingProject in(Path root) throws IOException {
    Files.createDirectories(root.resolve(".git"));
    var project = new TestingProject(root);
    project.write(
        "pytest.ini", "[pytest]\naddopts = -p no:hypothesispytest -p no:benchmark -p no:anyio\n");
    return project;
  }

  public void write(String name, String text) throws IOException {
    Files.writeString(root.resolve(name), text);
  }

  public ProgramRun run(String... args) throws Exception {
    return run(Map.of(), args);
  }

  public ProgramRun run(Map<String, String> env, String... args) throws Exception {
    var all = new ArrayList<>(List.of("run", "--python", "python3"));
    all.addAll(List.of(args));
    return ProgramRun.of(root, env, all.toArray(String[]::new));
  }
}
