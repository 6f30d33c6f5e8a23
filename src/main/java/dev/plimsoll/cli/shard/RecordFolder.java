package dev.plimsoll.cli.shard;

import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.journal.RecordReader;
import dev.plimsoll.shard.ShardRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// The records and the coverage of shards in a folder: as files, in folders of their own as CI
/// systems unpack artifacts, or inside `.zip` archives.
///
/// Archives are read where they are. Nothing but coverage is unpacked, under a name of ours, so the
/// names in an archive cannot lead anywhere. Links are not followed: they may lead out.
final class RecordFolder {
  private static final Pattern RECORD =
      Pattern.compile("shard-[0-9]+-of-[0-9]+\\.([^/\\\\]+)\\.jsonl");
  private static final Pattern COVERAGE =
      Pattern.compile("shard-[0-9]+-of-[0-9]+\\.([^/\\\\]+?)\\.coverage(\\.[^/\\\\]*)?");
  private static final int DEPTH = 8;
  private static final long LARGEST_COVERAGE = 2L << 30;
  private static final int MOST_ENTRIES = 100_000;

  private final Path folder;
  private final RecordReader reader = new RecordReader();
  private final List<ShardRecord> records = new ArrayList<>();

  /// @throws UserError when there is no such folder
  RecordFolder(Path folder) {
    try {
      this.folder = folder.toRealPath();
    } catch (IOException e) {
      throw new UserError(
          "there is no folder `" + folder + "`",
          "`plimsoll merge` reads the records of the shards from there",
          "download what `plimsoll run --shard K/N` left in its folder of records",
          ExitCode.USAGE);
    }
  }

  /// All records.
  List<ShardRecord> records() {
    for (Path file : files()) {
      String name = folder.relativize(file).toString();
      if (RECORD.matcher(file.getFileName().toString()).matches()) {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
          reader.read(name, in).ifPresent(records::add);
        } catch (IOException e) {
          throw unreadable(name, e);
        }
      } else if (name.endsWith(".zip")) {
        inArchive(
            file,
            (entry, in) -> {
              if (RECORD.matcher(last(entry)).matches()) {
                reader.read(name + "/" + entry, in).ifPresent(records::add);
              }
            });
      }
    }
    return records;
  }

  /// Copy the coverage of these runs into a folder; answers how many files there are.
  int coverage(List<String> runs, Path into) {
    var count = new int[1];
    for (Path file : files()) {
      if (isCoverage(file.getFileName().toString(), runs)) {
        copy(() -> Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), into, count);
      } else if (file.toString().endsWith(".zip")) {
        inArchive(
            file,
            (entry, in) -> {
              if (isCoverage(last(entry), runs)) {
                copy(() -> in, into, count);
              }
            });
      }
    }
    return count[0];
  }

  private interface Source {
    InputStream open() throws IOException;
  }

  private static boolean isCoverage(String name, List<String> runs) {
    var matcher = COVERAGE.matcher(name);
    return matcher.matches() && runs.contains(matcher.group(1));
  }

  private static void copy(Source source, Path into, int[] count) {
    Path target = into.resolve(".coverage.shard" + count[0]++);
    try (var out = Files.newOutputStream(target)) {
      InputStream in = source.open();
      byte[] buffer = new byte[1 << 16];
      long size = 0;
      for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
        size += read;
        if (size > LARGEST_COVERAGE) {
          throw new IOException("it is larger than " + (LARGEST_COVERAGE >> 20) + " MiB");
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      throw unreadable("the coverage of a shard", e);
    }
  }

  private interface Entry {
    void read(String name, InputStream in) throws IOException;
  }

  private void inArchive(Path archive, Entry work) {
    try (var zip = new ZipInputStream(Files.newInputStream(archive, LinkOption.NOFOLLOW_LINKS))) {
      int entries = 0;
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (++entries > MOST_ENTRIES) {
          throw new IOException("it has more than " + MOST_ENTRIES + " entries");
        }
        work.read(entry.getName(), zip);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(folder.relativize(archive).toString(), e);
    }
  }

  private static String last(String entry) {
    return entry.substring(Math.max(entry.lastIndexOf('/'), entry.lastIndexOf('\\')) + 1);
  }

  private List<Path> files() {
    try (Stream<Path> files = Files.walk(folder, DEPTH)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .sorted(Comparator.comparing(Path::toString))
          .toList();
    } catch (IOException e) {
      throw unreadable(folder.toString(), e);
    }
  }

  private static UserError unreadable(String name, Exception e) {
    return new UserError(
        "`" + name + "` cannot be read",
        e instanceof IOException io ? FileTrouble.why(io) : String.valueOf(e.getMessage()),
        "",
        ExitCode.INCOMPLETE);
  }
}
