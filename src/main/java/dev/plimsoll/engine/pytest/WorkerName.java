package dev.plimsoll.engine.pytest;

/// Worker names as pytest-xdist gives them: `gw0`, `gw1`, ...
public final class WorkerName {
  private static final String PREFIX = "gw";

  private WorkerName() {}

  public static String of(int number) {
    return PREFIX + number;
  }

  /// The number in a worker's name, -1 when the text is no worker's name.
  public static int number(String name) {
    try {
      return name.startsWith(PREFIX)
          ? Integer.parseInt(name.substring(PREFIX.length()))
          : HostMessage.NONE;
    } catch (NumberFormatException e) {
      return HostMessage.NONE;
    }
  }
}
