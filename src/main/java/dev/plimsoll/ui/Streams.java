package dev.plimsoll.ui;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// The streams for results and for messages.
///
/// @param out the result
/// @param err the messages
public record Streams(PrintStream out, PrintStream err) {
  /// Standard output and error, always in UTF-8: test ids are data and must not lose characters
  /// under `LC_ALL=C`.
  public static Streams standard() {
    return new Streams(utf8(FileDescriptor.out), utf8(FileDescriptor.err));
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }

  /// Write the result and flush it, so that it appears before later messages.
  void result(String text) {
    err.flush();
    out.print(text);
    out.flush();
  }

  void messages(String text) {
    err.print(text);
    err.flush();
  }
}
