package dev.plimsoll.cli.report;

import dev.plimsoll.model.RunSummary;
import dev.plimsoll.process.Programs;
import dev.plimsoll.report.RunText;
import dev.plimsoll.report.Style;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The desktop notification of `--notify`: `notify-send` on Linux, a toast of Windows under WSL.
public final class DesktopNotification {
  private static final long SECONDS = 10;

  private static final String TOAST =
      """
      $m = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, \
      ContentType = WindowsRuntime]
      $x = $m::GetTemplateContent(\
      [Windows.UI.Notifications.ToastTemplateType, Windows.UI.Notifications, \
      ContentType = WindowsRuntime]::ToastText02)
      $t = $x.GetElementsByTagName('text')
      $t[0].AppendChild($x.CreateTextNode($env:_PLIMSOLL_TOAST_TITLE)) | Out-Null
      $t[1].AppendChild($x.CreateTextNode($env:_PLIMSOLL_TOAST_TEXT)) | Out-Null
      $m::CreateToastNotifier('Plimsoll').Show(\
      [Windows.UI.Notifications.ToastNotification, Windows.UI.Notifications, \
      ContentType = WindowsRuntime]::new($x))
      """;

  private final Map<String, String> environment;
  private final Consumer<String> warning;

  /// @param warning receives why no notification can be shown
  public DesktopNotification(Map<String, String> environment, Consumer<String> warning) {
    this.environment = Map.copyOf(environment);
    this.warning = warning;
  }

  /// Show how a run of this project ended.
  public void show(String project, RunSummary run) {
    String title = "Plimsoll: " + project;
    String text = RunText.verdict(run, Style.PLAIN);
    Optional<Path> notifySend = onPath("notify-send");
    Optional<Path> powershell = onPath("powershell.exe");
    if (notifySend.isPresent()) {
      start(
          List.of(notifySend.get().toString(), "--app-name=Plimsoll", "--", title, text), Map.of());
    } else if (powershell.isPresent()) {
      start(
          List.of(powershell.get().toString(), "-NoProfile", "-Command", TOAST),
          Map.of(
              "_PLIMSOLL_TOAST_TITLE", title,
              "_PLIMSOLL_TOAST_TEXT", text,
              "WSLENV", "_PLIMSOLL_TOAST_TITLE:_PLIMSOLL_TOAST_TEXT"));
    } else {
      warning.accept(
          "`--notify` shows nothing: neither `notify-send` nor `powershell.exe` is on the PATH");
    }
  }

  private Optional<Path> onPath(String program) {
    return Programs.find(program, Path.of(""), environment);
  }

  private void start(List<String> command, Map<String, String> variables) {
    try {
      var builder = new ProcessBuilder(command);
      builder.environment().putAll(variables);
      builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
      Process process = builder.start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        warning.accept("`--notify`: `" + command.getFirst() + "` did not end in time");
      } else if (process.exitValue() != 0) {
        warning.accept(
            "`--notify`: `"
                + command.getFirst()
                + "` failed with exit code "
                + process.exitValue());
      }
    } catch (IOException e) {
      warning.accept("`--notify`: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
