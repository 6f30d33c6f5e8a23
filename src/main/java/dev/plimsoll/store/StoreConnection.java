package dev.plimsoll.store;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.util.SafeEncoder;

/// One connection to the store, made when it is needed and again after it broke. For one thread.
public final class StoreConnection implements AutoCloseable {
  private static final String SCRIPT = "/board/board.lua";

  private final StoreUrl url;
  private final StoreAccess access;
  private final int timeoutMillis;
  private final String script;
  private @Nullable Connection connection;
  private String digest = "";

  public StoreConnection(StoreUrl url, StoreAccess access, int timeoutMillis) {
    this.url = url;
    this.access = access;
    this.timeoutMillis = timeoutMillis;
    this.script = script();
  }

  /// The prefix of the run's keys.
  String prefix() {
    return url.prefix();
  }

  private static String script() {
    try (InputStream in = StoreConnection.class.getResourceAsStream(SCRIPT)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Have the script make one step.
  ///
  /// @throws StoreLost when there is no answer
  /// @throws UserError when the store refuses
  @Nullable Object step(String call, List<String> arguments) {
    if (digest.isEmpty()) {
      digest = text(run(Command.SCRIPT, List.of("LOAD", script)));
    }
    var words = new ArrayList<>(List.of(digest, "1", url.prefix(), call));
    words.addAll(arguments);
    try {
      return ask(Command.EVALSHA, words);
    } catch (JedisNoScriptException e) {
      digest = text(run(Command.SCRIPT, List.of("LOAD", script)));
      words.set(0, digest);
      return run(Command.EVALSHA, words);
    } catch (JedisException e) {
      throw trouble(e);
    }
  }

  /// A command of the store itself.
  @Nullable Object run(Command command, List<String> arguments) {
    try {
      return ask(command, arguments);
    } catch (JedisException e) {
      throw trouble(e);
    }
  }

  private @Nullable Object ask(Command command, List<String> arguments) {
    Connection open = connection;
    if (open == null) {
      open = open();
      connection = open;
    }
    try {
      open.sendCommand(command, arguments.toArray(String[]::new));
      return open.getOne();
    } catch (JedisConnectionException e) {
      close();
      throw e;
    }
  }

  private Connection open() {
    var config =
        DefaultJedisClientConfig.builder()
            .protocol(RedisProtocol.RESP2)
            // Jedis reads its version from a file beside its classes, which the packages lack.
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .timeoutMillis(timeoutMillis)
            .user(url.user().isEmpty() ? null : url.user())
            .password(access.password().isEmpty() ? null : access.password());
    if (url.encrypted()) {
      config.sslOptions(StoreTrust.options(access.authority()));
    }
    return new Connection(new HostAndPort(url.host(), url.port()), config.build());
  }

  private RuntimeException trouble(JedisException e) {
    String why = String.valueOf(e.getMessage());
    if (e instanceof JedisAccessControlException || why.startsWith("NOPERM")) {
      return refused(why, "check PLIMSOLL_BOARD_PASSWORD and the rights of the user in the URL");
    }
    if (e instanceof JedisDataException && !why.startsWith("LOADING")) {
      return refused(why, "");
    }
    return StoreTrust.isRefused(e) ? StoreTrust.refused(url, e) : new StoreLost(why, e);
  }

  private UserError refused(String why, String hint) {
    return new UserError(
        "the store of the board `" + url + "` refuses", why, hint, ExitCode.ENGINE);
  }

  static String text(@Nullable Object answer) {
    return answer instanceof byte[] bytes
        ? SafeEncoder.encode(bytes)
        : answer == null ? "" : answer.toString();
  }

  static List<?> list(@Nullable Object answer) {
    return answer instanceof List<?> list ? list : List.of();
  }

  @Override
  public void close() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (JedisException e) {
        return;
      }
    }
  }
}
