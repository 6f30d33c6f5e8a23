package dev.plimsoll.store;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.Stream;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/// Whose certificates a store may have: those of the authorities that Java trusts, or of one that
/// the user names.
final class StoreTrust {
  static final String VARIABLE = "PLIMSOLL_BOARD_CA";

  private static final String TYPE = "PKCS12";

  /// The client reads trusted certificates as a sealed file; this one never leaves the process.
  private static final char[] SEAL = "plimsoll".toCharArray();

  private StoreTrust() {}

  /// How connections are encrypted. The certificate must be valid for the host too.
  ///
  /// @param file a PEM file with the authorities to trust, empty for those that Java trusts
  /// @throws UserError when the file has no certificate
  static SslOptions options(String file) {
    SslOptions.Builder options = SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL);
    if (!file.isEmpty()) {
      byte[] trusted = trusted(Path.of(file));
      options.trustStoreType(TYPE).truststore(() -> new ByteArrayInputStream(trusted), SEAL);
    }
    return options.build();
  }

  private static byte[] trusted(Path file) {
    try {
      Collection<? extends Certificate> authorities = certificates(file);
      KeyStore trusted = KeyStore.getInstance(TYPE);
      trusted.load(null, null);
      for (Certificate authority : authorities) {
        trusted.setCertificateEntry("authority" + trusted.size(), authority);
      }
      if (trusted.size() == 0) {
        throw new CertificateException("it has no certificate");
      }
      var store = new ByteArrayOutputStream();
      trusted.store(store, SEAL);
      return store.toByteArray();
    } catch (IOException | GeneralSecurityException e) {
      throw new UserError(
          "the certificate file `" + file + "` cannot be used",
          String.valueOf(e.getMessage()),
          "set " + VARIABLE + " to a PEM file with the authority's certificate",
          ExitCode.CONFIG);
    }
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }

  /// Whether a connection failed because of the store's certificate.
  static boolean isRefused(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(CertificateException.class::isInstance);
  }

  /// What the user can do about it.
  static UserError refused(StoreUrl url, Throwable failure) {
    String why =
        Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
            .filter(CertificateException.class::isInstance)
            .map(Throwable::getMessage)
            .findFirst()
            .orElse("");
    return new UserError(
        "the certificate of the board's store `" + url + "` is not valid here",
        why,
        "use the host name that the certificate has, and set "
            + VARIABLE
            + " to a PEM file with the certificate of the authority that signed it",
        ExitCode.ENGINE);
  }
}
