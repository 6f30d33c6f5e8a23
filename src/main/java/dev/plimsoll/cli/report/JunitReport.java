package dev.plimsoll.cli.report;

import dev.plimsoll.model.RunSummary;
import dev.plimsoll.report.junit.JunitXml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The file of `--junit`, and the temporary file in which pytest's part of it arrives.
public final class JunitReport implements AutoCloseable {
  private static final String VARIABLE = "_PLIMSOLL_JUNIT";

  private final Optional<ReportFile> file;
  private final Optional<Path> cases;

  /// @param path null when nobody wants the report
  /// @param warning receives why pytest's part cannot be kept
  /// @throws dev.plimsoll.model.UserError if the report cannot be written to the file
  public JunitReport(@Nullable Path path, Consumer<String> warning) {
    file = Optional.ofNullable(path).map(ReportFile::new);
    file.ifPresent(ReportFile::check);
    cases = file.flatMap(_ -> temporary(warning));
  }

  private static Optional<Path> temporary(Consumer<String> warning) {
    try {
      return Optional.of(Files.createTempFile("plimsoll-", ".junit"));
    } catch (IOException e) {
      warning.accept("the JUnit report will not contain captured output: " + e.getMessage());
      return Optional.empty();
    }
  }

  /// Variables with which the plugin fills the temporary file.
  public Map<String, String> environment() {
    return cases.map(path -> Map.of(VARIABLE, path.toString())).orElse(Map.of());
  }

  /// Write the report.
  ///
  /// @throws dev.plimsoll.model.UserError when it cannot be written
  public void write(RunSummary summary) {
    file.ifPresent(report -> {
      if (cases.isEmpty()) {
        report.write(out -> JunitXml.write(summary, JunitXml.Reported.NONE, out));
        return;
      }
      try (var reported = PytestCases.open(cases.get())) {
        report.write(out -> JunitXml.write(summary, reported, out));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  @Override
  public void close() {
    cases.ifPresent(path -> {
      try {
        Files.deleteIfExists(path);
      } catch (IOException left) {
        return; // it is in the folder for temporary files
      }
    });
  }
}
