package dev.plimsoll.engine.pytest;

import dev.plimsoll.process.InheritedProcess;
import dev.plimsoll.process.Watchdog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// An interpreter that was started before it was known what for: it has loaded pytest by the time
/// the command line, the configuration and the machine are read, and waits for its order.
///
/// Once it has that it is what {@link PytestHost#start} would have started: the same working
/// folder, module path, arguments, variables and streams.
public final class EarlyPython implements AutoCloseable {
  /// No name is left in the main module.
  private static final String WAIT = "__import__('plimsoll_pytest.early').early.wait()";

  private static final char END = 0;

  /// In which the JDK gives arguments to a process.
  private static final Charset ENCODING =
      Charset.forName(System.getProperty("sun.jnu.encoding", ""), StandardCharsets.UTF_8);

  /// Orders up to here fit into a pipe, so that nobody waits for an interpreter that loads.
  private static final int LONGEST = 32 << 10;

  /// Set by the launcher script (`./plimsoll`) when it has started one, as the last run here left
  /// word of it: lines with its pid, that of a child that has ended, its mark, the interpreter and
  /// the plugin's folder.
  private static final String INHERITED = "plimsoll.early";

  /// The script's descriptors of its pipes.
  private static final int ORDERS = 4;

  private static final int OUTPUT = 5;

  private final Path python;
  private final Path folder;
  private final Process process;
  private final Optional<String> mark;

  private EarlyPython(Path python, Path folder, Process process, Optional<String> mark) {
    this.python = python;
    this.folder = folder;
    this.process = process;
    this.mark = mark;
  }

  /// The one that the launcher script started; empty when it started none, or one that this run
  /// cannot use. Once only.
  ///
  /// @param plugin folder of the pytest plugin
  /// @param folder working folder of pytest, and of this process
  /// @param launcher as in {@link HostRequest}
  public static Optional<EarlyPython> inherited(
      Path plugin, Path folder, UnaryOperator<List<String>> launcher) {
    String told = System.clearProperty(INHERITED);
    String[] lines = told == null ? new String[0] : told.split("\n", -1);
    if (lines.length != 5) {
      return Optional.empty();
    }
    var pipes = new InheritedProcess.Pipes(ORDERS, OUTPUT);
    return InheritedProcess.of(
            Long.parseLong(lines[0]),
            Long.parseLong(lines[1]),
            Watchdog.MARK + "=" + lines[2],
            pipes)
        .map(process -> new EarlyPython(Path.of(lines[3]), folder, process, Optional.of(lines[2])))
        .filter(early ->
            early.orElseClose(
                Path.of(lines[4]).equals(plugin) && HostRequest.startsDirectly(launcher)));
  }

  private boolean orElseClose(boolean usable) {
    if (!usable) {
      close();
    }
    return usable;
  }

  /// Start it. Empty if it does not start; the run reports that when it needs the interpreter.
  ///
  /// @param plugin folder of the pytest plugin
  /// @param folder working folder of pytest
  /// @param run the run's id
  /// @param launcher as in {@link HostRequest}
  public static Optional<EarlyPython> start(
      Path python, Path plugin, Path folder, String run, UnaryOperator<List<String>> launcher) {
    var builder =
        new ProcessBuilder(launcher.apply(List.of(python.toString(), "-c", WAIT)))
            .directory(folder.toFile())
            .redirectErrorStream(true);
    PytestHost.prepare(builder.environment(), plugin, run);
    try {
      return Optional.of(new EarlyPython(python, folder, builder.start(), Optional.empty()));
    } catch (IOException cannotStart) {
      return Optional.empty();
    }
  }

  public long pid() {
    return process.pid();
  }

  /// What marks it, if that is not the run's id.
  public Optional<String> mark() {
    return mark;
  }

  /// Whether it is what this request, which is of the same run, needs. Variables of Python itself
  /// count at its start only, and who talks to pytest needs the terminal.
  boolean fits(HostRequest request) {
    int length = request.arguments().stream().mapToInt(argument -> argument.length() + 1).sum();
    return request.python().executable().equals(python)
        && request.python().program().equals(ChosenPython.MODULE)
        && request.folder().equals(folder)
        && request.environment().keySet().stream().noneMatch(name -> name.startsWith("PYTHON"))
        && !request.isInteractive()
        && length <= LONGEST;
  }

  /// Give it its order: the number of arguments and that of variables, then they, each ended by a
  /// NUL, which none of them can hold. The process is the one that runs pytest.
  ///
  /// @throws IOException when it has ended meanwhile
  Process run(List<String> arguments, Map<String, String> variables) throws IOException {
    var order = new StringBuilder();
    order.append(arguments.size()).append(END).append(variables.size()).append(END);
    arguments.forEach(argument -> order.append(argument).append(END));
    variables.forEach((name, value) -> order.append(name).append('=').append(value).append(END));
    try (OutputStream orders = process.getOutputStream()) {
      orders.write(order.toString().getBytes(ENCODING));
    }
    return process;
  }

  /// It is not needed.
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
