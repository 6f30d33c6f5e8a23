package dev.plimsoll.model;

/// The machine that measurements belong to.
///
/// @param name host name
/// @param cores processors this process may use
/// @param memory total memory, or the smallest limit above this process when that is less
/// @param kind `wsl2`, `container`, `vm`, `bare` or empty when unknown
/// @param cpu the processor's model name, empty when unknown
public record Machine(String name, int cores, Bytes memory, String kind, String cpu) {
  public static final Machine UNKNOWN = new Machine("", 0, Bytes.ZERO, "");

  /// A machine whose processor is not known.
  public Machine(String name, int cores, Bytes memory, String kind) {
    this(name, cores, memory, kind, "");
  }

  /// A key that changes when measurements of this machine no longer apply: cores and memory,
  /// rounded to 256 MiB.
  public String key() {
    return name + "/" + size();
  }

  /// What machines have in common whose measurements are comparable, whatever they are called: CI
  /// runners and containers get another name for each job.
  public String classKey() {
    return kind + "/" + size() + "/" + cpu;
  }

  private String size() {
    return cores + "c/" + ((memory.value() >> 20) + 128) / 256 * 256 + "m";
  }
}
