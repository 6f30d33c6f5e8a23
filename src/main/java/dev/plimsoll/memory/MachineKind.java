package dev.plimsoll.memory;

import java.util.Locale;
import java.util.Optional;

/// What kind of machine this is, as far as its files tell.
///
/// @param kind the kind
/// @param detail what it was recognised by, in a few words
/// @param kernel the kernel's release
public record MachineKind(Kind kind, String detail, String kernel) {
  public enum Kind {
    WSL2("wsl2"),
    WSL1("wsl1"),
    CONTAINER("container"),
    VM("vm"),
    BARE("bare"),
    UNKNOWN("");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /// A short word for reports and history; empty when unknown.
    public String word() {
      return word;
    }
  }

  /// Recognise the machine. A container inside WSL2 counts as a container: its limits are what a
  /// run meets first.
  public static MachineKind of(SystemRoot root) {
    String kernel = line(root, "/proc/sys/kernel/osrelease");
    Optional<String> container = container(root, kernel);
    if (container.isPresent()) {
      return new MachineKind(Kind.CONTAINER, container.get(), kernel);
    }
    // WSL1 calls its kernel "Microsoft" with a capital, WSL2 builds its own from Linux.
    if (kernel.contains("Microsoft")) {
      return new MachineKind(Kind.WSL1, "no Linux kernel below", kernel);
    }
    if (kernel.toLowerCase(Locale.ROOT).contains("microsoft")) {
      return new MachineKind(Kind.WSL2, "Windows Subsystem for Linux 2", kernel);
    }
    String board =
        (line(root, "/sys/class/dmi/id/sys_vendor")
                + " "
                + line(root, "/sys/class/dmi/id/product_name"))
            .strip();
    Optional<String> flags = root.text("/proc/cpuinfo");
    if (flags.isPresent() && hasHypervisor(flags.get())) {
      return new MachineKind(Kind.VM, board.isEmpty() ? "a hypervisor is below" : board, kernel);
    }
    return flags.isPresent()
        ? new MachineKind(Kind.BARE, board, kernel)
        : new MachineKind(Kind.UNKNOWN, "", kernel);
  }

  private static boolean hasHypervisor(String cpuinfo) {
    return cpuinfo
        .lines()
        .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
        .anyMatch(line -> (line + " ").contains(" hypervisor "));
  }

  private static Optional<String> container(SystemRoot root, String kernel) {
    if (root.text("/.dockerenv").isPresent()) {
      return Optional.of("Docker");
    }
    if (root.text("/run/.containerenv").isPresent()) {
      return Optional.of("Podman");
    }
    String manager = line(root, "/run/systemd/container");
    if (!manager.isEmpty() && !manager.equals("wsl")) {
      return Optional.of(manager);
    }
    // gVisor shows the same made-up kernel everywhere.
    boolean gvisor = kernel.equals("4.4.0") && line(root, "/proc/version").contains("2016");
    if (gvisor) {
      return Optional.of("gVisor");
    }
    String groups = root.text("/proc/1/cgroup").orElse("");
    return groups.contains("kubepods") ? Optional.of("Kubernetes") : Optional.empty();
  }

  private static String line(SystemRoot root, String file) {
    return root.text(file).flatMap(text -> text.lines().findFirst()).orElse("").strip();
  }

  /// The kind and how it was recognised, in words.
  public String words() {
    String name =
        switch (kind) {
          case WSL2 -> "WSL2";
          case WSL1 -> "WSL1";
          case CONTAINER -> "container (" + detail + ")";
          case VM -> "virtual machine (" + detail + ")";
          case BARE -> detail.isEmpty() ? "computer" : "computer (" + detail + ")";
          case UNKNOWN -> "unknown machine";
        };
    return kernel.isEmpty() ? name : name + ", kernel " + kernel;
  }
}
