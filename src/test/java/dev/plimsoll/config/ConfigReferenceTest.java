package dev.plimsoll.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.Golden;
import dev.plimsoll.config.schema.ConfigSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag(Golden.TAG)
class ConfigReferenceTest {
  private static final Path PAGE = Path.of("docs/configuration.md");
  private static final String BEGIN = "<!-- keys: generated from the schema by `make bless` -->\n";
  private static final String END = "<!-- end of keys -->\n";

  @Test
  void thePageHasEveryKey() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(page).contains(BEGIN, END);
    String keys = "\n" + ConfigReference.markdown(ConfigSchema.STANDARD) + "\n";
    Golden.checkFile(PAGE, page.substring(0, begin) + keys + page.substring(end));
  }
}
