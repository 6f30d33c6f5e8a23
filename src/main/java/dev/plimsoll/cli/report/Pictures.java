package dev.plimsoll.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The pictures that a run kept, as `data:` addresses (RFC 2397): a page that holds them needs no
/// other file, wherever it lies, and its policy allows no other source.
final class Pictures {
  /// A page with more than this is slow to open.
  private static final long MOST = 6 << 20;

  private static final Map<String, String> TYPES =
      Map.of("png", "image/png", "jpg", "image/jpeg", "jpeg", "image/jpeg", "webp", "image/webp");

  private Pictures() {}

  /// Those that fit, by file name; one that cannot be read is left out.
  ///
  /// @param files relative to the project
  static Map<String, String> of(Path root, List<String> files) {
    var pictures = new LinkedHashMap<String, String>();
    long taken = 0;
    for (String file : files) {
      String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
      Path path = root.resolve(file);
      try {
        if (type == null || taken + Files.size(path) > MOST) {
          continue;
        }
        byte[] picture = Files.readAllBytes(path);
        taken += picture.length;
        pictures.put(
            file, "data:" + type + ";base64," + Base64.getEncoder().encodeToString(picture));
      } catch (IOException gone) {
        // a picture that is no longer there is left out
      }
    }
    return pictures;
  }
}
