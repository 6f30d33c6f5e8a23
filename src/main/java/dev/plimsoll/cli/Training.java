package dev.plimsoll.cli;

import java.util.ArrayList;

/// Runs several command lines in one process, separated by `::`, so that the build can record what
/// they load for a faster start (JEP 514, `-XX:AOTCacheOutput`). Their exit codes do not matter.
final class Training {
  private Training() {}

  public static void main(String[] args) {
    var line = new ArrayList<String>();
    for (String arg : args) {
      if (arg.equals("::")) {
        Main.run(line.toArray(String[]::new));
        line.clear();
      } else {
        line.add(arg);
      }
    }
    Main.run(line.toArray(String[]::new));
    System.exit(0);
  }
}
