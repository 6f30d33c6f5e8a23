package dev.plimsoll.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/// Read and write JSON documents.
public final class JsonText {
  private static final JSON READER =
      JSON.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();
  private static final JSON WRITER =
      JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).with(JSON.Feature.WRITE_NULL_PROPERTIES);

  /// The byte order mark that editors on Windows write before UTF-8.
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private JsonText() {}

  /// Read a whole file as one document.
  ///
  /// @throws UserError when it cannot be read or is not JSON; names line and column
  public static Object read(Path file) {
    String text = text(file);
    try {
      return parse(text);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new UserError("`" + file + "` is not valid JSON" + where, why(e), "", ExitCode.CONFIG);
    } catch (IOException e) {
      throw unreadable(file, FileTrouble.why(e));
    }
  }

  /// The parser's message, without its advice to programmers.
  private static String why(JsonProcessingException e) {
    return e.getOriginalMessage().replaceFirst(": enable `JsonReadFeature.*", "");
  }

  public static String write(Map<String, ?> document) {
    try {
      return WRITER.asString(document) + "\n";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object parse(String text) throws IOException {
    try (var parser = READER.createParser(text)) {
      Object document = parser.nextToken() == null ? null : READER.anyFrom(parser);
      if (document == null) {
        throw new JsonParseException(parser, "it contains no value");
      }
      if (parser.nextToken() != null) {
        throw new JsonParseException(
            parser, "more text follows the end of the document", parser.currentTokenLocation());
      }
      return document;
    }
  }

  private static String text(Path file) {
    try {
      String text = Files.readString(file);
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (NoSuchFileException e) {
      throw new UserError(
          "`" + file + "` cannot be read",
          "the file does not exist",
          "check the path",
          ExitCode.USAGE);
    } catch (CharacterCodingException e) {
      throw unreadable(file, "it is not UTF-8 text");
    } catch (IOException e) {
      throw unreadable(file, FileTrouble.why(e));
    }
  }

  private static UserError unreadable(Path file, String why) {
    return new UserError("`" + file + "` cannot be read", why, "", ExitCode.CONFIG);
  }
}
