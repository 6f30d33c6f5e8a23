package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.model.Death;
import dev.plimsoll.report.DeathText;
import dev.plimsoll.report.StackText;

/// The report of a test whose worker died: what happened, with the stack and the last output.
final class CrashText {
  private CrashText() {}

  /// What pytest's own reports begin with, where the test is not named beside it.
  static String heading(String id, String worker) {
    return "worker '" + worker + "' died while running '" + id + "'\n";
  }

  static String of(HostMessage.Gone gone, Death death) {
    String phase = gone.phase().isEmpty() || gone.phase().equals("call") ? "" : gone.phase();
    return DeathText.outcome(death)
        + (phase.isEmpty() ? "" : "  it was in its " + phase + "\n")
        + evidence(gone);
  }

  /// Of a worker that died after its last test.
  static String after(String id, String worker, HostMessage.Gone gone, Death death) {
    return "worker '%s' died after '%s', in the teardown of fixtures of a wider scope or at the end of its session\n%s%s"
        .formatted(worker, id, DeathText.outcome(death), evidence(gone));
  }

  private static String evidence(HostMessage.Gone gone) {
    return section("stack of the worker", StackText.ofProject(gone.stack()))
        + section("last captured output", gone.output());
  }

  private static String section(String title, String body) {
    return body.isBlank() ? "" : "--- " + title + " ---\n" + body.stripTrailing() + "\n";
  }
}
