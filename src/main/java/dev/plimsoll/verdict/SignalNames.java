package dev.plimsoll.verdict;

import java.util.Map;
import java.util.Optional;

/// Names and meanings of signals as Linux numbers them (signal(7); x86, ARM and most others).
public final class SignalNames {
  public static final int KILL = 9;
  public static final int TERM = 15;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(5, "SIGTRAP"),
          Map.entry(6, "SIGABRT"),
          Map.entry(7, "SIGBUS"),
          Map.entry(8, "SIGFPE"),
          Map.entry(9, "SIGKILL"),
          Map.entry(10, "SIGUSR1"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(12, "SIGUSR2"),
          Map.entry(13, "SIGPIPE"),
          Map.entry(14, "SIGALRM"),
          Map.entry(15, "SIGTERM"),
          Map.entry(24, "SIGXCPU"),
          Map.entry(25, "SIGXFSZ"),
          Map.entry(31, "SIGSYS"));

  private SignalNames() {}

  public static String name(int number) {
    return known(number).orElse("signal " + number);
  }

  /// The name of a signal, empty when it is not known.
  public static Optional<String> known(int number) {
    return Optional.ofNullable(NAMES.get(number));
  }

  /// The number of a signal by its name, 0 when it is not known.
  public static int number(String name) {
    return NAMES.entrySet().stream()
        .filter(entry -> entry.getValue().equals(name))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(0);
  }

  /// What such a signal usually means for a test; empty when nothing can be said.
  static String advice(int number) {
    return switch (number) {
      case 4 -> "a library was built for another processor: reinstall the one that the stack names";
      case 6 ->
          "the process aborted itself (failed assertion in C code, `std::bad_alloc`, double"
              + " free): look at its last output";
      case 7 -> "a mapped file was cut short or `/dev/shm` is full: check `df -h /dev/shm /tmp`";
      case 11 ->
          "a fault in C code: look at the stack that faulthandler wrote, and run the test alone"
              + " with `python -X faulthandler`";
      case 24 -> "a CPU time limit was met: see `ulimit -t`";
      case 25 -> "a file size limit was met: see `ulimit -f`";
      case 31 -> "a system call is not allowed in this sandbox";
      default -> "";
    };
  }
}
