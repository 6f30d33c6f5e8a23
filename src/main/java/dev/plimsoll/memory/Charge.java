package dev.plimsoll.memory;

import dev.plimsoll.memory.CgroupDir.Version;
import dev.plimsoll.model.Bytes;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// What is charged to a control group, through kept-open files.
public final class Charge implements AutoCloseable {
  private final ReusableProcFile usage;
  private final ReusableProcFile stat;
  private final String cache;

  public Charge(Path group, Version version, ReusableProcFile.Scratch scratch) {
    boolean v2 = version == Version.V2;
    usage =
        new ReusableProcFile(
            group.resolve(v2 ? "memory.current" : "memory.usage_in_bytes"), scratch);
    stat = new ReusableProcFile(group.resolve("memory.stat"), scratch);
    cache = v2 ? "inactive_file" : "total_inactive_file";
  }

  /// Everything, file cache included; empty when it cannot be read.
  Optional<Bytes> used() {
    OptionalLong used = usage.read().map(ProcText::first).orElse(OptionalLong.empty());
    return used.isPresent() ? Optional.of(Bytes.of(used.getAsLong())) : Optional.empty();
  }

  /// File cache that the kernel gives back when the group needs memory.
  Bytes givenBack() {
    return Bytes.of(stat(cache).orElse(0));
  }

  /// What is charged, less what would be given back.
  public Optional<Bytes> held() {
    return used().map(used -> used.minus(givenBack()).max(Bytes.ZERO));
  }

  /// A number of `memory.stat`.
  OptionalLong stat(String key) {
    return stat.read().map(text -> text.number(key)).orElse(OptionalLong.empty());
  }

  @Override
  public void close() {
    usage.close();
    stat.close();
  }
}
