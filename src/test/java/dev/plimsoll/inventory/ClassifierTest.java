package dev.plimsoll.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierTest {
  private static GroupRules rules(
      String group, List<String> paths, List<String> words, List<String> markers) {
    return new GroupRules(group, paths.stream().map(Glob::new).toList(), words, markers);
  }

  private static GroupRules none(String group) {
    return rules(group, List.of(), List.of(), List.of());
  }

  private static final Classifier PLAN =
      new Classifier(
          List.of(
              rules(
                  "heavy",
                  List.of("tests/perf/*", "test_browser*.py"),
                  List.of(),
                  List.of("performance")),
              rules(
                  "long",
                  List.of(),
                  List.of("integration", "e2e", "stream", "load", "latency"),
                  List.of()),
              none("light")));

  @ParameterizedTest
  @CsvSource({
    "tests/perf/test_a.py, heavy",
    "tests/perf/deep/test_a.py, heavy",
    "tests/performance/test_a.py, light",
    "tests/perf/test_e2e.py, heavy",
    "tests/test_browser_skill.py, heavy",
    "tests/test_history_payload_details.py, long",
    "tests/test_forge_Integration.py, long",
    "tests/loading/test_a.py, light",
    "tests/streaming/test_latency.py, long",
    "tests/test_a.py, light"
  })
  void theRulesOfThePlan(String path, String group) {
    assertThat(PLAN.place(new TestFile(path, Set.of())).group()).isEqualTo(group);
  }

  @Test
  void markers() {
    TestFile file = new TestFile("tests/test_stream.py", Set.of("slow", "performance"));
    assertThat(PLAN.place(file))
        .isEqualTo(new Placement("heavy", new Placement.Rule.ByMarker("performance")));
  }

  @Test
  void theRestIsTheLastGroupWithoutRules() {
    GroupRules words = rules("long", List.of(), List.of("slow"), List.of());
    assertThat(new Classifier(List.of(none("light"), words)).rest()).isEqualTo("light");
    assertThat(new Classifier(List.of(none("hand"), words, none("light"))).rest())
        .isEqualTo("light");
    assertThat(new Classifier(List.of(words)).rest()).isEqualTo("long");
    assertThat(
            new Classifier(List.of(none("light"), words))
                .place(new TestFile("test_slow.py", Set.of()))
                .group())
        .isEqualTo("long");
  }

  @ParameterizedTest
  @CsvSource({
    "tests/*.py, tests/test_a.py, true",
    "tests/*.py, tests/a/test_a.py, false",
    "tests/**/*.py, tests/test_a.py, true",
    "tests/**/*.py, tests/a/b/test_a.py, true",
    "tests/a, tests/a/b/test_a.py, true",
    "tests/a/, tests/a/b/test_a.py, true",
    "tests/test_a.py/, tests/test_a.py, false",
    "test_a.py, x/y/test_a.py, true",
    "/test_a.py, x/test_a.py, false",
    "/test_a.py, test_a.py, true",
    "./tests/test_a.py, tests/test_a.py, true",
    "**/perf/**, a/perf/test_a.py, true",
    "**/perf/**, perf/test_a.py, true",
    "perf, a/perf/test_a.py, true",
    "perf, a/superperf/test_a.py, false",
    "test_?.py, test_a.py, true",
    "test_?.py, test_ab.py, false",
    "test_[ab].py, test_b.py, true",
    "test_[!ab].py, test_b.py, false",
    "test_[!ab].py, test_c.py, true",
    "test_[a-c].py, test_b.py, true",
    "test_[z-a].py, test_b.py, false",
    "test_[.py, test_[.py, true",
    "te.t.py, test.py, false",
    "test(1)+$.py, test(1)+$.py, true",
    "'tests/ä ö.py', 'tests/ä ö.py', true"
  })
  void globs(String glob, String path, boolean fits) {
    assertThat(new Glob(glob).fits(path)).isEqualTo(fits);
  }

  @Test
  void aLaterGlobTakesBack() {
    List<Glob> globs = List.of(new Glob("tests/perf"), new Glob("!tests/perf/test_fast.py"));
    assertThat(Glob.decisive(globs, "tests/perf/test_slow.py")).isPresent();
    assertThat(Glob.decisive(globs, "tests/perf/test_fast.py")).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void byteOrderIsThatOfUtf8(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      String a = text(random);
      String b = text(random);
      int expected =
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
      assertThat(Integer.signum(ByteOrder.INSTANCE.compare(a, b)))
          .as("%s %s", a, b)
          .isEqualTo(Integer.signum(expected));
    }
  }

  private static String text(SplittableRandom random) {
    int[] alphabet = {'a', 'b', '/', '_', 0xe4, 0xfffd, 0x1f600, 0x1f601, 0x10000};
    int length = random.nextInt(5);
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
    }
    return text.toString();
  }
}
