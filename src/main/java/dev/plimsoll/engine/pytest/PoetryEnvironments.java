package dev.plimsoll.engine.pytest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Finds the environment that Poetry keeps for a project outside of it, without starting Poetry,
/// which takes longer than all of our own start.
///
/// Poetry calls it `NAME-HASH-pyX.Y`, where HASH is the first 8 characters of the URL-safe Base64
/// of the SHA-256 of the project's real path, and notes the chosen X.Y in `envs.toml`
/// (`EnvManager.generate_env_name` in https://github.com/python-poetry/poetry).
final class PoetryEnvironments {
  private final Map<String, String> environment;

  PoetryEnvironments(Map<String, String> environment) {
    this.environment = environment;
  }

  /// The environment of the project in this folder, if it is one of Poetry's and has one.
  Optional<Path> of(Path folder) {
    if (!Files.isRegularFile(folder.resolve("poetry.lock"))) {
      return Optional.empty();
    }
    try {
      String hash = hash(folder.toRealPath().toString());
      List<Path> found = matching(environmentsFolder(), "*-" + hash + "-py*");
      Optional<String> minor = noted(hash);
      return found.stream()
          .filter(path -> minor.isEmpty() || path.toString().endsWith("-py" + minor.get()))
          .max(Comparator.comparingInt(PoetryEnvironments::minor));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static List<Path> matching(Path folder, String glob) throws IOException {
    var found = new ArrayList<Path>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, glob)) {
        stream.forEach(found::add);
      }
    }
    return found;
  }

  private static int minor(Path path) {
    String digits = path.toString().replaceFirst(".*-py[0-9]+\\.", "");
    return digits.matches("[0-9]{1,4}") ? Integer.parseInt(digits) : -1;
  }

  private Optional<String> noted(String hash) throws IOException {
    Path file = environmentsFolder().resolve("envs.toml");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    var matcher =
        Pattern.compile("\\[\"?[^\\]]*-" + Pattern.quote(hash) + "\"?]\\s+minor = \"([0-9.]+)\"")
            .matcher(Files.readString(file));
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private Path environmentsFolder() {
    String home = environment.getOrDefault("HOME", "/");
    String cache = environment.getOrDefault("XDG_CACHE_HOME", home + "/.cache");
    String poetry = environment.getOrDefault("POETRY_CACHE_DIR", cache + "/pypoetry");
    return Path.of(environment.getOrDefault("POETRY_VIRTUALENVS_PATH", poetry + "/virtualenvs"));
  }

  static String hash(String folder) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(folder.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().encodeToString(digest).substring(0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
