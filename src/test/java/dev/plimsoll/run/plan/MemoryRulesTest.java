package dev.plimsoll.run.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.config.ConfigLoader;
import dev.plimsoll.config.Overrides;
import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryRulesTest {
  private static final Bytes MACHINE = Bytes.gib(16);

  @TempDir private Path root;

  @Test
  void reserveOfTheWholeMachineIsRefused() throws IOException {
    for (String reserve : List.of("16g", "30g")) {
      assertThatThrownBy(() -> warnings("reserve = '" + reserve + "'"))
          .isInstanceOfSatisfying(
              UserError.class,
              error -> {
                assertThat(error.why()).contains("16.0 GiB").contains("plimsoll.toml:1");
                assertThat(error.exitCode()).isEqualTo(ExitCode.CONFIG);
              });
    }
    assertThat(warnings("reserve = '15g'")).isEmpty();
  }

  @Test
  void budgetThatTheMachineDoesNotHaveIsSaid() throws IOException {
    assertThat(warnings("memory = '300g'"))
        .singleElement()
        .asString()
        .startsWith("the memory budget of 300 GiB is more than the machine has (16.0 GiB); ");
    assertThat(warnings("memory = '16g'")).isEmpty();
    assertThat(warnings("memory = '100%'")).isEmpty();
    assertThat(warnings("")).isEmpty();
  }

  private List<String> warnings(String text) throws IOException {
    Files.writeString(root.resolve("plimsoll.toml"), text);
    var config = new ConfigLoader(ConfigSchema.STANDARD).load(root, Overrides.NONE);
    var said = new ArrayList<String>();
    new MemoryRules(config).check(MACHINE, said::add);
    return said;
  }
}
