package dev.plimsoll.engine.pytest;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.inventory.TestFile;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The test files that pytest would collect, asked of the project's own pytest; test modules are
/// not imported.
///
/// @param files with paths relative to the project
/// @param markers that the project has registered
/// @param warnings why the listing may be short of some project settings
public record FileListing(List<TestFile> files, Set<String> markers, List<String> warnings) {
  public FileListing {
    files = List.copyOf(files);
    markers = Set.copyOf(markers);
    warnings = List.copyOf(warnings);
  }

  /// Ask a Python.
  ///
  /// @param plugin folder from {@link PluginFolder}
  /// @param folder where pytest starts
  /// @param root the project's folder, from which the files' paths start
  /// @param pytestArguments what pytest is given
  /// @throws UserError ({@link ExitCode#PYTHON}) when the Python is not usable, ({@link
  ///   ExitCode#ENGINE}) when pytest cannot list the files, ({@link ExitCode#USAGE}) when it cannot
  ///   for what it was asked
  public static FileListing ask(
      ChosenPython python, Path plugin, Path folder, Path root, List<String> pytestArguments) {
    var command = new ArrayList<String>();
    command.addAll(List.of(python.executable().toString(), "-m", "plimsoll_pytest.files"));
    command.addAll(pytestArguments);
    Said said = run(command, plugin, folder, python);
    String last = said.lastLine();
    if (!last.startsWith("{")) {
      PythonProbe.check(python, folder);
      throw failed("it exited without a list", said.err().strip(), ExitCode.ENGINE);
    }
    try {
      return of(new HashMap<>(JSON.std.mapFrom(last)), root);
    } catch (IOException e) {
      throw failed("its output is truncated", said.err().strip(), ExitCode.ENGINE);
    }
  }

  private record Said(String out, String err) {
    String lastLine() {
      return out.lines().filter(line -> !line.isBlank()).reduce("", (_, line) -> line);
    }
  }

  private static Said run(List<String> command, Path plugin, Path folder, ChosenPython python) {
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.merge("PYTHONPATH", plugin.toString(), (others, own) -> own + ":" + others);
    environment.put("PYTHONIOENCODING", "utf-8");
    builder.redirectInput(new File("/dev/null"));
    try {
      Process process = builder.start();
      // A conftest that takes long is not to outlive us.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      var err = new CompletableFuture<String>();
      Thread.ofVirtual().start(() -> err.complete(text(process.getErrorStream())));
      return new Said(text(process.getInputStream()), err.join());
    } catch (IOException e) {
      PythonProbe.check(python, folder);
      throw failed(String.valueOf(e.getMessage()), "", ExitCode.ENGINE);
    }
  }

  private static String text(InputStream stream) {
    try {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static FileListing of(Map<String, @Nullable Object> listing, Path root) {
    if (listing.get("error") instanceof String error) {
      boolean usage = Integer.valueOf(ExitCode.USAGE.code()).equals(listing.get("status"));
      throw failed(error, "", usage ? ExitCode.USAGE : ExitCode.ENGINE);
    }
    Path rootdir = real(Path.of(String.valueOf(listing.get("rootdir"))));
    Path realRoot = real(root);
    var files = new ArrayList<TestFile>();
    if (listing.get("files") instanceof List<?> entries) {
      for (Object entry : entries) {
        if (entry instanceof Map<?, ?> file) {
          files.add(file(file, rootdir, realRoot));
        }
      }
    }
    return new FileListing(
        files, new HashSet<>(texts(listing.get("markers"))), texts(listing.get("warnings")));
  }

  private static TestFile file(Map<?, ?> file, Path rootdir, Path root) {
    String path = String.valueOf(file.get("path"));
    String relative =
        rootdir.equals(root) ? path : root.relativize(rootdir.resolve(path).normalize()).toString();
    return new TestFile(relative, new HashSet<>(texts(file.get("marks"))));
  }

  /// pytest sees its working folder without symbolic links.
  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder;
    }
  }

  private static List<String> texts(@Nullable Object list) {
    return list instanceof List<?> items ? items.stream().map(String::valueOf).toList() : List.of();
  }

  private static UserError failed(String why, String said, ExitCode code) {
    return new UserError(
        "pytest cannot list the test files",
        said.isEmpty() ? why : why + "\n" + said,
        "run `python -m pytest --collect-only -q` for details",
        code);
  }
}
