package dev.plimsoll.cli.shard;

import dev.plimsoll.cli.JsonText;
import dev.plimsoll.config.AtomicFile;
import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/// What `pytest --lf` reads: the tests that failed, in pytest's cache folder
/// (https://docs.pytest.org/en/stable/how-to/cache.html).
final class LastFailed {
  private LastFailed() {}

  static void write(Path root, RunSummary run) {
    var failed = new TreeMap<String, Boolean>();
    run.results().stream()
        .filter(result -> result.outcome().isRed())
        .forEach(result -> failed.put(result.id(), true));
    Path cache = root.resolve(".pytest_cache");
    Path file = cache.resolve("v/cache/lastfailed");
    try {
      boolean isNew = !Files.exists(cache);
      Files.createDirectories(file.resolveSibling(""));
      if (isNew) {
        Files.writeString(cache.resolve(".gitignore"), "*\n");
      }
      AtomicFile.write(file, JsonText.write(failed));
    } catch (IOException e) {
      throw new UserError(
          "cannot write `" + file + "`",
          FileTrouble.why(e),
          "`pytest --lf` would run other tests than those that failed",
          ExitCode.INTERNAL_ERROR);
    }
  }
}
