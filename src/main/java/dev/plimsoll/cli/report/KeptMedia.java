package dev.plimsoll.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The pictures and videos that a run kept, as `data:` addresses (RFC 2397): a page that holds them
/// needs no other file, wherever it lies, and its policy allows no other source.
final class KeptMedia {
  /// A page with more than this is slow to open.
  private static final long MOST = 6 << 20;

  private static final Map<String, String> TYPES =
      Map.of(
          "png", "image/png",
          "jpg", "image/jpeg",
          "jpeg", "image/jpeg",
          "webp", "image/webp",
          "webm", "video/webm",
          "mp4", "video/mp4");

  private KeptMedia() {}

  /// Those that fit, pictures first, by file name; one that cannot be read is left out.
  ///
  /// @param files relative to the project
  static Map<String, String> of(Path root, List<String> files) {
    var media = new LinkedHashMap<String, String>();
    long taken = 0;
    var known = files.stream().filter(file -> !type(file).isEmpty());
    for (String file : known.sorted(Comparator.comparing(KeptMedia::type)).toList()) {
      Path path = root.resolve(file);
      try {
        if (taken + Files.size(path) > MOST) {
          continue;
        }
        byte[] content = Files.readAllBytes(path);
        taken += content.length;
        media.put(
            file, "data:" + type(file) + ";base64," + Base64.getEncoder().encodeToString(content));
      } catch (IOException gone) {
        // a file that is no longer there is left out
      }
    }
    return media;
  }

  /// The type of a file by its name, empty when it is neither a picture nor a video.
  private static String type(String file) {
    String ending = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return TYPES.getOrDefault(ending, "");
  }
}
