package dev.plimsoll.memory;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Ceiling;
import dev.plimsoll.model.MemorySample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Sample the memory of the machine and the limits around this process.
///
/// All files stay open and are read again, so that a sample costs some tens of microseconds (see
/// `SensorCost` in the tests). Pressure changes slowly (the kernel renews averages every 2 s), so
/// every fifth {@link #sample()} reads it and those between repeat it. What a system does not have
/// is left empty in the sample and said in words by {@link #features()}. One thread at a time.
public final class MemorySensor implements AutoCloseable {
  private final boolean live;
  private final ReusableProcFile meminfo;
  private final ReusableProcFile vmstat;
  private final ReusableProcFile pressure;
  private final List<CgroupDir> groups;
  private final List<CeilingReader> ceilings = new ArrayList<>();
  private Stalls stalls = Stalls.NONE;
  private long calls;

  /// A sensor of the system whose files are below `root`, seen from this process.
  public MemorySensor(SystemRoot root) {
    var scratch = new ReusableProcFile.Scratch();
    live = root.equals(SystemRoot.system());
    meminfo = new ReusableProcFile(root.at("/proc/meminfo"), scratch);
    vmstat = new ReusableProcFile(root.at("/proc/vmstat"), scratch);
    pressure = new ReusableProcFile(root.at("/proc/pressure/memory"), scratch);
    groups = Cgroups.of(root, "self");
    for (CgroupDir group : groups) {
      ceilings.add(new CeilingReader(group, ceilings.isEmpty(), scratch));
    }
  }

  /// Sample at a steady cadence. Total and available are zero where neither `/proc/meminfo` nor the
  /// kernel tells them.
  public MemorySample sample() {
    if (calls++ % 5 == 0) {
      readSlowly();
    }
    return read();
  }

  /// Sample with everything read now, as the verdict on a death needs them.
  public MemorySample fresh() {
    readSlowly();
    return read();
  }

  private void readSlowly() {
    stalls = pressure.read().map(Stalls::parse).orElse(Stalls.NONE);
  }

  private MemorySample read() {
    Meminfo info =
        meminfo
            .read()
            .map(Meminfo::parse)
            .filter(read -> read.total().isPositive())
            .or(this::asked)
            .orElse(Meminfo.NONE);
    Swapping swapping = vmstat.read().map(Swapping::parse).orElse(Swapping.NONE);
    return new MemorySample(
        info.total(),
        info.free(),
        info.buffCache(),
        info.available(),
        info.swapTotal(),
        info.swapUsed(),
        swapping.in(),
        swapping.out(),
        stalls.some(),
        stalls.full(),
        swapping.oomKills(),
        readCeilings());
  }

  /// The kernel's own word, on the system that this process runs on.
  private Optional<Meminfo> asked() {
    return live ? Sysinfo.read().map(Meminfo::of) : Optional.empty();
  }

  private List<Ceiling> readCeilings() {
    List<Ceiling> read = new ArrayList<>(ceilings.size());
    for (CeilingReader reader : ceilings) {
      reader.read().ifPresent(read::add);
    }
    return read;
  }

  /// What this system tells and what it does not, with the consequence of each.
  public List<Feature> features() {
    MemorySample sample = fresh();
    return List.of(
        feature(
            "/proc/meminfo",
            meminfo.read().map(Meminfo::parse).filter(m -> m.total().isPositive()).isPresent(),
            "free memory is known",
            sample.total().isPositive()
                ? "free memory comes from the sysinfo system call, which does not count what the"
                    + " page cache could free: set a budget with `--memory` if it is too small"
                : "the amount of free memory is unknown: set a budget with `--memory`"),
        feature(
            "memory pressure (PSI)",
            sample.fullStall().isPresent(),
            "Plimsoll sees stalls for memory",
            "Plimsoll sees stalls only by swapping; start the kernel with `psi=1` if it was built"
                + " with PSI (WSL2: `kernelCommandLine=psi=1` under `[wsl2]` in .wslconfig)"),
        feature(
            "swap counters",
            sample.pagesIn().isPresent(),
            "Plimsoll sees swapping",
            "Plimsoll cannot see swapping here: use a large `reserve` if this machine swaps"),
        feature(
            "kernel-wide OOM counter",
            sample.oomKills().isPresent(),
            "the kernel counts out-of-memory kills on the machine",
            "an out-of-memory kill is at most likely unless the kernel log shows it: use Linux 4.13"
                + " or newer, or make the log readable"),
        feature(
            "memory cgroups",
            !groups.isEmpty(),
            groupsNote(),
            "Plimsoll cannot see container limits: set the limit with `--memory`"));
  }

  private String groupsNote() {
    if (groups.isEmpty()) {
      return "";
    }
    CgroupDir own = groups.getFirst();
    return "version "
        + (own.version() == CgroupDir.Version.V2 ? "2" : "1")
        + ", this process is in `"
        + own.name()
        + "`";
  }

  private static Feature feature(String name, boolean present, String good, String bad) {
    return new Feature(name, present, present ? good : bad);
  }

  @Override
  public void close() {
    meminfo.close();
    vmstat.close();
    pressure.close();
    ceilings.forEach(CeilingReader::close);
  }

  /// The lines of `/proc/meminfo` that count here, in bytes.
  private record Meminfo(
      Bytes total, Bytes free, Bytes buffCache, Bytes available, Bytes swapTotal, Bytes swapUsed) {
    static final Meminfo NONE =
        new Meminfo(Bytes.ZERO, Bytes.ZERO, Bytes.ZERO, Bytes.ZERO, Bytes.ZERO, Bytes.ZERO);

    static Meminfo parse(ProcText text) {
      // In the order of the file.
      Bytes total = kib(text, "MemTotal");
      Bytes free = kib(text, "MemFree");
      OptionalLong told = text.number("MemAvailable");
      Bytes cached = kib(text, "Buffers").plus(kib(text, "Cached"));
      Bytes swapTotal = kib(text, "SwapTotal");
      Bytes swapUsed = swapTotal.minus(kib(text, "SwapFree"));
      Bytes estimated = free.plus(cached).minus(kib(text, "Shmem")).max(free);
      return new Meminfo(
          total,
          free,
          cached.plus(kib(text, "SReclaimable")),
          told.isPresent() ? Bytes.kib(told.getAsLong()) : estimated,
          swapTotal,
          swapUsed);
    }

    static Meminfo of(Sysinfo info) {
      return new Meminfo(
          info.total(),
          info.free(),
          info.buffers(),
          info.free().plus(info.buffers()),
          info.swapTotal(),
          info.swapTotal().minus(info.swapFree()));
    }

    private static Bytes kib(ProcText text, String key) {
      return Bytes.kib(text.number(key).orElse(0));
    }
  }

  /// Counters since boot from `/proc/vmstat`.
  private record Swapping(OptionalLong in, OptionalLong out, OptionalLong oomKills) {
    static final Swapping NONE =
        new Swapping(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    static Swapping parse(ProcText text) {
      return new Swapping(text.number("pswpin"), text.number("pswpout"), text.number("oom_kill"));
    }
  }

  /// `avg10` of both lines of `/proc/pressure/memory`.
  private record Stalls(OptionalDouble some, OptionalDouble full) {
    static final Stalls NONE = new Stalls(OptionalDouble.empty(), OptionalDouble.empty());

    static Stalls parse(ProcText text) {
      return new Stalls(text.decimal("some", "avg10"), text.decimal("full", "avg10"));
    }
  }

  /// The innermost control group of this process, for reports.
  public Optional<String> group() {
    return groups.stream().map(CgroupDir::name).findFirst();
  }
}
