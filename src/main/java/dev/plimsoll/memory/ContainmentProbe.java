package dev.plimsoll.memory;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Find the best rung that works here by trying: a child goes past a small limit, and only when the
/// group's own counter shows that the kernel killed it does the rung count.
///
/// What trying showed is remembered for this boot and this control group in the user's cache, so
/// that later runs start at once; what can be seen without trying, such as control groups mounted
/// read-only in one container and not in the next, is looked at each time. The child's appetite is
/// bounded: where limits are not enforced it takes 100 MB for a moment and ends.
public final class ContainmentProbe {
  private static final Bytes LIMIT = Bytes.mib(24);
  private static final long SECONDS = 10;
  private static final List<Rung> LADDER =
      List.of(Rung.DELEGATED_V2, Rung.WRITABLE_V2, Rung.WRITABLE_V1);

  /// Places (a boot and a control group) that are remembered beside the present one.
  private static final int PLACES = 20;

  /// Waits to be moved, then holds a line of 100 MB in memory.
  private static final List<String> GLUTTON =
      List.of("sh", "-c", "read go; head -c 100000000 /dev/zero | tail -n 1 >/dev/null; exit 0");

  private final SystemRoot root;
  private final ProcessKey self;
  private final Predicate<ProcessKey> isAlive;

  /// What trying one rung showed.
  public record Attempt(Rung rung, boolean works, String note) {}

  /// @param self this process
  public ContainmentProbe(SystemRoot root, ProcessKey self, Predicate<ProcessKey> isAlive) {
    this.root = root;
    this.self = self;
    this.isAlive = isAlive;
  }

  /// The best rung: the one remembered for this boot, or the first that works.
  public Containment find(Map<String, String> environment) {
    if (LADDER.stream().noneMatch(this::isOpen)) {
      return new Containment(root, Rung.NONE);
    }
    Optional<Path> memory = memory(environment);
    Optional<Rung> known = memory.flatMap(this::recall).filter(this::isOpen);
    if (known.isPresent()) {
      return new Containment(root, known.get());
    }
    List<Attempt> attempts = attempts();
    Rung best =
        attempts.stream().filter(Attempt::works).map(Attempt::rung).findFirst().orElse(Rung.NONE);
    memory.ifPresent(file -> remember(file, best));
    return new Containment(root, best);
  }

  private boolean isOpen(Rung rung) {
    return rung == Rung.NONE || obstacle(rung).isEmpty();
  }

  /// Try the rungs, best first, until one works.
  public List<Attempt> attempts() {
    List<Attempt> attempts = new ArrayList<>();
    for (Rung rung : LADDER) {
      Attempt attempt = attempt(rung);
      attempts.add(attempt);
      if (attempt.works()) {
        break;
      }
    }
    return attempts;
  }

  private Attempt attempt(Rung rung) {
    Optional<String> obstacle = obstacle(rung);
    if (obstacle.isPresent()) {
      return new Attempt(rung, false, obstacle.get());
    }
    try {
      return tryOut(rung);
    } catch (IOException refused) {
      return new Attempt(rung, false, "refused: " + reason(refused));
    }
  }

  /// Why it is not worth trying.
  private Optional<String> obstacle(Rung rung) {
    List<CgroupDir> groups = Cgroups.of(root, "self");
    if (groups.isEmpty()) {
      return Optional.of("no memory controller is visible");
    }
    CgroupDir own = groups.getFirst();
    CgroupDir.Version wanted =
        rung == Rung.WRITABLE_V1 ? CgroupDir.Version.V1 : CgroupDir.Version.V2;
    if (own.version() != wanted) {
      return Optional.of("memory is accounted by the other version of control groups here");
    }
    if (rung == Rung.DELEGATED_V2) {
      return Files.isDirectory(root.at("/run/systemd/system"))
          ? Optional.empty()
          : Optional.of("systemd does not run here");
    }
    boolean writable =
        Files.isWritable(own.path()) || Files.isWritable(own.path().resolveSibling("."));
    return writable ? Optional.empty() : Optional.of("`" + own.name() + "` is not writable");
  }

  private Attempt tryOut(Rung rung) throws IOException {
    var containment = new Containment(root, rung);
    var owner = new ProcessKey(self.pid(), self.start() + 1);
    Process child =
        new ProcessBuilder(containment.wrap(GLUTTON, owner))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var group =
            containment
                .open(owner, child.pid(), key -> key.equals(owner) || isAlive.test(key))
                .orElseThrow();
        var leaf = group.leaf("probe", LIMIT)) {
      leaf.add(child.pid());
      child.getOutputStream().write('\n');
      child.getOutputStream().close();
      return verdict(rung, await(child), leaf);
    } finally {
      child.descendants().forEach(ProcessHandle::destroyForcibly);
      child.destroyForcibly();
    }
  }

  private static boolean await(Process child) {
    try {
      return child.waitFor(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Attempt verdict(Rung rung, boolean ended, Leaf leaf) {
    if (!ended) {
      return new Attempt(rung, false, "a child past its limit hung instead of being killed");
    }
    if (leaf.kills().isEmpty()) {
      return new Attempt(rung, false, "the group has no counter of kills (Linux before 4.13)");
    }
    return leaf.kills().getAsLong() > 0
        ? new Attempt(rung, true, "a child past a limit of " + LIMIT + " was killed, and counted")
        : new Attempt(rung, false, "a child went past its limit of " + LIMIT + " and lived");
  }

  private static String reason(IOException refused) {
    return String.valueOf(refused.getMessage());
  }

  private Optional<Path> memory(Map<String, String> environment) {
    try {
      return Optional.of(UserFolder.cache(environment).resolve("containment"));
    } catch (IOException | SecurityException none) {
      return Optional.empty();
    }
  }

  /// Boot and control group: what was found holds for them only.
  private String place() {
    String boot = root.text("/proc/sys/kernel/random/boot_id").orElse("").strip();
    String group = Cgroups.of(root, "self").stream().map(CgroupDir::name).findFirst().orElse("");
    return boot + " " + group;
  }

  private Optional<Rung> recall(Path file) {
    String prefix = place() + " ";
    return SystemRoot.text(file)
        .orElse("")
        .lines()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .flatMap(word -> List.of(Rung.values()).stream().filter(r -> r.name().equals(word)))
        .findFirst();
  }

  private void remember(Path file, Rung rung) {
    try {
      String own = place() + " ";
      var lines = new ArrayList<String>(List.of(own + rung.name()));
      SystemRoot.text(file)
          .orElse("")
          .lines()
          .filter(line -> !line.startsWith(own))
          .limit(PLACES)
          .forEach(lines::add);
      Files.writeString(file, String.join("\n", lines) + "\n");
    } catch (IOException unwritable) {
      // Only a convenience: the next run tries again.
      return;
    }
  }
}
