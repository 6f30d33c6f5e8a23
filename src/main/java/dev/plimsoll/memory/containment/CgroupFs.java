package dev.plimsoll.memory.containment;

import dev.plimsoll.memory.CgroupDir.Version;
import dev.plimsoll.memory.ProcText;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.model.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// A control group's directory: small files to read and write, processes to move and to kill.
record CgroupFs(Path path) {
  private static final long PATIENCE = 2_000_000_000;
  private static final long PAUSE = 2_000_000;

  CgroupFs child(String name) {
    return new CgroupFs(path.resolve(name));
  }

  boolean has(String file) {
    return Files.exists(path.resolve(file));
  }

  Optional<String> read(String file) {
    return SystemRoot.text(path.resolve(file)).map(String::strip);
  }

  /// The number in a file of one number; empty for `max` and for missing files.
  OptionalLong number(String file) {
    return read(file).map(text -> ProcText.of(text + "\n").first()).orElse(OptionalLong.empty());
  }

  /// The most that was ever charged here, file cache included; empty on kernels that keep no peak.
  Optional<Bytes> peak(Version version) {
    OptionalLong peak = number(version == Version.V2 ? "memory.peak" : "memory.max_usage_in_bytes");
    return peak.isPresent() ? Optional.of(Bytes.of(peak.getAsLong())) : Optional.empty();
  }

  /// @throws IOException when the kernel refuses
  void write(String file, String value) throws IOException {
    Files.write(
        path.resolve(file), value.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
  }

  /// Write where it is possible; whether it was.
  boolean tryWrite(String file, String value) {
    try {
      write(file, value);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  void create() throws IOException {
    Files.createDirectories(path);
  }

  /// Move a process here; its memory so far stays charged where it was.
  void add(long pid) throws IOException {
    write("cgroup.procs", Long.toString(pid));
  }

  List<Long> pids() {
    return read("cgroup.procs").orElse("").lines().map(Long::parseLong).toList();
  }

  List<CgroupFs> children() {
    List<CgroupFs> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, Files::isDirectory)) {
      entries.forEach(entry -> found.add(new CgroupFs(entry)));
    } catch (IOException gone) {
      return List.of();
    }
    return found;
  }

  /// Kill every process in this group and below, until none is left. `cgroup.kill` (Linux 5.14)
  /// does it at once; before, processes are killed one by one, again until no new ones appear.
  void kill() {
    long end = System.nanoTime() + PATIENCE;
    children().forEach(CgroupFs::kill);
    List<Long> pids = pids();
    while (!pids.isEmpty() && System.nanoTime() < end) {
      if (!tryWrite("cgroup.kill", "1")) {
        long own = ProcessHandle.current().pid();
        killMembers(
            pids.stream()
                .filter(pid -> pid != own && pid > 0)
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .toList());
      }
      LockSupport.parkNanos(PAUSE);
      pids = pids();
    }
  }

  /// A handle compares its process's start time when it sends the signal, so handles that were made
  /// before this look at the members reach a member or nobody.
  private void killMembers(List<ProcessHandle> processes) {
    Set<Long> members = Set.copyOf(pids());
    processes.stream()
        .filter(process -> members.contains(process.pid()))
        .forEach(ProcessHandle::destroyForcibly);
  }

  /// Remove the group and those below. A group is busy until the last process in it is gone, so
  /// this tries for up to two seconds; false when it is still there then.
  boolean remove() {
    children().forEach(CgroupFs::remove);
    long end = System.nanoTime() + PATIENCE;
    while (System.nanoTime() < end) {
      try {
        Files.delete(path);
        return true;
      } catch (NoSuchFileException gone) {
        return true;
      } catch (IOException busy) {
        LockSupport.parkNanos(PAUSE);
      }
    }
    return false;
  }
}
