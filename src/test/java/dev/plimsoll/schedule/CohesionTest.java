package dev.plimsoll.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CohesionTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "t/test_a.py::test_x, t/test_a.py",
    "t/test_a.py::test_x[a::b], t/test_a.py",
    "t/test_a.py::TestK::test_x[[::]], t/test_a.py::TestK",
    "t/test_a.py::TestK::TestInner::test_x, t/test_a.py::TestK::TestInner",
    "t/test_a.py::TestK::test_x::suffix, t/test_a.py::TestK::test_x",
    "t/test_a.py, t/test_a.py",
  })
  void aScopeIsTheNodeIdWithoutItsLastName(String id, String scope) {
    assertThat(Cohesion.SCOPE.unit(id, "t/test_a.py", "t/test_a.py", "pool")).isEqualTo(scope);
  }

  @Test
  void aFolderMayHoldBrackets() {
    assertThat(Cohesion.SCOPE.unit("a[1]/test_a.py::TestK::test_x", "a[1]/test_a.py", "", ""))
        .isEqualTo("a[1]/test_a.py::TestK");
  }

  @Test
  void fixturesAndPoolsBindUnlessTheProjectAsksOtherwise() {
    Cohesion usual = Cohesion.ofDist("load");
    assertThat(Cohesion.ofDist("loadgroup")).isEqualTo(usual);
    assertThat(usual.unit("a.py::test", "a.py", "", "")).isEmpty();
    assertThat(usual.unit("a.py::test", "a.py", "a.py", "")).isEqualTo("a.py");
    assertThat(usual.unit("a.py::test", "a.py", "a.py", "one"))
        .isEqualTo(usual.unit("b.py::test", "b.py", "", "one"))
        .isNotEqualTo(usual.unit("b.py::test", "b.py", "one", ""));
    assertThat(Cohesion.ofDist("loadfile").unit("a.py::test", "a.py", "", "one")).isEqualTo("a.py");
  }
}
