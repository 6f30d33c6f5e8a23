package dev.plimsoll.config;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.Golden;
import dev.plimsoll.config.schema.ConfigSchema;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `test_config_schema.py` validates real configurations with the file that this test keeps true.
@Tag(Golden.TAG)
class JsonSchemaTest {
  @Test
  void theFileIsThatOfTheSchema() throws Exception {
    String schema =
        JSON.std
            .with(JSON.Feature.PRETTY_PRINT_OUTPUT)
            .asString(JsonSchema.of(ConfigSchema.STANDARD));
    Golden.checkFile(Path.of("docs/reference/plimsoll.schema.json"), schema + "\n");
  }
}
