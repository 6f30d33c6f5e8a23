package dev.plimsoll;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Keeps the dependencies between packages pointing one way.
@AnalyzeClasses(packages = "dev.plimsoll", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] PURE = {
    "dev.plimsoll.model..",
    "dev.plimsoll.inventory..",
    "dev.plimsoll.estimate..",
    "dev.plimsoll.schedule..",
    "dev.plimsoll.calibrate..",
    "dev.plimsoll.diagnose..",
    "dev.plimsoll.learn..",
    "dev.plimsoll.report..",
    "dev.plimsoll.stages..",
    "dev.plimsoll.verdict..",
    "dev.plimsoll.apply..",
    "dev.plimsoll.shard..",
    "dev.plimsoll.board.."
  };
  private static final String[] ADAPTERS = {
    "dev.plimsoll.config..",
    "dev.plimsoll.memory..",
    "dev.plimsoll.process..",
    "dev.plimsoll.engine..",
    "dev.plimsoll.history..",
    "dev.plimsoll.files..",
    "dev.plimsoll.store.."
  };

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("dev.plimsoll.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule noCyclesInRun =
      slices().matching("dev.plimsoll.run.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule dispatchTouchesNothingReal =
      noClasses()
          .that()
          .resideInAPackage("dev.plimsoll.run.dispatch")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..", "dev.plimsoll.memory..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.nio.file.Files")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("dev.plimsoll.engine.pytest.PythonProbe")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.Process")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.ProcessBuilder")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.ProcessHandle")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("dev.plimsoll.engine.pytest.PytestHost")
          .orShould()
          .callMethod(java.time.Instant.class, "now");

  @ArchTest
  static final ArchRule pureKnowsOnlyPure =
      classes()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.plimsoll.model..",
              "dev.plimsoll.inventory..",
              "dev.plimsoll.estimate..",
              "dev.plimsoll.schedule..",
              "dev.plimsoll.calibrate..",
              "dev.plimsoll.diagnose..",
              "dev.plimsoll.learn..",
              "dev.plimsoll.report..",
              "dev.plimsoll.stages..",
              "dev.plimsoll.verdict..",
              "dev.plimsoll.apply..",
              "dev.plimsoll.shard..",
              "dev.plimsoll.board..",
              "java.lang..",
              "org.tomlj..",
              "java.util..",
              "java.time..",
              "org.jspecify..");

  @ArchTest
  static final ArchRule pureKnowsNoThreadsOrClock =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.Thread")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.Process")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.ProcessBuilder")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.concurrent..")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(java.time.Instant.class, "now");

  /// The time of day jumps when a laptop wakes up: durations and limits are those of `SteadyClock`.
  @ArchTest
  static final ArchRule runsCountByTheSteadyClock =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.plimsoll.run..", "dev.plimsoll.engine..", "dev.plimsoll.memory..")
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule modelDependsOnNothing =
      classes()
          .that()
          .resideInAPackage("dev.plimsoll.model..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.plimsoll.model..",
              "java.lang..",
              "java.util..",
              "java.time..",
              "org.jspecify..");

  @ArchTest
  static final ArchRule adaptersDoNotKnowTheTop =
      noClasses()
          .that()
          .resideInAnyPackage(ADAPTERS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.plimsoll.run..", "dev.plimsoll.ui..", "dev.plimsoll.cli..");

  @ArchTest
  static final ArchRule onlyHistoryKnowsSql =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.plimsoll.history..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "org.sqlite..");

  @ArchTest
  static final ArchRule onlyStoreKnowsItsClient =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.plimsoll.store..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("redis..");

  @ArchTest
  static final ArchRule onlyCliExits =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.plimsoll.cli..")
          .should()
          .callMethod(System.class, "exit", int.class);

  @ArchTest
  static final ArchRule onlyCliAndUiPrint =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.plimsoll.cli..", "dev.plimsoll.ui..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");
}
