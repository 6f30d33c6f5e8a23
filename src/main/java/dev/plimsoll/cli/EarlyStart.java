package dev.plimsoll.cli;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigLoader;
import dev.plimsoll.config.Overrides;
import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.SteadyClock;
import dev.plimsoll.run.plan.RunBootstrap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The bootstrap of `plimsoll run`. It starts before the command line is parsed, which takes as
/// long as Python takes to load pytest. The run reports errors later, when it needs the result.
public final class EarlyStart implements AutoCloseable {
  private static final String PYTHON = "--python";

  /// Options that select another project, or no run.
  private static final Set<String> ELSEWHERE =
      Set.of("--directory", "--config", "--profile", "-h", "--help", "-V", "--version");

  private @Nullable CompletableFuture<RunBootstrap> begun;

  private EarlyStart(@Nullable CompletableFuture<RunBootstrap> begun) {
    this.begun = begun;
  }

  /// Begin, if these are the arguments of a pytest run in the current directory.
  public static EarlyStart of(String... arguments) {
    List<String> all = Stream.of(arguments).takeWhile(argument -> !argument.equals("--")).toList();
    boolean here =
        !all.isEmpty()
            && all.getFirst().equals("run")
            && all.stream().noneMatch(EarlyStart::leadsElsewhere);
    if (!here) {
      return new EarlyStart(null);
    }
    var ground = new CompletableFuture<RunBootstrap>();
    Thread.ofPlatform().daemon().name("early start").start(() -> begin(all, ground));
    return new EarlyStart(ground);
  }

  private static boolean leadsElsewhere(String argument) {
    return ELSEWHERE.contains(argument)
        || argument.startsWith("-C")
        || ELSEWHERE.stream().anyMatch(option -> argument.startsWith(option + "="));
  }

  private static void begin(List<String> arguments, CompletableFuture<RunBootstrap> ground) {
    Path current = Path.of("").toAbsolutePath().normalize();
    try {
      ground.complete(
          RunBootstrap.begin(SteadyClock.source(), current, () -> python(arguments, current)));
    } catch (IOException | RuntimeException | Error failed) {
      // Complete it in any case, because a caller waits for it.
      ground.completeExceptionally(failed);
    }
  }

  private static Optional<Path> python(List<String> arguments, Path current) {
    Overrides named =
        named(arguments)
            .map(path -> Overrides.NONE.with(Keys.PYTHON, PYTHON, path))
            .orElse(Overrides.NONE);
    try {
      Config config =
          new ConfigLoader(ConfigSchema.STANDARD, System.getenv(), "").load(current, named);
      return Optional.of(ProjectFlags.python(config, current).executable());
    } catch (UserError saidLater) {
      return Optional.empty();
    }
  }

  /// The value of `--python`.
  private static Optional<String> named(List<String> arguments) {
    int at = arguments.indexOf(PYTHON);
    if (at >= 0) {
      return at + 1 < arguments.size() ? Optional.of(arguments.get(at + 1)) : Optional.empty();
    }
    return arguments.stream()
        .filter(argument -> argument.startsWith(PYTHON + "="))
        .map(argument -> argument.substring(PYTHON.length() + 1))
        .findFirst();
  }

  /// The bootstrap, once; the next ones are laid when they are asked for, as is one that could not
  /// be laid early, which then says why. The caller closes it.
  public RunBootstrap next() throws IOException {
    Optional<RunBootstrap> early = take();
    return early.isPresent() ? early.get() : RunBootstrap.begin(SteadyClock.source());
  }

  /// Close what nobody used.
  @Override
  public void close() {
    Optional<RunBootstrap> unused = take();
    try {
      if (unused.isPresent()) {
        unused.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The started bootstrap, once.
  private Optional<RunBootstrap> take() {
    CompletableFuture<RunBootstrap> first = begun;
    begun = null;
    try {
      return first == null ? Optional.empty() : Optional.of(first.join());
    } catch (CompletionException failed) {
      return Optional.empty();
    }
  }
}
