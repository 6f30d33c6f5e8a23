package dev.plimsoll.config.schema;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The keys of `[server]`: the server under test of browser stages.
public final class ServerKeys {
  public static final Key<String> COMMAND =
      new Key<>(
          "server.command",
          Types.TEXT,
          "",
          "The command that starts the server under test; `{host}` and `{port}` are replaced.");
  public static final Key<String> PRODUCTION_COMMAND =
      new Key<>(
          "server.production-command",
          Types.TEXT,
          "",
          "The command to use when `PLAYWRIGHT_MODE` is `production`.");
  public static final Key<String> FOLDER =
      new Key<>(
          "server.folder",
          Types.TEXT,
          "",
          "The directory in which it starts, relative to the project.");
  public static final Key<String> HOST =
      new Key<>(
          "server.host",
          Types.TEXT,
          "127.0.0.1",
          "The address that it listens on; the environment variable `PLAYWRIGHT_HOST` overrides"
              + " it.");
  public static final Key<Integer> PORT =
      new Key<>(
          "server.port",
          Types.PORT,
          3000,
          "Its port; the environment variable `PLAYWRIGHT_PORT` overrides it.");
  public static final Key<String> URL =
      new Key<>(
          "server.url",
          Types.TEXT,
          "/",
          "The URL that must respond before tests start: a path relative to the base URL, or a full"
              + " URL.");
  public static final Key<Duration> TIMEOUT =
      new Key<>(
          "server.timeout",
          Types.DURATION,
          Duration.ofSeconds(60),
          "How long to wait for the first response.");
  public static final Key<Map<String, String>> ENV =
      new Key<>(
          "server.env", Types.table(Types.TEXT), Map.of(), "Environment variables of the server.");
  public static final Key<Boolean> REUSE =
      new Key<>(
          "server.reuse",
          Types.SWITCH,
          false,
          "Use a running server and start none; the environment variable `PLAYWRIGHT_REUSE_SERVER`"
              + " overrides it.");

  public static final Key<Boolean> INSECURE =
      new Key<>(
          "server.insecure",
          Types.SWITCH,
          false,
          "Accept any TLS certificate of the server when Plimsoll waits for its answer.");

  static final List<Key<?>> ALL =
      List.of(COMMAND, PRODUCTION_COMMAND, FOLDER, HOST, PORT, URL, TIMEOUT, ENV, REUSE, INSECURE);

  private ServerKeys() {}
}
