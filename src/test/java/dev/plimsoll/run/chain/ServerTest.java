package dev.plimsoll.run.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.config.ConfigLoader;
import dev.plimsoll.config.Overrides;
import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers that behave as some real ones do. Where waiting is of no use the limit is an hour, so
/// that a test that waited would not end.
class ServerTest {
  private static final Path PROGRAM = Path.of("src/test/resources/servers/server.py");

  @TempDir private Path folder;

  @Test
  void standardInputStaysOpen() throws IOException {
    try (Server server = open("stdin", "")) {
      assertThat(server.death()).isEmpty();
      assertThat(server.pid()).isPresent();
    }
  }

  @Test
  void everyAddressOfTheNameIsTried() throws IOException {
    assumeTrue(listensOnIpv6(), "this machine has no IPv6 loopback");
    try (Server server = open("localhost6", "host = \"localhost\"\n")) {
      assertThat(server.death()).isEmpty();
    }
  }

  @Test
  void aCertificateThatIsNotTrustedEndsTheWaitAtOnce() throws Exception {
    certificate();
    assertThatThrownBy(() -> open("tls", "timeout = \"1h\"\n"))
        .isInstanceOfSatisfying(
            UserError.class,
            error -> {
              assertThat(error.why()).contains("certificate").doesNotContain("Exception");
              assertThat(error.hint()).contains("server.insecure");
              assertThat(error.exitCode()).isEqualTo(ExitCode.BROWSER);
            });
  }

  @Test
  void anyCertificateIsAcceptedWhereTheUserSaysSo() throws Exception {
    certificate();
    try (Server server = open("tls", "insecure = true\n")) {
      assertThat(server.death()).isEmpty();
    }
  }

  @Test
  void aHostThatIsUnknownEndsTheWaitAtOnce() {
    assertThatThrownBy(() -> open("stdin", "url = \"http://unknown.invalid/\"\ntimeout = \"1h\"\n"))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.why()).contains("unknown.invalid"));
  }

  private Server open(String mode, String keys) throws IOException {
    int port = freePort();
    Files.writeString(
        folder.resolve("plimsoll.toml"),
        """
        [server]
        command = "exec python3 %s %s {port}"
        port = %d
        %s%s\
        """
            .formatted(
                PROGRAM.toAbsolutePath(),
                mode,
                port,
                mode.equals("tls") ? "url = \"https://127.0.0.1:" + port + "/\"\n" : "",
                keys));
    ServerSpec spec =
        ServerSpec.of(
            new ConfigLoader(ConfigSchema.STANDARD).load(folder, Overrides.NONE), Map.of());
    return Server.open(
        spec, "run-of-test", folder.resolve("out/server.log"), new CancellationToken());
  }

  private void certificate() throws Exception {
    int made =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=server",
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.txt").toFile())
            .start()
            .waitFor();
    assumeTrue(made == 0, "openssl makes no certificate here");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static boolean listensOnIpv6() {
    try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
