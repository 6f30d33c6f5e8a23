package dev.plimsoll.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.process.Signals;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeldFilesTest {
  private static final Path SHM = Path.of("/dev/shm");

  private final List<Process> started = new ArrayList<>();
  private final List<Path> named = new ArrayList<>();

  @AfterEach
  void end() throws IOException {
    started.forEach(Process::destroyForcibly);
    for (Path file : named) {
      Files.deleteIfExists(file);
    }
  }

  @Test
  void countsWhatGoesWithAProcess() throws Exception {
    Path file = file();
    ProcessKey holder = holding(file, true);
    assertThat(sizes(Map.of(1, Set.of(holder)))).isEqualTo(Map.of(1, Bytes.mib(1)));
  }

  @Test
  void leavesOutWhatStays() throws Exception {
    Path stays = file();
    ProcessKey named = holding(stays, false);
    assertThat(sizes(Map.of(1, Set.of(named)))).isEqualTo(Map.of(1, Bytes.ZERO));
  }

  @Test
  void leavesOutWhatAnotherTreeHoldsToo() throws Exception {
    Path file = file();
    ProcessKey first = holding(file, false);
    ProcessKey second = holding(file, true);
    assertThat(sizes(Map.of(1, Set.of(first), 2, Set.of(second))))
        .isEqualTo(Map.of(1, Bytes.ZERO, 2, Bytes.ZERO));
    assertThat(sizes(Map.of(1, Set.of(first, second)))).isEqualTo(Map.of(1, Bytes.mib(1)));
  }

  private static Map<Integer, Bytes> sizes(Map<Integer, Set<ProcessKey>> trees) {
    return new HeldFiles(SystemRoot.system()).byTree(trees);
  }

  private Path file() throws IOException {
    assumeThat(Files.isDirectory(SHM) && Files.isWritable(SHM)).isTrue();
    FileStore store = Files.getFileStore(SHM);
    assumeThat(store.type()).isEqualTo("tmpfs");
    Path file = Files.createTempFile(SHM, "held", "");
    named.add(file);
    return Files.write(file, new byte[1 << 20]);
  }

  /// A process that holds a file open, when it does.
  private ProcessKey holding(Path file, boolean removed) throws IOException {
    String script = "exec 3<\"$0\"; echo open; exec sleep 300";
    Process process = new ProcessBuilder("sh", "-c", script, file.toString()).start();
    started.add(process);
    process.inputReader().readLine();
    if (removed) {
      Files.delete(file);
    }
    return Signals.key(process.pid()).orElseThrow();
  }
}
