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
          "Starts the server under test; `{host}` and `{port}` are where it shall listen.");
  public static final Key<String> PRODUCTION_COMMAND =
      new Key<>(
          "server.production-command",
          Types.TEXT,
          "",
          "The same when `PLAYWRIGHT_MODE` is `production`.");
  public static final Key<String> HOST =
      new Key<>(
          "server.host",
          Types.TEXT,
          "127.0.0.1",
          "Where it listens; `PLAYWRIGHT_HOST` in the environment wins.");
  public static final Key<Integer> PORT =
      new Key<>(
          "server.port", Types.PORT, 3000, "Its port; `PLAYWRIGHT_PORT` in the environment wins.");
  public static final Key<String> URL =
      new Key<>(
          "server.url",
          Types.TEXT,
          "/",
          "What must answer before tests start: a path below the base address, or a whole address.");
  public static final Key<Duration> TIMEOUT =
      new Key<>(
          "server.timeout",
          Types.DURATION,
          Duration.ofSeconds(60),
          "How long it may take to answer.");
  public static final Key<Map<String, String>> ENV =
      new Key<>(
          "server.env", Types.table(Types.TEXT), Map.of(), "Environment variables of the server.");
  public static final Key<Boolean> REUSE =
      new Key<>(
          "server.reuse",
          Types.SWITCH,
          false,
          "Use a server that runs already and start none; `PLAYWRIGHT_REUSE_SERVER` in the"
              + " environment wins.");

  static final List<Key<?>> ALL =
      List.of(COMMAND, PRODUCTION_COMMAND, HOST, PORT, URL, TIMEOUT, ENV, REUSE);

  private ServerKeys() {}
}
