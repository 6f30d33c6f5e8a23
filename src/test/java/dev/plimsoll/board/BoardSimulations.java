package dev.plimsoll.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Simulations of 1,000,000 tests on 100 to 500 machines, which `bin/board simulate` runs. Each
/// seed is a line of a file; a seed that the file has already is not run again.
class BoardSimulations {
  private static final int SEEDS = Integer.getInteger("board.seeds", 200);
  private static final int TESTS = Integer.getInteger("board.tests", 1_000_000);
  private static final Path FILE =
      Path.of(System.getProperty("board.file", "target/simulations.jsonl"));

  /// How many seeds there are for one that is run twice, to compare the traces.
  private static final int TWICE = 20;

  /// Below it, one long unit decides when a run ends.
  private static final double LONG = 5;

  private enum Kind {
    WHOLE,
    TENTH_LOST,
    FAULTS;

    static Kind of(long seed) {
      return values()[(int) (seed % values().length)];
    }

    BoardSimulation.Plan plan(long seed) {
      var random = new Random(seed);
      int nodes = 100 + random.nextInt(401);
      int fifth = nodes / 5;
      return switch (this) {
        case WHOLE -> new BoardSimulation.Plan(nodes, TESTS, 0, 0, 0, 0, 0);
        case TENTH_LOST -> new BoardSimulation.Plan(nodes, TESTS, nodes / 10, 0, 0, 0, 0);
        case FAULTS ->
            new BoardSimulation.Plan(
                nodes,
                TESTS,
                random.nextInt(fifth),
                random.nextInt(fifth),
                random.nextInt(3),
                random.nextInt(3),
                random.nextInt(fifth));
      };
    }
  }

  /// A line of the file.
  private record Line(long seed, Kind kind, double bound, double longestUnit, double ofBound) {
    private static final Pattern FORM =
        Pattern.compile(
            "\\{\"seed\": (\\d+), \"kind\": \"(\\w+)\", .*\"bound\": ([\\d.]+), "
                + "\"longest unit\": ([\\d.]+), \"of bound\": ([\\d.]+), .*\"tests\": (\\d+).*");

    static Line of(String text) {
      var form = FORM.matcher(text);
      assertThat(form.matches()).describedAs(text).isTrue();
      assertThat(Integer.parseInt(form.group(6))).describedAs(text).isEqualTo(TESTS);
      return new Line(
          Long.parseLong(form.group(1)),
          Kind.valueOf(form.group(2)),
          Double.parseDouble(form.group(3)),
          Double.parseDouble(form.group(4)),
          Double.parseDouble(form.group(5)));
    }

    boolean isLong() {
      return bound >= LONG * longestUnit;
    }
  }

  @Test
  void allSeeds() throws IOException {
    var lines = new HashMap<Long, Line>();
    if (Files.exists(FILE)) {
      Files.readAllLines(FILE).stream().map(Line::of).forEach(line -> lines.put(line.seed(), line));
    }
    for (long seed = 0; seed < SEEDS; seed++) {
      if (!lines.containsKey(seed)) {
        String text = simulate(seed, Kind.of(seed));
        Files.writeString(FILE, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        lines.put(seed, Line.of(text));
      }
    }
    ends(lines, Kind.WHOLE, 1.15, 1.25);
    ends(lines, Kind.TENTH_LOST, 1.20, Double.MAX_VALUE);
  }

  private static void ends(Map<Long, Line> lines, Kind kind, double mean, double worst) {
    List<Line> its =
        lines.values().stream()
            .filter(line -> line.kind() == kind && line.seed() < SEEDS && line.isLong())
            .toList();
    var figures = its.stream().mapToDouble(Line::ofBound).summaryStatistics();
    System.getLogger(BoardSimulations.class.getName())
        .log(System.Logger.Level.INFO, "{0}, long runs: {1}", kind, figures);
    assertThat(figures.getAverage()).describedAs("%s, mean", kind).isLessThanOrEqualTo(mean);
    assertThat(figures.getMax()).describedAs("%s, worst", kind).isLessThanOrEqualTo(worst);
  }

  private static String simulate(long seed, Kind kind) {
    BoardSimulation.Plan plan = kind.plan(seed);
    var outcome = new BoardSimulation(seed, plan).run();
    BoardProperties.check(outcome, plan, "seed %d: %s".formatted(seed, plan));
    if (seed % TWICE == 0) {
      var again = new BoardSimulation(seed, plan).run();
      assertThat(again.log()).describedAs("the same trace").isEqualTo(outcome.log());
    }
    var fields = new ArrayList<String>();
    fields.add("\"seed\": %d, \"kind\": \"%s\"".formatted(seed, kind));
    fields.add("\"nodes\": %d, \"lost\": %d".formatted(plan.nodes(), plan.lost()));
    fields.add("\"frozen\": %d, \"late\": %d".formatted(plan.frozen(), plan.late()));
    fields.add("\"restarts\": %d, \"poison\": %d".formatted(plan.restarts(), plan.poison()));
    fields.add(seconds("makespan", outcome.makespan()));
    fields.add(seconds("bound", outcome.bound()));
    fields.add(seconds("longest unit", outcome.longestUnit()));
    fields.add(String.format(Locale.ROOT, "\"of bound\": %.4f", outcome.ofBound()));
    fields.add(seconds("quiet", outcome.quiet()));
    fields.add("\"idle\": %d".formatted(outcome.idleSeconds()));
    fields.add("\"most starts\": %d".formatted(outcome.mostStarts()));
    fields.add("\"poisoned machines\": %d".formatted(outcome.killed()));
    fields.add("\"tests\": %d, \"verdicts\": %d".formatted(TESTS, outcome.log().size()));
    fields.add("\"trace\": \"%08x\"".formatted(outcome.log().hashCode()));
    return "{" + String.join(", ", fields) + "}";
  }

  private static String seconds(String name, double seconds) {
    return String.format(Locale.ROOT, "\"%s\": %.1f", name, seconds);
  }
}
