package dev.plimsoll.store;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/// Where a board is: `rediss://HOST:PORT/RUN`.
///
/// @param encrypted whether the connection uses TLS
/// @param user for the store's access rules, empty for its default user
/// @param run names the run, so that several share a store
public record StoreUrl(boolean encrypted, String host, int port, String user, String run) {
  private static final int PORT = 6379;
  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /// Read a URL.
  ///
  /// @throws UserError when it is something else
  public static StoreUrl parse(String text) {
    URI uri = uri(text);
    String scheme = Objects.requireNonNullElse(uri.getScheme(), "");
    String user = Objects.requireNonNullElse(uri.getUserInfo(), "");
    String host = Objects.requireNonNullElse(uri.getHost(), "");
    String run = Objects.requireNonNullElse(uri.getPath(), "").replaceFirst("^/", "");
    if (user.contains(":")) {
      throw wrong(
          "the URL of the board has a password",
          "the list of processes and CI logs show command lines",
          "set PLIMSOLL_BOARD_PASSWORD, or PLIMSOLL_BOARD_PASSWORD_FILE to a file that only you can read");
    }
    if (!List.of("redis", "rediss").contains(scheme) || host.isEmpty()) {
      throw wrong("`" + text + "` is not the URL of a board", "it must be rediss://HOST/RUN", "");
    }
    if (!RUN.matcher(run).matches()) {
      throw wrong(
          "the URL of the board names no run",
          "`" + run + "` must be letters, digits, `.`, `_` and `-`, at most 100",
          "use a name that all machines of this run share, such as the id of the CI run");
    }
    int port = uri.getPort() < 0 ? PORT : uri.getPort();
    return new StoreUrl(scheme.equals("rediss"), host, port, user, run);
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw wrong("`" + text + "` is not the URL of a board", "it must be rediss://HOST/RUN", "");
    }
  }

  private static UserError wrong(String what, String why, String hint) {
    return new UserError(what, why, hint, ExitCode.USAGE);
  }

  /// The prefix of all keys of the run. What is in braces decides the slot of a cluster.
  String prefix() {
    return "plimsoll:{" + run + "}:";
  }

  @Override
  public String toString() {
    return (encrypted ? "rediss://" : "redis://") + host + ":" + port + "/" + run;
  }
}
