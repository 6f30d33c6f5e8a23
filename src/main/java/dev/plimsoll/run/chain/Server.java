package dev.plimsoll.run.chain;

import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.Child;
import dev.plimsoll.process.Ports;
import dev.plimsoll.run.chain.ServerProbe.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The server under test while stages use it: started here and ended with all its children, or one
/// that ran before and goes on.
final class Server implements AutoCloseable {
  /// Sooner than the shell, later than what runs tests.
  private static final int OOM_SCORE = 300;

  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration STEP = Duration.ofMillis(100);
  private static final Duration REUSE_LIMIT = Duration.ofSeconds(3);
  private static final int SHOWN_LINES = 15;

  private final Optional<Child> child;
  private final CompletableFuture<UserError> death;

  private Server(Optional<Child> child) {
    this.child = child;
    this.death =
        child
            .map(c -> c.onExit().thenApplyAsync(status -> died(c, status, "while stages used it")))
            .orElseGet(CompletableFuture::new);
  }

  /// Start the server, or find the one to reuse, and wait until it answers.
  ///
  /// @param output file that keeps what it prints
  /// @throws UserError when it does not answer in time, ends before, or its port is taken
  static Server open(ServerSpec spec, String run, Path output, CancellationToken cancellation) {
    if (spec.reuse()) {
      awaitReused(spec, cancellation);
      return new Server(Optional.empty());
    }
    refuseTakenPort(spec);
    Child child = start(spec, run, output);
    try {
      awaitStarted(spec, child, cancellation);
    } catch (UserError e) {
      child.stop(GRACE);
      throw e;
    }
    return new Server(Optional.of(child));
  }

  /// Its process, when it was started here.
  OptionalLong pid() {
    return child.map(c -> OptionalLong.of(c.pid())).orElse(OptionalLong.empty());
  }

  /// Completed when the server that was started here ends, with the error to tell; never for a
  /// reused one.
  CompletableFuture<UserError> onDeath() {
    return death.copy();
  }

  /// The error to tell when the server that was started here has ended already.
  Optional<UserError> death() {
    boolean ended = child.filter(c -> !c.isAlive()).isPresent();
    return ended ? Optional.of(death.join()) : Optional.empty();
  }

  @Override
  public void close() {
    child.ifPresent(c -> c.stop(GRACE));
  }

  private static Child start(ServerSpec spec, String run, Path output) {
    Map<String, String> env = new HashMap<>(spec.forServer());
    env.putAll(spec.env());
    try {
      var command = List.of("sh", "-c", spec.command());
      return Child.start(
          new Child.Start(command, spec.folder(), env, run, output, OOM_SCORE, Child.Input.OPEN),
          line -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void refuseTakenPort(ServerSpec spec) {
    var ports = new Ports(Path.of("/proc"));
    if (!ports.isTaken(spec.port())) {
      return;
    }
    String holder =
        ports.listeners(spec.port()).stream()
            .map(Ports.Listener::toString)
            .reduce((a, b) -> a + "\n" + b)
            .orElse("a process of another user");
    throw new UserError(
        "port " + spec.port() + " is in use, so the server under test cannot start",
        holder + " listens on it",
        "stop it, set PLAYWRIGHT_PORT to a free port, or test against it with"
            + " PLAYWRIGHT_REUSE_SERVER=1",
        ExitCode.BROWSER);
  }

  private static void awaitReused(ServerSpec spec, CancellationToken cancellation) {
    var probe = new ServerProbe(spec.url(), spec.insecure());
    String last = "";
    for (long waited = 0; waited <= REUSE_LIMIT.toMillis(); waited += STEP.toMillis()) {
      switch (probe.ask()) {
        case Answer.Ready ready -> {
          return;
        }
        case Answer.Never never -> throw hopeless("the server to reuse", spec, never);
        case Answer.NotYet(String why) -> last = why;
      }
      pause();
      refuse(cancellation);
    }
    throw new UserError(
        "the server to reuse does not answer at " + spec.url(),
        last,
        "start it, or unset PLAYWRIGHT_REUSE_SERVER to let Plimsoll start one",
        ExitCode.BROWSER);
  }

  private static void awaitStarted(ServerSpec spec, Child child, CancellationToken cancellation) {
    CompletableFuture<Integer> exit = child.onExit();
    var probe = new ServerProbe(spec.url(), spec.insecure());
    long end = System.nanoTime() + spec.limit().toNanos();
    while (true) {
      String last;
      switch (probe.ask()) {
        case Answer.Ready ready -> {
          return;
        }
        case Answer.Never never -> throw hopeless("the server under test", spec, never);
        case Answer.NotYet(String why) -> last = why;
      }
      refuse(cancellation);
      if (System.nanoTime() > end) {
        throw late(spec, child, last);
      }
      if (endsWithin(exit, STEP)) {
        throw died(child, exit.join(), "before it answered at " + spec.url());
      }
    }
  }

  private static UserError late(ServerSpec spec, Child child, String last) {
    return new UserError(
        "the server under test did not answer at "
            + spec.url()
            + " within "
            + spec.limit().toSeconds()
            + " s",
        last + "\nit printed:\n" + said(child),
        "look at " + child.output() + ", or raise `server.timeout`",
        ExitCode.BROWSER);
  }

  private static UserError hopeless(String server, ServerSpec spec, Answer.Never never) {
    return new UserError(
        server + " cannot be reached at " + spec.url(),
        never.why(),
        never.hint(),
        ExitCode.BROWSER);
  }

  private static boolean endsWithin(CompletableFuture<Integer> exit, Duration time) {
    try {
      exit.get(time.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void pause() {
    try {
      Thread.sleep(STEP);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static void refuse(CancellationToken cancellation) {
    if (cancellation.isPulled()) {
      throw new UserError(
          "interrupted while the server under test started", "", "", ExitCode.INTERRUPTED);
    }
  }

  private static UserError interrupted() {
    Thread.currentThread().interrupt();
    return new UserError("interrupted while the server started", "", "", ExitCode.INTERRUPTED);
  }

  private static UserError died(Child child, int status, String when) {
    child.stop(Duration.ZERO);
    return new UserError(
        "the server under test exited with exit code " + status + " " + when,
        "it printed:\n" + said(child),
        "its output is in " + child.output(),
        ExitCode.BROWSER);
  }

  private static String said(Child child) {
    List<String> lines = child.lastLines(SHOWN_LINES);
    return lines.isEmpty() ? "nothing" : String.join("\n", lines);
  }
}
