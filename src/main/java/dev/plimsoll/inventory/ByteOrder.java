package dev.plimsoll.inventory;

import java.util.Comparator;

/// The order of texts by their UTF-8 bytes, as `LC_ALL=C sort` has it. It is the order of code
/// points; that of `String` differs beyond the 16-bit characters.
public final class ByteOrder implements Comparator<String> {
  public static final ByteOrder INSTANCE = new ByteOrder();

  private ByteOrder() {}

  @Override
  public int compare(String a, String b) {
    int at = 0;
    int shorter = Math.min(a.length(), b.length());
    while (at < shorter && a.charAt(at) == b.charAt(at)) {
      at++;
    }
    if (at == shorter) {
      return Integer.compare(a.length(), b.length());
    }
    boolean inPair = at > 0 && Character.isHighSurrogate(a.charAt(at - 1));
    int start = inPair ? at - 1 : at;
    return Integer.compare(a.codePointAt(start), b.codePointAt(start));
  }
}
