package dev.plimsoll.engine.playwright;

import dev.plimsoll.engine.Division;
import dev.plimsoll.engine.playwright.ReporterMessage.Collection;
import dev.plimsoll.engine.playwright.ReporterMessage.Name;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.shard.Manifest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// Chooses the tests of a shard out of a Playwright selection. Setup and teardown projects belong
/// to every shard.
final class Sharing {
  private static final String OWN = "--shard";

  private final Division division;
  private final String stage;
  private volatile boolean empty;

  /// @param stage stands as the tests' group
  Sharing(Division division, String stage) {
    this.division = division;
    this.stage = stage;
  }

  /// @throws UserError when the selection cannot be divided
  void check(Playwright playwright, List<String> args) {
    if (args.stream().anyMatch(arg -> arg.equals(OWN) || arg.startsWith(OWN + "="))) {
      throw new UserError(
          "the stage `" + stage + "` has Playwright's own `--shard`",
          "its tests would be divided twice",
          "remove `--shard` from the stage's `playwright` key",
          ExitCode.USAGE);
    }
    if (!playwright.takesLists()) {
      throw new UserError(
          "Playwright " + playwright.version() + " cannot run the tests of a shard",
          "a list of tests, `--test-list`, came with Playwright 1.56",
          "install a newer Playwright, or use its own `--shard` and `merge-reports`",
          ExitCode.USAGE);
    }
  }

  /// The places of the tests that run here.
  List<Integer> places(Collection all) {
    List<Name> tests = all.tests();
    Manifest manifest =
        Manifest.of(
            tests.stream()
                .filter(test -> !test.setup())
                .map(test ->
                    new Manifest.Entry(test.id(), test.path(), stage, test.unit(), Bytes.ZERO))
                .toList());
    empty = manifest.tests().isEmpty();
    Set<String> mine =
        division.mine(manifest, Map.of("playwright", all.playwright(), "node", all.node()));
    return IntStream.range(0, tests.size())
        .filter(place -> mine.contains(tests.get(place).id()))
        .boxed()
        .toList();
  }

  /// Whether no shard has a test.
  boolean isEmpty() {
    return empty;
  }
}
