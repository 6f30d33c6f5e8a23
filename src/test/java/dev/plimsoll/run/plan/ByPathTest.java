package dev.plimsoll.run.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ByPathTest {
  @Test
  void theLastGlobThatFitsDecidesAndElseTheGeneralValue() {
    var values = new LinkedHashMap<String, String>();
    values.put("tests/**", "wide");
    values.put("test_report_*.py", "narrow");
    var byPath = new ByPath<>(Optional.of("general"), values);
    assertThat(byPath.of("tests/a/test_x.py")).contains("wide");
    assertThat(byPath.of("tests/a/test_report_load.py")).contains("narrow");
    assertThat(byPath.of("other/test_x.py")).contains("general");
    assertThat(new ByPath<>(Optional.<String>empty(), values).of("other/test_x.py")).isEmpty();
  }
}
