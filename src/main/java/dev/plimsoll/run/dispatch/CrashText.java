package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.model.Bytes;

/// The report of a test whose worker died: what happened, in which phase, with the stack and the
/// last output.
final class CrashText {
  private CrashText() {}

  static String of(String id, String worker, HostMessage.Gone gone, String verdict, Bytes seen) {
    var text = new StringBuilder();
    text.append("worker '")
        .append(worker)
        .append("' died while running '")
        .append(id)
        .append("'\n");
    text.append(verdict).append('\n');
    String phase = gone.phase().isEmpty() ? "" : "phase: " + gone.phase() + "; ";
    text.append(phase).append("memory of the test when last seen: ").append(seen).append('\n');
    return evidence(text, gone);
  }

  /// Of a worker that died after its last test.
  static String after(String id, String worker, HostMessage.Gone gone, String verdict) {
    var text = new StringBuilder();
    text.append("worker '")
        .append(worker)
        .append("' died after '")
        .append(id)
        .append("', during teardown of fixtures with a wider scope or at the end of its session\n");
    text.append(verdict).append('\n');
    return evidence(text, gone);
  }

  private static String evidence(StringBuilder text, HostMessage.Gone gone) {
    section(text, "stack of the worker", gone.stack());
    section(text, "last captured output", gone.output());
    return text.toString();
  }

  private static void section(StringBuilder text, String title, String body) {
    if (!body.isBlank()) {
      text.append("--- ").append(title).append(" ---\n").append(body.stripTrailing()).append('\n');
    }
  }
}
