package dev.plimsoll.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An authority that signs certificates, made by openssl.
public final class TestingAuthority {
  private static final List<String> NEW_KEY =
      List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes");

  private final Path folder;

  /// @param folder is made
  public TestingAuthority(Path folder) throws IOException, InterruptedException {
    this.folder = Files.createDirectory(folder);
    openssl(List.of("req", "-x509", "-subj", "/CN=authority"), "ca.key", "-out", "ca.pem");
  }

  /// Its own certificate.
  public Path certificate() {
    return folder.resolve("ca.pem");
  }

  /// Options of a redis-server that has a certificate for `localhost`.
  List<String> serverOptions() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("names"), "subjectAltName=DNS:localhost\n");
    openssl(List.of("req", "-subj", "/CN=localhost"), "store.key", "-out", "store.csr");
    run(
        List.of(
            "openssl",
            "x509",
            "-req",
            "-in",
            "store.csr",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-extfile",
            "names",
            "-out",
            "store.pem"));
    return List.of(
        "--tls-cert-file",
        folder.resolve("store.pem").toString(),
        "--tls-key-file",
        folder.resolve("store.key").toString(),
        "--tls-ca-cert-file",
        certificate().toString(),
        "--tls-auth-clients",
        "no");
  }

  private void openssl(List<String> what, String key, String... rest)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("openssl"));
    command.addAll(what);
    command.addAll(NEW_KEY);
    command.addAll(List.of("-keyout", key));
    command.addAll(List.of(rest));
    run(command);
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    int status =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start()
            .waitFor();
    if (status != 0) {
      throw new IllegalStateException(Files.readString(log));
    }
  }
}
