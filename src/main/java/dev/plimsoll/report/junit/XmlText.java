package dev.plimsoll.report.junit;

import java.time.Duration;
import java.util.Locale;

/// Text as XML 1.0 can hold it. Other characters are written as pytest does: `#x1B`.
final class XmlText {
  private XmlText() {}

  /// The text with markup escaped and characters outside XML 1.0's `Char` made visible
  /// (https://www.w3.org/TR/xml/#charsets).
  static String escape(String text) {
    var xml = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '<' -> xml.append("&lt;");
            case '>' -> xml.append("&gt;");
            case '&' -> xml.append("&amp;");
            default -> xml.append(isXml(point) ? Character.toString(point) : number(point));
          }
        });
    return xml.toString();
  }

  /// An attribute, with the space before it.
  static String attribute(String name, String value) {
    String text = escape(value).replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;");
    return " " + name + "=\"" + text.replace("\"", "&quot;") + "\"";
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9);
  }

  private static boolean isXml(int point) {
    return point == '\t'
        || point == '\n'
        || point == '\r'
        || (point >= 0x20 && point < 0x7f)
        || (point > 0x9f && point <= 0xd7ff)
        || (point >= 0xe000 && point <= 0xfffd)
        || point >= 0x10000;
  }

  private static String number(int point) {
    return String.format(Locale.ROOT, point <= 0xff ? "#x%02X" : "#x%04X", point);
  }
}
