package dev.plimsoll.engine.pytest;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// How a host is started.
///
/// @param python the interpreter, and how it starts pytest
/// @param plugin folder that holds the `plimsoll_pytest` package
/// @param folder working folder of pytest
/// @param scratch a folder of the run's own, for the socket
/// @param engine `fork`, `spawn`, `xdist`, or `serial` for a debugger
/// @param arguments what pytest is given after our own options
/// @param environment variables added to the inherited ones
/// @param launcher makes of a command line the one that starts it where its memory can be contained
public record HostRequest(
    ChosenPython python,
    Path plugin,
    Path folder,
    Path scratch,
    String run,
    String engine,
    List<String> arguments,
    Map<String, String> environment,
    UnaryOperator<List<String>> launcher) {
  public HostRequest {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /// Whether a host is started as it is, without a program that puts it into a group.
  public boolean startsDirectly() {
    return startsDirectly(launcher);
  }

  static boolean startsDirectly(UnaryOperator<List<String>> launcher) {
    return launcher.apply(List.of()).isEmpty();
  }

  /// Whether pytest is asked for its version, which newer ones answer before they load a plugin.
  public boolean asksForVersion() {
    return arguments.contains("--version") || arguments.contains("-V");
  }

  /// Whether the user wants to talk to pytest in the terminal (`--pdb`, `--trace`).
  public boolean isInteractive() {
    return engine.equals("serial");
  }
}
