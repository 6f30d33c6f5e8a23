package dev.plimsoll.memory.kernellog;

import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.verdict.LogTrace;
import dev.plimsoll.verdict.LogView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What the kernel's log tells about killed processes, from wherever it can be read here.
///
/// The first of these that is readable is used: `/dev/kmsg` (followed from the start, so that
/// nothing is missed and overwritten records are noticed), `journalctl -k`, `/var/log/kern.log`,
/// `/var/log/syslog`, `/var/log/messages`, `dmesg`. Messages of memory daemons come from the
/// journal where it is readable. Safe to use from several threads.
public final class KernelLog implements AutoCloseable {
  /// The first pid namespace of a kernel (`PROC_PID_INIT_INO`, include/linux/proc_ns.h).
  private static final String FIRST_NAMESPACE = "pid:[4026531836]";

  private final LogSource source;
  private final LogSource daemons;
  private final boolean samePids;

  private KernelLog(LogSource source, LogSource daemons, boolean samePids) {
    this.source = source;
    this.daemons = daemons;
    this.samePids = samePids;
  }

  /// Open the best source that is readable; never fails.
  public static KernelLog open(SystemRoot root) {
    return new KernelLog(LogSource.kernel(root), LogSource.daemons(), isFirstNamespace(root));
  }

  /// The source in words, as in "`/dev/kmsg`".
  public String source() {
    return source.name();
  }

  public boolean isReadable() {
    return source.isReadable();
  }

  /// Whether the log numbers processes as we see them.
  public boolean hasSamePids() {
    return samePids;
  }

  /// All traces since `moment`, less a second for clocks that differ a little.
  ///
  /// @param patience how long to wait for a record that may still be on its way
  /// @param enough what ends the waiting: usually a trace with the pid in question
  public LogView since(Instant moment, Duration patience, Predicate<LogTrace> enough) {
    Instant from = moment.minusSeconds(1);
    LogSource.Reading kernel = source.await(from, patience, enough);
    LogSource.Reading others = daemons.await(from, Duration.ZERO, enough);
    List<LogTrace> traces = new ArrayList<>(kernel.traces());
    traces.addAll(others.traces());
    return new LogView(source.isReadable(), kernel.gap(), samePids, traces);
  }

  private static boolean isFirstNamespace(SystemRoot root) {
    try {
      Path link = Files.readSymbolicLink(root.at("/proc/self/ns/pid"));
      return link.toString().equals(FIRST_NAMESPACE);
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }

  @Override
  public void close() {
    source.close();
    daemons.close();
  }
}
