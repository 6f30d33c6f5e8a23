package dev.plimsoll.memory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/// Tell the kernel whom to kill first when the whole machine is out of memory: workers, not the
/// shell, the editor or systemd. Everybody may raise the value of own processes (proc(5)).
public final class OomScore {
  /// For workers.
  public static final int WORKER = 800;

  /// For hosts: after their workers, before the rest of the session.
  public static final int HOST = 500;

  private OomScore() {}

  /// Raise `oom_score_adj` of a process; what it starts inherits it. False when it is gone or not
  /// ours.
  public static boolean raise(SystemRoot root, long pid, int score) {
    try {
      Files.write(
          root.at("/proc/" + pid + "/oom_score_adj"),
          Integer.toString(score).getBytes(StandardCharsets.US_ASCII),
          StandardOpenOption.WRITE);
      return true;
    } catch (IOException gone) {
      return false;
    }
  }
}
