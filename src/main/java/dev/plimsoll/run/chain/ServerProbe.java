package dev.plimsoll.run.chain;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Asks an address over HTTP whether a server answers there. It tries every address of the host's
/// name, since a server may listen on one of them only (`localhost` is 127.0.0.1 and ::1).
final class ServerProbe {
  private static final int ANSWER_MILLIS = 2_000;
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final Pattern STATUS = Pattern.compile("HTTP/[0-9.]+ ([0-9]{3})( .*)?");

  private final URI url;
  private final boolean insecure;

  /// @param insecure whether any certificate is accepted
  ServerProbe(URI url, boolean insecure) {
    this.url = url;
    this.insecure = insecure;
  }

  /// What came of one question.
  sealed interface Answer {
    /// It answers. As for Playwright's own `webServer`, any status from 200 to 403 will do.
    record Ready() implements Answer {}

    /// It does not answer, and may do so later.
    record NotYet(String why) implements Answer {}

    /// It will not answer, however long one waits.
    record Never(String why, String hint) implements Answer {}
  }

  /// Ask once.
  Answer ask() {
    String host = url.getHost();
    if (host == null || !List.of("http", "https").contains(url.getScheme())) {
      return new Answer.Never("this is not an http or https address", "correct `server.url`");
    }
    Set<InetAddress> addresses;
    try {
      addresses = addresses(host);
    } catch (UnknownHostException e) {
      return new Answer.Never(
          "the host name `" + host + "` cannot be resolved",
          "correct `server.host` or `server.url`, or add the name to /etc/hosts");
    }
    var reasons = new ArrayList<String>();
    Answer last = new Answer.NotYet("");
    for (InetAddress address : addresses) {
      last = ask(address);
      if (!(last instanceof Answer.NotYet(String why))) {
        return last;
      }
      reasons.add(address.getHostAddress() + ": " + why);
    }
    return reasons.size() > 1 ? new Answer.NotYet(String.join(", ", reasons)) : last;
  }

  /// All addresses of a name. `localhost` is every loopback address, whatever the hosts file has
  /// (https://www.rfc-editor.org/rfc/rfc6761#section-6.3).
  private static Set<InetAddress> addresses(String host) throws UnknownHostException {
    var addresses = new LinkedHashSet<>(List.of(InetAddress.getAllByName(host)));
    if (host.equalsIgnoreCase("localhost")) {
      addresses.add(InetAddress.ofLiteral("127.0.0.1"));
      addresses.add(InetAddress.ofLiteral("::1"));
    }
    return addresses;
  }

  private Answer ask(InetAddress address) {
    boolean tls = url.getScheme().equals("https");
    int port = url.getPort() >= 0 ? url.getPort() : tls ? HTTPS : HTTP;
    try (var plain = new Socket()) {
      plain.connect(new InetSocketAddress(address, port), ANSWER_MILLIS);
      plain.setSoTimeout(ANSWER_MILLIS);
      return tls ? overTls(plain, port) : status(plain);
    } catch (SSLException e) {
      return ofTls(e);
    } catch (SocketTimeoutException e) {
      return new Answer.NotYet("no answer within " + ANSWER_MILLIS / 1000 + " s");
    } catch (ConnectException e) {
      return new Answer.NotYet("nothing listens on port " + port);
    } catch (IOException e) {
      return new Answer.NotYet(String.valueOf(e.getMessage()));
    }
  }

  private Answer overTls(Socket plain, int port) throws IOException {
    try (var secure =
        (SSLSocket) context().getSocketFactory().createSocket(plain, url.getHost(), port, true)) {
      if (!insecure) {
        var parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
      }
      secure.startHandshake();
      return status(secure);
    }
  }

  private static Answer ofTls(SSLException problem) {
    for (@Nullable Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return new Answer.Never(
            "its certificate is not trusted: " + distrust(cause),
            "set `server.insecure = true` to accept any certificate of the server under test");
      }
    }
    return new Answer.NotYet("no TLS connection: " + problem.getMessage());
  }

  /// Why a certificate is refused, without the names of Java's exceptions.
  private static String distrust(Throwable refusal) {
    for (@Nullable Throwable cause = refusal; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException) {
        return "it has expired";
      }
      if (cause instanceof CertPathBuilderException) {
        return "no known authority has signed it";
      }
    }
    return String.valueOf(refusal.getMessage());
  }

  private Answer status(Socket socket) throws IOException {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    String request =
        "GET "
            + path
            + query
            + " HTTP/1.1\r\nHost: "
            + url.getRawAuthority()
            + "\r\n"
            + "User-Agent: plimsoll\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
    var reader =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    String line = reader.readLine();
    Matcher matcher = STATUS.matcher(line == null ? "" : line);
    if (!matcher.matches()) {
      return new Answer.NotYet(
          line == null ? "it closed the connection" : "it does not answer in HTTP");
    }
    int status = Integer.parseInt(matcher.group(1));
    return status >= 200 && status <= 403
        ? new Answer.Ready()
        : new Answer.NotYet("it answers with status " + status);
  }

  private SSLContext context() throws IOException {
    try {
      if (!insecure) {
        return SSLContext.getDefault();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new AnyCertificate()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS is not available: " + e.getMessage(), e);
    }
  }

  /// Accepts every certificate, for a server under test that the user has said to trust.
  private static final class AnyCertificate extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
