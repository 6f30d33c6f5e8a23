package dev.plimsoll.report.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.report.TestingRuns;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunJsonTest {
  @Test
  void aWriterReadsBackWhatTheRunHeld() throws Exception {
    String text = JSON.std.asString(RunJson.tree(TestingRuns.mixed()));
    Map<String, Object> tree = JSON.std.mapFrom(text);

    assertThat(tree).containsEntry("schema", 1).containsEntry("exitCode", 1);
    assertThat(tree).containsEntry("seconds", 42.13).containsKey("memory");
    assertThat(tree.get("workers")).isEqualTo(Map.of("heavy", 1, "light", 6));
    assertThat(tree.get("counts"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("crashed", 1)
        .containsEntry("not run", 1)
        .hasSize(Outcome.values().length);
    assertThat((List<?>) tree.get("tests"))
        .hasSize(9)
        .element(1)
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("id", TestingRuns.ODD_ID)
        .containsEntry("outcome", "failed");
  }
}
