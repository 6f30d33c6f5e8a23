package dev.plimsoll;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files that hold what is expected of an output. `make bless` rewrites them: it runs the tests
/// that have the tag `golden` with `_PLIMSOLL_BLESS` in the environment.
public final class Golden {
  /// The tag of a class with golden files.
  public static final String TAG = "golden";

  private static final boolean BLESS = System.getenv("_PLIMSOLL_BLESS") != null;

  private Golden() {}

  /// Compare a text with the file's, below `src/test/resources`.
  public static void check(String file, String actual) throws IOException {
    checkFile(Path.of("src/test/resources").resolve(file), actual);
  }

  /// Compare a text with the file's.
  public static void checkFile(Path file, String actual) throws IOException {
    if (BLESS) {
      Files.writeString(file, actual);
    }
    assertThat(actual).as("%s (`make bless` rewrites it)", file).isEqualTo(Files.readString(file));
  }
}
