package dev.plimsoll.run.plan;

import dev.plimsoll.engine.pytest.EarlyPython;
import dev.plimsoll.engine.pytest.PluginFolder;
import dev.plimsoll.engine.pytest.PytestHost;
import dev.plimsoll.memory.containment.Containment;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.process.ProcessTable;
import dev.plimsoll.process.Watchdog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// What every run of pytest needs: an id, a folder, the plugin, a way to contain processes and the
/// watchdog over them; and an interpreter that loads pytest already, where it is known early which.
///
/// @param id the run's id
/// @param scratch folder of the run's own
/// @param plugin folder of the pytest plugin
/// @param containment what the kernel enforces here
/// @param launcher makes of a command line the one that starts it where its workers can be
///   contained
/// @param python an interpreter that waits for its order
public record RunBootstrap(
    String id,
    Path scratch,
    Path plugin,
    Containment containment,
    UnaryOperator<List<String>> launcher,
    Watchdog watchdog,
    Optional<EarlyPython> python)
    implements AutoCloseable {

  private static final int NAMES = 100;

  /// Begin without an interpreter.
  public static RunBootstrap begin(InstantSource clock) throws IOException {
    return begin(clock, Path.of(""), Optional::empty);
  }

  /// The same with an interpreter, which is started first: it takes longest. Until it has its order
  /// it needs no watchdog, because it ends when its standard input does.
  ///
  /// @param folder where pytest will run
  /// @param choice the interpreter; empty when it cannot be known yet
  public static RunBootstrap begin(
      InstantSource clock, Path folder, Supplier<Optional<Path>> choice) throws IOException {
    var table = new ProcessTable(Path.of("/proc"));
    ProcessKey self = table.self();
    String id = Long.toString(clock.millis(), Character.MAX_RADIX) + "-" + self.pid();
    Path plugin = new PluginFolder(System.getenv()).unpack();
    Containment containment = MemoryRules.found(self, table::isAlive);
    UnaryOperator<List<String>> launcher = command -> containment.wrap(command, self);
    Path scratch = scratch(id);
    Optional<EarlyPython> python =
        EarlyPython.inherited(plugin, folder, launcher)
            .or(() ->
                choice
                    .get()
                    .flatMap(path -> EarlyPython.start(path, plugin, folder, id, launcher)));
    try {
      Optional<String> mark = python.flatMap(EarlyPython::mark);
      Watchdog watchdog = Watchdog.start(id, PytestHost.socket(scratch), mark);
      return new RunBootstrap(id, scratch, plugin, containment, launcher, watchdog, python);
    } catch (UncheckedIOException failed) {
      python.ifPresent(EarlyPython::close);
      Files.delete(scratch);
      throw failed;
    }
  }

  /// A folder with a new name. (The JDK's own way to one costs 20 ms: it opens a source of random
  /// numbers.)
  private static Path scratch(String id) throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Path base = Path.of(System.getProperty("java.io.tmpdir"));
    for (int i = 0; ; i++) {
      try {
        return Files.createDirectory(base.resolve("plimsoll-" + id + "-" + i), ownerOnly);
      } catch (FileAlreadyExistsException taken) {
        if (i == NAMES) {
          throw taken;
        }
      }
    }
  }

  /// End what is left of the run and remove its folder.
  @Override
  public void close() throws IOException {
    python.ifPresent(EarlyPython::close);
    watchdog.close();
    try (Stream<Path> files = Files.list(scratch)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(scratch);
    } catch (NoSuchFileException removed) {
      return; // the watchdog takes an empty one along
    }
  }
}
