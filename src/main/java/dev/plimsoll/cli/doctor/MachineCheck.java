package dev.plimsoll.cli.doctor;

import dev.plimsoll.memory.CgroupDir;
import dev.plimsoll.memory.Cgroups;
import dev.plimsoll.memory.Feature;
import dev.plimsoll.memory.MachineKind;
import dev.plimsoll.memory.MemorySensor;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.WslConfig;
import dev.plimsoll.memory.containment.ContainmentProbe.Attempt;
import dev.plimsoll.memory.kernellog.KernelLog;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Ceiling;
import dev.plimsoll.model.MemorySample;
import dev.plimsoll.schedule.budget.Budget;
import dev.plimsoll.schedule.budget.BudgetRule;
import dev.plimsoll.schedule.budget.Reserve;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `doctor` says about the machine and its memory.
final class MachineCheck {
  private static final Bytes LITTLE = Bytes.gib(1);

  private final SystemRoot root;
  private final MachineKind kind;
  private final List<Finding> findings = new ArrayList<>();

  private MachineCheck(SystemRoot root) {
    this.root = root;
    this.kind = MachineKind.of(root);
  }

  static List<Finding> of(SystemRoot root, BudgetRule rule, Reserve reserve) {
    var check = new MachineCheck(root);
    check.machine();
    try (var sensor = new MemorySensor(root)) {
      check.memory(sensor.fresh(), rule, reserve);
      sensor.features().forEach(check::feature);
    }
    return check.findings;
  }

  private void machine() {
    findings.add(Finding.good("machine", kind.words()));
    switch (kind.kind()) {
      case WSL1 ->
          findings.add(
              Finding.warning(
                  "machine",
                  "WSL1 has no Linux kernel: Plimsoll cannot measure memory or see limits",
                  "in Windows: `wsl --set-version DISTRIBUTION 2`"));
      case WSL2 -> wsl();
      case CONTAINER, VM, BARE, UNKNOWN -> {}
    }
  }

  private void wsl() {
    Optional<WslConfig> config = WslConfig.find(root);
    String shown = config.map(MachineCheck::shown).orElse("");
    findings.add(
        shown.isEmpty()
            ? Finding.note(
                "machine",
                "no `.wslconfig` with a memory limit: WSL2 uses half of Windows' memory",
                "to give it more, write `memory=12GB` under `[wsl2]` in"
                    + " %UserProfile%\\.wslconfig, then `wsl --shutdown`")
            : Finding.good("machine", shown));
  }

  private static String shown(WslConfig config) {
    List<String> parts = new ArrayList<>();
    for (String key : List.of("memory", "swap", "processors")) {
      String value = config.settings().getOrDefault(key, "");
      if (!value.isEmpty()) {
        parts.add(key + "=" + value);
      }
    }
    return parts.isEmpty() ? "" : ".wslconfig: " + String.join(", ", parts);
  }

  private void memory(MemorySample sample, BudgetRule rule, Reserve reserve) {
    if (sample.total().isPositive()) {
      findings.add(
          Finding.good("memory", sample.available() + " of " + sample.total() + " available"));
    }
    swap(sample);
    for (Ceiling ceiling : sample.ceilings()) {
      findings.add(
          Finding.good(
              "memory",
              "cgroup `"
                  + ceiling.group()
                  + "` has a limit of "
                  + ceiling.limit()
                  + ", of which "
                  + ceiling.held()
                  + " in use"));
    }
    Cgroups.of(root, "self").stream()
        .filter(CgroupDir::isKilledTogether)
        .forEach(cgroup ->
            findings.add(
                Finding.note(
                    "memory",
                    "cgroup `"
                        + cgroup.name()
                        + "` has `memory.oom.group`: when its memory runs out, the kernel kills all"
                        + " its processes together, Plimsoll too",
                    "keep the run below the limit of that cgroup: with `--memory`, or a larger"
                        + " `--reserve`")));
    budget(Budget.of(rule, reserve, sample, Bytes.ZERO, Bytes.ZERO));
  }

  private void swap(MemorySample sample) {
    Bytes used = sample.swapUsed();
    String what =
        sample.swapTotal().isPositive()
            ? used + " of " + sample.swapTotal() + " swap in use"
            : "no swap";
    findings.add(
        used.compareTo(Bytes.mib(256)) > 0
            ? Finding.note(
                "memory", what, "programs were swapped out: close some, or expect slow first tests")
            : Finding.good("memory", what));
  }

  private void budget(Budget budget) {
    String what = "a run may use " + budget.size() + " now: " + budget.bound().words();
    findings.add(
        budget.size().compareTo(LITTLE) < 0
            ? Finding.warning(
                "memory",
                what,
                "close programs, raise the limit, or lower `reserve` in plimsoll.toml")
            : Finding.good("memory", what));
  }

  private void feature(Feature feature) {
    String what = feature.name() + ": " + (feature.present() ? feature.note() : "missing");
    findings.add(
        feature.present()
            ? Finding.good("sensing", what)
            : Finding.note("sensing", what, feature.note()));
  }

  /// What trying the methods of the containment ladder showed.
  static List<Finding> containment(List<Attempt> attempts) {
    List<Finding> findings = new ArrayList<>();
    for (Attempt attempt : attempts) {
      String what = attempt.method().words() + ": " + attempt.note();
      findings.add(
          attempt.works()
              ? Finding.good("containment", what)
              : Finding.absent("containment", what));
    }
    if (attempts.stream().noneMatch(Attempt::works)) {
      findings.add(
          Finding.note(
              "containment",
              "the kernel cannot enforce memory limits for workers here; Plimsoll only watches"
                  + " them",
              "run inside a systemd user session, or in a container as root with writable control"
                  + " groups"));
    }
    return findings;
  }

  /// What can be read about deaths.
  static List<Finding> evidence(KernelLog log) {
    if (!log.isReadable()) {
      return List.of(
          Finding.note(
              "evidence",
              "cannot read the kernel log: only counters show out-of-memory kills",
              "join the group `adm` (`sudo usermod -aG adm $USER`), or allow it with"
                  + " `sudo sysctl kernel.dmesg_restrict=0`"));
    }
    String pids =
        log.hasSamePids()
            ? ", with pids as seen here"
            : ", with pids of a different namespace: cgroups show out-of-memory kills";
    return List.of(Finding.good("evidence", "kernel log from " + log.source() + pids));
  }
}
