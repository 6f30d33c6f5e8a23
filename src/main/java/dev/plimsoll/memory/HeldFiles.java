package dev.plimsoll.memory;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Files in memory that live only because a process holds them open: those of a tmpfs without a
/// name, and `memfd_create(2)`. No size of a process has them, and they go with it.
///
/// A look costs a system call for each open file, so it is for moments when memory is short.
public final class HeldFiles {
  private static final String NAMELESS = " (deleted)";

  private final Path proc;
  private @Nullable List<String> folders;

  /// @param root whose `/proc` and mounts count
  public HeldFiles(SystemRoot root) {
    this.proc = root.at("/proc");
  }

  /// The folders of files in memory, read at the first look: most runs never need them.
  private List<String> folders() {
    List<String> known = folders;
    if (known == null) {
      String mounts = SystemRoot.text(proc.resolve("self/mountinfo")).orElse("");
      known =
          new MountTable(mounts)
              .visible().stream()
                  .filter(mount -> mount.type().equals("tmpfs"))
                  .map(mount -> mount.point() + "/")
                  .toList();
      folders = known;
    }
    return known;
  }

  /// What would go with each of these trees. A file that two of them hold open goes with neither.
  public Map<Integer, Bytes> byTree(Map<Integer, ? extends Collection<ProcessKey>> trees) {
    Map<Integer, Map<String, Long>> found = new HashMap<>();
    Map<String, Integer> holders = new HashMap<>();
    trees.forEach((tree, processes) -> {
      Map<String, Long> files = new HashMap<>();
      processes.forEach(process -> addFiles(process, files));
      files.keySet().forEach(file -> holders.merge(file, 1, Integer::sum));
      found.put(tree, files);
    });
    Set<String> shared = new HashSet<>(holders.keySet());
    shared.removeIf(file -> holders.getOrDefault(file, 0) == 1);
    Map<Integer, Bytes> sizes = new HashMap<>();
    found.forEach((tree, files) -> {
      files.keySet().removeAll(shared);
      sizes.put(tree, Bytes.of(files.values().stream().mapToLong(Long::longValue).sum()));
    });
    return sizes;
  }

  private void addFiles(ProcessKey process, Map<String, Long> files) {
    Path folder = proc.resolve(process.pid() + "/fd");
    try (DirectoryStream<Path> open = Files.newDirectoryStream(folder)) {
      for (Path file : open) {
        add(file, files);
      }
    } catch (IOException | DirectoryIteratorException gone) {
      // It has ended, or belongs to another user.
    }
  }

  private void add(Path file, Map<String, Long> files) {
    try {
      if (isHeld(Files.readSymbolicLink(file).toString())) {
        Map<String, Object> known = Files.readAttributes(file, "unix:dev,ino,size");
        files.put(known.get("dev") + " " + known.get("ino"), (Long) known.get("size"));
      }
    } catch (IOException | IllegalArgumentException closed) {
      // It was closed meanwhile, or is no file.
    }
  }

  private boolean isHeld(String target) {
    return target.endsWith(NAMELESS)
        && (target.startsWith("/memfd:") || folders().stream().anyMatch(target::startsWith));
  }
}
