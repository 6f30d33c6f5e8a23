package dev.plimsoll.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.process.ProcessTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeMemoryTest {
  /// A parent of 100 MiB with four forked children; each line on its input makes the first child
  /// allocate 50 MiB more of its own.
  private static final String FORKING =
      """
      import os, sys, time
      base = bytearray(os.urandom(1 << 20)) * 100
      read, write = os.pipe()
      for n in range(4):
          if os.fork() == 0:
              os.close(write)
              if n == 0:
                  more = []
                  while os.read(read, 1):
                      more.append(bytearray(os.urandom(1 << 20)) * 50)
                      print("more", flush=True)
              else:
                  time.sleep(600)
              os._exit(0)
      print("ready", flush=True)
      for line in sys.stdin:
          os.write(write, b"x")
      """;

  @Test
  void sharedPagesOfForkedWorkersAreCountedOnce() throws IOException {
    Process parent = new ProcessBuilder("python3", "-c", FORKING).start();
    var table = new ProcessTable(Path.of("/proc"));
    try (var memory = new TreeMemory(SystemRoot.system());
        BufferedReader out = parent.inputReader();
        var in = parent.outputWriter()) {
      assertThat(out.readLine()).isEqualTo("ready");
      ProcessKey root = table.key(parent.pid()).orElseThrow();
      table.refresh();
      Set<ProcessKey> tree = table.tree(root);
      assertThat(tree).hasSize(5);

      TreeMemory.Reading base = memory.exact(tree);
      assertThat(base.source()).isEqualTo(PeakSource.PSS);
      assertThat(base.size()).isBetween(Bytes.mib(100), Bytes.mib(150));

      in.write("go\n");
      in.flush();
      assertThat(out.readLine()).isEqualTo("more");
      memory.look(tree);
      TreeMemory.Reading cheap = memory.now(tree);
      assertThat(cheap.size().minus(base.size())).isBetween(Bytes.mib(48), Bytes.mib(60));
      assertThat(memory.exact(tree).size().minus(base.size()))
          .isBetween(Bytes.mib(48), Bytes.mib(60));
    } finally {
      parent.descendants().forEach(ProcessHandle::destroyForcibly);
      parent.destroyForcibly();
    }
  }

  /// Three processes; a line on the input makes each map the same file of 60 MiB and read it.
  private static final String MAPPING =
      """
      import mmap, os, sys
      with open(sys.argv[1], "wb") as file:
          file.write(os.urandom(60 << 20))
      gates = []
      for n in range(3):
          read, write = os.pipe()
          done, told = os.pipe()
          if os.fork() == 0:
              os.write(told, b"x")
              os.read(read, 1)
              with open(sys.argv[1], "rb") as file:
                  held = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
              sum(held[at] for at in range(0, len(held), 4096))
              os.write(told, b"x")
              os.read(read, 1)
              os._exit(0)
          os.read(done, 1)
          gates.append((write, done))
      print("ready", flush=True)
      sys.stdin.readline()
      for write, done in gates:
          os.write(write, b"x")
          os.read(done, 1)
      print("mapped", flush=True)
      sys.stdin.readline()
      """;

  @Test
  void pagesOfAFileThatSeveralMapAreNotTakenForMemoryOfEach(@TempDir Path folder)
      throws IOException {
    String file = folder.resolve("program").toString();
    Process parent = new ProcessBuilder("python3", "-c", MAPPING, file).start();
    var table = new ProcessTable(Path.of("/proc"));
    try (var memory = new TreeMemory(SystemRoot.system());
        BufferedReader out = parent.inputReader();
        var in = parent.outputWriter()) {
      assertThat(out.readLine()).isEqualTo("ready");
      table.refresh();
      Set<ProcessKey> tree = table.tree(table.key(parent.pid()).orElseThrow());
      assertThat(tree).hasSize(4);
      Bytes base = memory.exact(tree).size();
      assertThat(memory.now(tree).unsure()).isLessThan(Bytes.mib(1));

      in.write("go\n");
      in.flush();
      assertThat(out.readLine()).isEqualTo("mapped");
      memory.look(tree);
      assertThat(memory.now(tree).size().minus(base)).isLessThan(Bytes.mib(10));
      assertThat(memory.now(tree).unsure()).isGreaterThan(Bytes.mib(170));
      assertThat(memory.exact(tree).size().minus(base)).isBetween(Bytes.mib(55), Bytes.mib(70));
      assertThat(memory.now(tree).unsure()).isLessThan(Bytes.mib(1));
    } finally {
      parent.descendants().forEach(ProcessHandle::destroyForcibly);
      parent.destroyForcibly();
    }
  }

  @Test
  void whereNothingElseIsReadableResidentSizesAreSummedAndSaid(@TempDir Path root)
      throws IOException {
    process(root, 10, "2560 1280 100 1 0 900 0\n");
    process(root, 11, "2560 256 100 1 0 900 0\n");
    try (var memory = new TreeMemory(new SystemRoot(root))) {
      var both = List.of(new ProcessKey(10, 1), new ProcessKey(11, 1));
      TreeMemory.Reading reading = memory.now(both);
      assertThat(reading.size()).isEqualTo(Bytes.mib(6));
      assertThat(reading.source()).isEqualTo(PeakSource.RSS_SUM);
    }
  }

  @Test
  void swappedPagesCount() {
    assertThat(
            TreeMemory.proportional(
                ProcText.of("x\nRss: 10 kB\nPss:     7 kB\nPss_Dirty: 5 kB\nSwapPss: 3 kB\n")))
        .contains(Bytes.kib(10));
    assertThat(TreeMemory.proportional(ProcText.of(""))).isEmpty();
  }

  @Test
  void endedProcessesHoldNothing(@TempDir Path root) {
    try (var memory = new TreeMemory(new SystemRoot(root))) {
      assertThat(memory.now(List.of(new ProcessKey(99, 1))).size()).isEqualTo(Bytes.ZERO);
    }
  }

  private static void process(Path root, long pid, String statm) throws IOException {
    Path folder = Files.createDirectories(root.resolve("proc/" + pid));
    Files.writeString(folder.resolve("statm"), statm);
  }
}
