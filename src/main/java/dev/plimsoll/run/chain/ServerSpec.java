package dev.plimsoll.run.chain;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.schema.Key;
import dev.plimsoll.config.schema.ServerKeys;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The server under test as configured, with what the environment says over it.
///
/// @param command starts it; empty when nothing is to be started
/// @param folder where it starts
/// @param mode `development` or `production`
/// @param base address that the browser opens
/// @param url address that must answer before tests start
/// @param limit how long it may take to answer
/// @param env its environment
/// @param reuse whether a running server is used and none is started
/// @param insecure whether any TLS certificate of it is accepted
record ServerSpec(
    String command,
    Path folder,
    String mode,
    String host,
    int port,
    URI base,
    URI url,
    Duration limit,
    Map<String, String> env,
    boolean reuse,
    boolean insecure) {
  private static final String DEVELOPMENT = "development";
  private static final String PRODUCTION = "production";

  /// Read the configuration and `PLAYWRIGHT_MODE`, `PLAYWRIGHT_HOST`, `PLAYWRIGHT_PORT`, `BASE_URL`
  /// and `PLAYWRIGHT_REUSE_SERVER`.
  ///
  /// @throws UserError when one of them cannot be used
  static ServerSpec of(Config config, Map<String, String> environment) {
    String mode = mode(environment.getOrDefault("PLAYWRIGHT_MODE", ""));
    String host = given(environment, "PLAYWRIGHT_HOST").orElse(config.get(ServerKeys.HOST));
    int port =
        given(environment, "PLAYWRIGHT_PORT")
            .map(ServerSpec::port)
            .orElse(config.get(ServerKeys.PORT));
    URI base =
        address("BASE_URL", given(environment, "BASE_URL").orElse("http://" + host + ":" + port));
    String command = command(config, mode).replace("{host}", host);
    return new ServerSpec(
        command.replace("{port}", Integer.toString(port)),
        StageReader.folder(
            config.root(),
            config.get(ServerKeys.FOLDER),
            ServerKeys.FOLDER.name(),
            config.origin(ServerKeys.FOLDER).text()),
        mode,
        host,
        port,
        base,
        base.resolve(address("server.url", config.get(ServerKeys.URL))),
        config.get(ServerKeys.TIMEOUT),
        config.get(ServerKeys.ENV),
        given(environment, "PLAYWRIGHT_REUSE_SERVER")
            .map(ServerSpec::isOn)
            .orElse(config.get(ServerKeys.REUSE)),
        config.get(ServerKeys.INSECURE));
  }

  /// Whether there is a server to start or to reuse; without one the suite looks after its own.
  boolean isUsed() {
    return reuse || !command.isEmpty();
  }

  /// What stages that use the server find in their environment: where it is, and that it runs.
  Map<String, String> forTests() {
    Map<String, String> all = new LinkedHashMap<>(forServer());
    all.put("PLAYWRIGHT_REUSE_SERVER", "1");
    return all;
  }

  /// What the server itself finds in its environment.
  Map<String, String> forServer() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("PLAYWRIGHT_MODE", mode);
    all.put("PLAYWRIGHT_HOST", host);
    all.put("PLAYWRIGHT_PORT", Integer.toString(port));
    all.put("BASE_URL", base.toString());
    return all;
  }

  private static String command(Config config, String mode) {
    Key<String> key = mode.equals(PRODUCTION) ? ServerKeys.PRODUCTION_COMMAND : ServerKeys.COMMAND;
    String command = config.get(key);
    if (command.isEmpty() && !config.get(ServerKeys.COMMAND).isEmpty()) {
      throw new UserError(
          "PLAYWRIGHT_MODE is `production`, but there is no command for it",
          "`server.production-command` is not set",
          "set it in plimsoll.toml, or unset PLAYWRIGHT_MODE",
          ExitCode.CONFIG);
    }
    return command;
  }

  private static String mode(String text) {
    String mode = text.isEmpty() ? DEVELOPMENT : text.toLowerCase(Locale.ROOT);
    if (!List.of(DEVELOPMENT, PRODUCTION).contains(mode)) {
      throw wrong("PLAYWRIGHT_MODE", text, "must be `development` or `production`");
    }
    return mode;
  }

  private static int port(String text) {
    if (text.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    }
    throw wrong("PLAYWRIGHT_PORT", text, "must be a number from 1 to 65535");
  }

  private static URI address(String name, String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw wrong(name, text, "must be an address such as `http://127.0.0.1:3000`");
    }
  }

  private static boolean isOn(String text) {
    return List.of("1", "true", "yes", "on").contains(text.toLowerCase(Locale.ROOT));
  }

  private static Optional<String> given(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isEmpty());
  }

  private static UserError wrong(String name, String text, String rule) {
    return new UserError(name + " is `" + text + "`", rule, "", ExitCode.CONFIG);
  }
}
