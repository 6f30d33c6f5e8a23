package dev.plimsoll.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A page in a real Chromium without a window, spoken to by the DevTools protocol
/// (https://chromedevtools.github.io/devtools-protocol/), which is JSON over a WebSocket.
final class TestingBrowser implements AutoCloseable {
  private static final String LISTENING = "DevTools listening on ";
  private static final long SECONDS = 60;

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final List<String> requests = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private String session = "";
  private int commands;
  private int loads;

  /// Start it, with its profile in this folder.
  TestingBrowser(Path folder) throws IOException, InterruptedException {
    process =
        new ProcessBuilder(
                program().orElseThrow().toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
    String line = err.readLine();
    while (line != null && !line.startsWith(LISTENING)) {
      line = err.readLine();
    }
    if (line == null) {
      throw new IOException("Chromium exited with " + process.waitFor());
    }
    Thread.ofPlatform().daemon().start(() -> err.lines().forEach(_ -> {}));
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(line.substring(LISTENING.length())), new Listener())
            .join();
    attach();
  }

  /// The browser, if there is one.
  static Optional<Path> program() {
    return Stream.of(
            System.getenv().getOrDefault("PLAYWRIGHT_CHROMIUM", ""),
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome")
        .filter(path -> !path.isEmpty())
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  private void attach() throws InterruptedException {
    var targets =
        (List<?>) Objects.requireNonNull(call("Target.getTargets", Map.of()).get("targetInfos"));
    for (Object target : targets) {
      if (target instanceof Map<?, ?> info && "page".equals(info.get("type"))) {
        var attached =
            call(
                "Target.attachToTarget",
                Map.of("targetId", String.valueOf(info.get("targetId")), "flatten", true));
        session = String.valueOf(attached.get("sessionId"));
      }
    }
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  /// Take the size of a device and the colours of day or night.
  void device(int width, int height, double scale, boolean dark) throws InterruptedException {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", width, "height", height, "deviceScaleFactor", scale, "mobile", width < 600));
    String scheme = dark ? "dark" : "light";
    var feature = Map.of("name", "prefers-color-scheme", "value", scheme);
    call("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
  }

  /// Open a page and wait until it is loaded.
  void open(URI page) throws InterruptedException {
    int before = loads;
    requests.clear();
    complaints.clear();
    call("Page.navigate", Map.of("url", page.toString()));
    while (loads == before) {
      take();
    }
  }

  /// What the page asked for, itself included.
  List<String> requests() {
    return List.copyOf(requests);
  }

  /// Errors, exceptions and what was written to the console.
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /// The value of an expression: a text, a number, a list or a map.
  Object evaluate(String script) throws InterruptedException {
    var answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", script, "returnByValue", true, "awaitPromise", true));
    if (answer.containsKey("exceptionDetails")) {
      throw new AssertionError(script + ": " + answer.get("exceptionDetails"));
    }
    var result = (Map<?, ?>) answer.get("result");
    Object value = result == null ? null : result.get("value");
    return value == null ? "" : value;
  }

  int number(String script) throws InterruptedException {
    return ((Number) evaluate(script)).intValue();
  }

  String text(String script) throws InterruptedException {
    return String.valueOf(evaluate(script));
  }

  /// What the device shows, as a PNG.
  byte[] screenshot() throws InterruptedException {
    var answer = call("Page.captureScreenshot", Map.of("format", "png"));
    return Base64.getDecoder().decode(String.valueOf(answer.get("data")));
  }

  private Map<?, ?> call(String method, Map<String, ?> parameters) throws InterruptedException {
    int id = ++commands;
    var message = new LinkedHashMap<String, Object>();
    message.put("id", id);
    message.put("method", method);
    message.put("params", parameters);
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    try {
      socket.sendText(JSON.std.asString(message), true).join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    while (true) {
      var answer = take();
      if (Integer.valueOf(id).equals(answer.get("id"))) {
        if (answer.get("error") != null) {
          throw new AssertionError(method + ": " + answer.get("error"));
        }
        return (Map<?, ?>) Objects.requireNonNull(answer.get("result"));
      }
    }
  }

  /// The next message; what it says of the page is kept.
  private Map<?, ?> take() throws InterruptedException {
    String text = received.poll(SECONDS, TimeUnit.SECONDS);
    if (text == null) {
      throw new AssertionError("Chromium said nothing for " + SECONDS + " s");
    }
    Map<?, ?> message = parse(text);
    Map<?, ?> details = message.get("params") instanceof Map<?, ?> map ? map : Map.of();
    switch (String.valueOf(message.get("method"))) {
      case "Page.loadEventFired" -> loads++;
      case "Network.requestWillBeSent" -> requests.add(url(details.get("request")));
      case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded" ->
          complaints.add(details.toString());
      default -> {}
    }
    return message;
  }

  private static String url(@Nullable Object request) {
    return request instanceof Map<?, ?> map ? String.valueOf(map.get("url")) : "";
  }

  private static Map<?, ?> parse(String text) {
    try {
      return JSON.std.mapFrom(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Asked to, it takes its temporary files along.
  @Override
  public void close() {
    session = "";
    try {
      call("Browser.close", Map.of());
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    socket.abort();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder part = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        received.add(part.toString());
        part.setLength(0);
      }
      from.request(1);
      return null;
    }
  }
}
