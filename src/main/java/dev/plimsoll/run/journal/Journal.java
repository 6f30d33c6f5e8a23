package dev.plimsoll.run.journal;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.history.OwnFolder;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.plan.RunRequest;
import dev.plimsoll.run.plan.ShardChoice;
import dev.plimsoll.shard.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The journal of a run: every decision before it takes effect and every outcome, one JSON object a
/// line, appended.
///
/// What the machine may not survive (a test with a large lease, a kill) is on the disk before it
/// happens, everything else a moment later. A journal that cannot be written, on a full disk say,
/// is given up with one warning; the run goes on.
public final class Journal implements AutoCloseable {
  /// Where its lines go.
  public interface Sink {
    void append(ByteBuffer line) throws IOException;

    /// Have what was written on the disk.
    public void sync() throws IOException;

    void close() throws IOException;
  }

  static final String SUFFIX = ".jsonl";
  private static final int KEEP = 20;

  /// What a power failure may take.
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final Consumer<String> warning;

  /// What the record of a shard has of each test; a journal is never asked for it.
  private final Optional<Map<String, TestResult>> written;

  private @Nullable Sink sink;

  public Journal(@Nullable Sink sink, InstantSource clock, Consumer<String> warning) {
    this(sink, clock, warning, Optional.empty());
  }

  private Journal(
      @Nullable Sink sink,
      InstantSource clock,
      Consumer<String> warning,
      Optional<Map<String, TestResult>> written) {
    this.written = written;
    this.sink = sink;
    this.clock = clock;
    this.warning = warning;
  }

  /// Begin the journal of a run in `folder`, and remove all but the newest ones.
  public static Journal open(
      Path folder, String run, RunRequest request, InstantSource clock, Consumer<String> warning) {
    try {
      OwnFolder.make(folder.resolveSibling(""));
      Files.createDirectories(folder);
      prune(folder);
      var options = List.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      var channel = FileChannel.open(folder.resolve(run + SUFFIX), java.util.Set.copyOf(options));
      var journal = new Journal(file(channel), clock, warning);
      journal.began(run, request);
      return journal;
    } catch (IOException e) {
      warning.accept("this run cannot be resumed: cannot write its journal: " + FileTrouble.why(e));
      return new Journal(null, clock, warning);
    }
  }

  /// Begin the record of a shard: a journal in a folder of the user's, with a header that says of
  /// which plan and machine it is.
  ///
  /// @throws UserError when it cannot be written: the shard would be missing from the merged run
  public static Journal open(
      ShardChoice shard,
      String run,
      RunRequest request,
      Machine machine,
      InstantSource clock,
      Consumer<String> warning) {
    Journal journal = open(shard, run, machine, clock, warning);
    journal.began(run, request);
    return journal;
  }

  /// The same for a run of other tests than pytest's, which is not resumed.
  ///
  /// @throws UserError when it cannot be written
  public static Journal open(
      ShardChoice shard,
      String run,
      Machine machine,
      InstantSource clock,
      Consumer<String> warning) {
    Path file = Path.of(shard.file(run) + SUFFIX);
    try {
      Files.createDirectories(shard.records());
      var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      var journal = new Journal(file(channel), clock, warning, Optional.of(new HashMap<>()));
      journal.write(ShardLines.header(shard, run, machine), false);
      return journal;
    } catch (IOException e) {
      throw new UserError(
          "cannot write the shard's record `" + file + "`",
          FileTrouble.why(e),
          "use another folder with `--record FOLDER`",
          ExitCode.INTERNAL_ERROR);
    }
  }

  private static Sink file(FileChannel channel) {
    return new SyncedSoon(
        new Sink() {
          @Override
          public void append(ByteBuffer line) throws IOException {
            while (line.hasRemaining()) {
              channel.write(line);
            }
          }

          @Override
          public void sync() throws IOException {
            channel.force(false);
          }

          @Override
          public void close() throws IOException {
            channel.close();
          }
        },
        MOMENT);
  }

  private static void prune(Path folder) throws IOException {
    var journals = Unfinished.journals(folder);
    for (Path old : journals.subList(Math.min(KEEP, journals.size()), journals.size())) {
      Files.deleteIfExists(old);
    }
  }

  /// A resumed run asks for the same tests.
  private void began(String run, RunRequest request) {
    write(
        Map.of(
            "event", "began",
            "run", run,
            "boot", Boot.id(),
            "pid", ProcessHandle.current().pid(),
            "groups", request.groups(),
            "arguments", request.arguments()),
        false);
  }

  /// The versions of what runs a shard, and the tests of all shards.
  public void manifest(Map<String, String> environment, Manifest manifest) {
    write(ShardLines.environment(environment), false);
    write(ShardLines.digest(manifest), false);
    ShardLines.tests(manifest).forEach(line -> write(line, false));
  }

  /// What a shard's run was, with the results that were not written when a test ended.
  public void summary(RunSummary run) {
    Map<String, TestResult> known = written.orElseGet(Map::of);
    run.results().stream()
        .filter(result -> !result.equals(known.get(result.id())))
        .forEach(this::ended);
    write(ShardLines.summary(run), false);
  }

  public void collected(int count) {
    write(Map.of("event", "collected", "count", count), false);
  }

  /// Tests are about to be given to a worker.
  ///
  /// @param heavy whether their memory is a large part of the budget
  public void admitted(String worker, List<String> ids, boolean heavy) {
    write(Map.of("event", "admitted", "worker", worker, "tests", ids), heavy);
  }

  /// Another decision is about to take effect.
  ///
  /// @param event what is done, such as `starts` or `retires`
  /// @param to the worker or the group that it is done to, empty for the run
  public void decided(String event, String to, String why) {
    write(Map.of("event", event, "to", to, "why", why), false);
  }

  /// A worker is about to be killed by us. Memory is short at that moment, and a disk may be slow:
  /// the line is written before the kill, and after it {@linkplain #sync kept} on the disk.
  public void kills(String worker, String id, String why) {
    write(Map.of("event", "kills", "worker", worker, "test", id, "why", why), false);
  }

  public void died(String worker, String id, String verdict) {
    write(Map.of("event", "died", "worker", worker, "test", id, "verdict", verdict), false);
  }

  public void ended(TestResult result) {
    write(Map.of("event", "ended", "result", ResultLine.of(result)), false);
    written.ifPresent(known -> known.put(result.id(), result));
  }

  public void finished(int exitCode) {
    write(Map.of("event", "finished", "exit", exitCode), true);
  }

  private void write(Map<String, Object> fields, boolean sync) {
    Sink open = sink;
    if (open == null) {
      return;
    }
    var line = new LinkedHashMap<String, Object>();
    line.put("at", clock.millis());
    line.putAll(fields);
    try {
      open.append(
          ByteBuffer.wrap((JSON.std.asString(line) + "\n").getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      giveUp(open, e);
    }
    if (sync) {
      sync();
    }
  }

  /// Have what was written on the disk.
  public void sync() {
    Sink open = sink;
    if (open == null) {
      return;
    }
    try {
      open.sync();
    } catch (IOException e) {
      giveUp(open, e);
    }
  }

  private void giveUp(Sink open, IOException reason) {
    sink = null;
    warning.accept(
        "the run continues without a journal and cannot be resumed: " + FileTrouble.why(reason));
    try {
      open.close();
    } catch (IOException e) {
      return;
    }
  }

  @Override
  public void close() {
    Sink open = sink;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        warning.accept("the journal of this run may be incomplete: " + FileTrouble.why(e));
      }
    }
  }
}
