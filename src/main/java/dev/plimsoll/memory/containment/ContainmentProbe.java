package dev.plimsoll.memory.containment;

import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.files.UserFolder;
import dev.plimsoll.memory.CgroupDir;
import dev.plimsoll.memory.Cgroups;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Find the best method that works here by trying: a child goes past a small limit, and only when
/// the group's own counter shows that the kernel killed it does the method count.
///
/// What trying showed is remembered for this boot and this control group in the user's cache, so
/// that later runs start at once; what can be seen without trying, such as control groups mounted
/// read-only in one container and not in the next, is looked at each time. The child's appetite is
/// bounded: where limits are not enforced it takes 100 MB for a moment and ends.
public final class ContainmentProbe {
  private static final Bytes LIMIT = Bytes.mib(24);

  /// Places (a boot and a control group) that are remembered beside the present one.
  private static final int PLACES = 20;

  private final SystemRoot root;
  private final ProcessKey self;
  private final Predicate<ProcessKey> isAlive;

  /// What trying one method showed.
  public record Attempt(ContainmentMethod method, boolean works, String note) {}

  /// @param self this process
  public ContainmentProbe(SystemRoot root, ProcessKey self, Predicate<ProcessKey> isAlive) {
    this.root = root;
    this.self = self;
    this.isAlive = isAlive;
  }

  /// The best method: the one remembered for this boot, or the first that works.
  public Containment find(Map<String, String> environment) {
    if (ContainmentLadder.METHODS.stream().noneMatch(this::isOpen)) {
      return new Containment(root, ContainmentLadder.NONE);
    }
    Optional<Path> memory = memory(environment);
    Optional<ContainmentMethod> known = memory.flatMap(this::recall).filter(this::isOpen);
    if (known.isPresent()) {
      return new Containment(root, known.get());
    }
    List<Attempt> attempts = attempts();
    ContainmentMethod best =
        attempts.stream()
            .filter(Attempt::works)
            .map(Attempt::method)
            .findFirst()
            .orElse(ContainmentLadder.NONE);
    memory.ifPresent(file -> remember(file, best));
    return new Containment(root, best);
  }

  private boolean isOpen(ContainmentMethod method) {
    return method.equals(ContainmentLadder.NONE) || obstacle(method).isEmpty();
  }

  /// Try the methods, best first, until one works.
  public List<Attempt> attempts() {
    List<Attempt> attempts = new ArrayList<>();
    for (ContainmentMethod method : ContainmentLadder.METHODS) {
      Attempt attempt = attempt(method);
      attempts.add(attempt);
      if (attempt.works()) {
        break;
      }
    }
    return attempts;
  }

  private Attempt attempt(ContainmentMethod method) {
    Optional<String> obstacle = obstacle(method);
    if (obstacle.isPresent()) {
      return new Attempt(method, false, obstacle.get());
    }
    try {
      return tryOut(method);
    } catch (IOException refused) {
      return new Attempt(method, false, "refused: " + reason(refused));
    }
  }

  /// Why it is not worth trying.
  private Optional<String> obstacle(ContainmentMethod method) {
    List<CgroupDir> groups = Cgroups.of(root, "self");
    if (groups.isEmpty()) {
      return Optional.of("no memory controller is visible");
    }
    return method.obstacle(root, groups.getFirst());
  }

  private Attempt tryOut(ContainmentMethod method) throws IOException {
    var containment = new Containment(root, method);
    var owner = new ProcessKey(self.pid(), self.start() + 1);
    try (var trial = ContainmentTrial.start(command -> containment.wrap(command, owner));
        var group =
            containment
                .open(owner, trial.host(), key -> key.equals(owner) || isAlive.test(key))
                .orElseThrow();
        var workerCgroup = group.workerCgroup("probe", LIMIT)) {
      workerCgroup.add(trial.glutton());
      return verdict(method, trial.eat(), workerCgroup);
    }
  }

  private static Attempt verdict(
      ContainmentMethod method, boolean ended, WorkerCgroup workerCgroup) {
    if (!ended) {
      return new Attempt(method, false, "a process above its limit hung instead of being killed");
    }
    if (workerCgroup.kills().isEmpty()) {
      return new Attempt(method, false, "the cgroup has no counter of kills (Linux before 4.13)");
    }
    return workerCgroup.kills().getAsLong() > 0
        ? new Attempt(
            method, true, "a process above a limit of " + LIMIT + " was killed, and counted")
        : new Attempt(method, false, "a process exceeded its limit of " + LIMIT + " and lived");
  }

  private static String reason(IOException refused) {
    return FileTrouble.why(refused);
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

  private Optional<ContainmentMethod> recall(Path file) {
    String prefix = place() + " ";
    return SystemRoot.text(file)
        .orElse("")
        .lines()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .flatMap(id -> ContainmentLadder.find(id).stream())
        .findFirst();
  }

  private void remember(Path file, ContainmentMethod method) {
    try {
      String own = place() + " ";
      var lines = new ArrayList<String>(List.of(own + method.id()));
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
