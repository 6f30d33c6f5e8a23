package dev.plimsoll.process;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A program that a script turned itself into, after it had started a child with its pipes at 4 and
/// 5: gives the child one line and says what it answered and how it ended.
final class InheritedProcessMain {
  private InheritedProcessMain() {}

  public static void main(String[] args) throws Exception {
    Optional<Process> child =
        InheritedProcess.of(
            Long.parseLong(args[0]),
            Long.parseLong(args[1]),
            Watchdog.MARK + "=" + args[2],
            new InheritedProcess.Pipes(4, 5));
    if (child.isEmpty()) {
      System.out.println("no child");
      return;
    }
    Process process = child.get();
    System.out.println(
        "alive " + process.isAlive() + " " + (process.pid() == Long.parseLong(args[0])));
    try (OutputStream orders = process.getOutputStream()) {
      if (args.length > 3) {
        process.destroyForcibly();
      } else {
        orders.write("line\n".getBytes(StandardCharsets.UTF_8));
      }
    }
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    System.out.println("said " + answer.strip());
    System.out.println(
        "ended " + process.waitFor() + " " + process.exitValue() + " " + process.isAlive());
  }
}
