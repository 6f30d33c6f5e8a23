package dev.plimsoll.model;

/// The machine that measurements belong to.
///
/// @param name host name
/// @param cores processors this process may use
/// @param memory total memory, or the smallest limit above this process when that is less
/// @param kind `wsl2`, `container`, `vm`, `bare` or empty when unknown
public record Machine(String name, int cores, Bytes memory, String kind) {
  /// A key that changes when measurements of this machine no longer apply: cores and memory,
  /// rounded to 256 MiB.
  public String key() {
    return name + "/" + cores + "c/" + (memory.toMib() + 128) / 256 * 256 + "m";
  }
}
