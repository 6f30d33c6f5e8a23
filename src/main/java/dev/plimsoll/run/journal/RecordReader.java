package dev.plimsoll.run.journal;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.calibrate.document.RunDocument;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.plan.Digest;
import dev.plimsoll.shard.Manifest;
import dev.plimsoll.shard.ShardRecord;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the records of shards, which other machines wrote.
///
/// All shards have the same collection, so its tests are kept once: a record whose collection has
/// the digest of one that was read gets that one.
public final class RecordReader {
  /// The record of a million tests has some 300 MB.
  private static final long LARGEST = 4L << 30;

  private final Map<String, Manifest> manifests = new HashMap<>();

  /// Read one record.
  ///
  /// @param file its name, for messages
  /// @return empty when its shard ended before it had a header
  /// @throws UserError when it is something else, or too large
  public Optional<ShardRecord> read(String file, InputStream in) {
    var reading = new Reading(file);
    try {
      var lines = new BoundedLines(in, LARGEST);
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        reading.take(new Fields(JSON.std.mapFrom(line.get())));
      }
    } catch (IOException | RuntimeException e) {
      throw new UserError(
          "`" + file + "` is not the record of a shard",
          String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          "`plimsoll run --shard K/N` writes records; remove other files from the folder",
          ExitCode.INCOMPLETE);
    }
    return reading.record();
  }

  private final class Reading {
    private final String file;
    private @Nullable Fields header;
    private Instant start = Instant.EPOCH;
    private Machine machine = Machine.UNKNOWN;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private String digest = "";
    private final List<Manifest.Entry> entries = new ArrayList<>();
    private final Map<String, TestResult> results = new LinkedHashMap<>();
    private Optional<RunSummary> summary = Optional.empty();
    private boolean finished;

    Reading(String file) {
      this.file = file;
    }

    void take(Fields line) {
      String event = line.text("event");
      if (header == null && !event.equals("shard")) {
        throw new IllegalArgumentException("its first line is not the header of a shard");
      }
      switch (event) {
        case "shard" -> header(line);
        case "environment" ->
            line.object("versions")
                .map()
                .forEach((name, version) ->
                    environment.put(String.valueOf(name), String.valueOf(version)));
        case "manifest" -> digest = line.text("digest");
        case "tests" -> tests(line);
        case "ended" -> {
          TestResult result = ResultLine.read(line.object("result").map());
          results.put(result.id(), result);
        }
        case "summary" -> summary = Optional.of(RunDocument.read(line.map().get("run")));
        case "finished" -> finished = true;
        default -> {}
      }
    }

    private void header(Fields line) {
      if (line.number("schema") > ShardLines.SCHEMA) {
        throw new IllegalArgumentException("a newer version of Plimsoll wrote it");
      }
      long of = line.number("of");
      long shard = line.number("shard");
      if (shard < 1 || shard > of || of > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("there is no shard " + shard + " of " + of);
      }
      header = line;
      start = Instant.ofEpochMilli(line.number("at"));
      machine = line.object("machine").machine();
    }

    private void tests(Fields line) {
      if (manifests.containsKey(digest)) {
        return;
      }
      entries.addAll(ShardLines.readTests(line));
    }

    /// The tests under the digest that the record states; none when its list was cut off.
    private Optional<Manifest> manifest() {
      if (digest.isEmpty()) {
        return Optional.empty();
      }
      Manifest known = manifests.get(digest);
      if (known == null) {
        Manifest read = Manifest.of(entries);
        if (!Digest.of(read.canonical()).equals(digest)) {
          return Optional.empty();
        }
        known = read;
        manifests.put(digest, read);
      }
      return Optional.of(known);
    }

    Optional<ShardRecord> record() {
      Fields first = header;
      if (first == null) {
        return Optional.empty();
      }
      return Optional.of(
          new ShardRecord(
              file,
              first.text("run"),
              start,
              (int) first.number("shard") - 1,
              (int) first.number("of"),
              first.text("plan"),
              machine,
              environment,
              manifest(),
              results,
              finished ? summary : Optional.empty()));
    }
  }
}
