package dev.plimsoll.model;

/// Memory of the machine after a run, as `free -m` adds it up: used = total - free - buff/cache.
public record RamAfter(Bytes used, Bytes free, Bytes buffCache, Bytes available, Bytes swapUsed) {
  public static final RamAfter UNKNOWN =
      new RamAfter(Bytes.ZERO, Bytes.ZERO, Bytes.ZERO, Bytes.ZERO, Bytes.ZERO);
}
