package dev.plimsoll.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
  private static final Path PAGE = Path.of("docs/configuration.md");
  private static final String BEGIN =
      "<!-- keys: made from the schema, `make bless` writes them -->\n";
  private static final String END = "<!-- end of keys -->\n";

  @Test
  void thePageHasEveryKey() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(page).contains(BEGIN, END);
    String keys = "\n" + ConfigReference.markdown(Schema.STANDARD) + "\n";
    if (Boolean.getBoolean("bless")) {
      Files.writeString(PAGE, page.substring(0, begin) + keys + page.substring(end));
    }
    assertThat(Files.readString(PAGE).substring(begin))
        .as("docs/configuration.md; mvn test -Dtest=ConfigReferenceTest -Dbless=true writes it")
        .startsWith(keys + END);
  }
}
