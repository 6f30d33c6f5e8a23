package dev.plimsoll.run.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.guard.Guard;
import dev.plimsoll.schedule.Memory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Single runs with a scripted host: crossings that are easy to name, what a session says besides
/// its tests, and how sessions end.
class DispatcherTest {
  private static final TestingHost.Script NOTHING = new TestingHost.Script() {};

  /// Does something when a test begins for the first time.
  private static final class When implements TestingHost.Script {
    private final int item;
    private final BiConsumer<TestingRun, Integer> action;
    private @Nullable TestingRun run;

    When(int item, BiConsumer<TestingRun, Integer> action) {
      this.item = item;
      this.action = action;
    }

    @Override
    public void begins(int worker, int begun) {
      TestingRun running = Objects.requireNonNull(run);
      if (begun == item && running.host.begun(item) == 1) {
        running.clock.after(Duration.ofMillis(7), () -> action.accept(running, worker));
      }
    }

    TestingRun of(TestingRun.Suite suite) {
      run = new TestingRun(suite, this);
      return run;
    }
  }

  private static TestingRun.Suite suite() {
    return TestingRun.suite(6, 6);
  }

  @Test
  void aRunWithoutTroubleIsGreen() {
    var run = new TestingRun(suite(), NOTHING);

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isZero();
    assertThat(summary.interrupted()).isEmpty();
    assertThat(run.journal).anyMatch(line -> line.contains("\"finished\""));
    assertThat(run.guard.contained).contains(0, 1);
  }

  @Test
  void aResultAfterItsWorkerIsGoneDoesNotCount() {
    TestingRun run =
        new When(
                1,
                (r, worker) -> {
                  r.host.die(worker, 11);
                  r.host.say(TestingRun.done(worker, 1, Outcome.FAILED));
                })
            .of(suite());

    run.run();

    assertThat(run.result(1).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(run.result(1).attempts()).isEqualTo(2);
    assertThat(run.notes()).anyMatch(note -> note.contains("result for a test that it does not"));
  }

  /// The worker gives the test back a moment before it was to be killed for it.
  @Test
  void aWorkerIsNotKilledForATestThatItGaveBack() {
    var first = new AtomicBoolean(true);
    TestingRun[] run = new TestingRun[1];
    run[0] =
        new TestingRun(
            TestingRun.suite(1, 1).workers(1),
            new TestingHost.Script() {
              @Override
              public void arrives(String order, int worker, Runnable carryOut) {
                if (order.equals("run") && first.getAndSet(false)) {
                  run[0].host.say(new HostMessage.Stuck(worker, 0, false));
                  run[0].clock.after(
                      Duration.ofMillis(50),
                      () -> run[0].host.say(new HostMessage.Dropped(worker, List.of(0))));
                } else {
                  carryOut.run();
                }
              }
            });

    assertThat(run[0].run().exitCode()).isZero();
    assertThat(run[0].host.orders).contains("dump 0").noneMatch(order -> order.startsWith("kill"));
    assertThat(run[0].result(0).attempts()).isEqualTo(1);
  }

  @Test
  void aTestThatFailsOnceRunsAgainAloneAndIsFlaky() {
    var run = new TestingRun(suite().retries(2, false), NOTHING);
    run.host.failing.put(1, 1);

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isZero();
    assertThat(run.result(1).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(run.result(1).isFlaky()).isTrue();
    assertThat(run.result(1).attempts()).isEqualTo(2);
    assertThat(run.result(1).earlier())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.outcome()).isEqualTo(Outcome.FAILED);
          assertThat(one.worker()).startsWith("gw");
        });
    // The others have ended before.
    assertThat(summary.results())
        .filteredOn(result -> !result.id().equals(run.result(1).id()))
        .allMatch(result -> !result.end().isAfter(run.result(1).start()));
  }

  @Test
  void aTestThatFailsEachAttemptHasFailed() {
    var run = new TestingRun(suite().retries(2, false), NOTHING);
    run.host.failing.put(1, 9);

    run.run();

    assertThat(run.result(1).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(run.result(1).isFlaky()).isFalse();
    assertThat(run.result(1).attempts()).isEqualTo(3);
    assertThat(run.result(1).earlier()).hasSize(2);
  }

  @Test
  void aRunFailsOnAFlakyTestOnRequest() {
    var run = new TestingRun(suite().retries(1, true), NOTHING);
    run.host.failing.put(0, 1);

    assertThat(run.run().exitCode()).isEqualTo(ExitCode.TESTS_FAILED.code());
  }

  @Test
  void aFailedTestThatDidNotGetToRunAgainHasFailed() {
    TestingRun run = new When(5, (r, _) -> r.interrupt()).of(suite().retries(1, false));
    run.host.failing.put(0, 1);

    run.run();

    assertThat(run.result(0).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(run.result(0).attempts()).isEqualTo(1);
  }

  @Test
  void twoDeathsAtOnceAreTwoRetries() {
    TestingRun run =
        new When(1, (r, _) -> List.of(0, 1).forEach(worker -> r.host.die(worker, 11))).of(suite());

    run.run();

    assertThat(List.of(0, 1)).allMatch(item -> run.result(item).outcome() == Outcome.PASSED);
    assertThat(List.of(0, 1)).allMatch(item -> run.result(item).attempts() == 2);
  }

  @Test
  void aTestThatKillsItsWorkerAloneTooHasCrashed() {
    var run = new TestingRun[1];
    run[0] =
        new TestingRun(
            suite(),
            new TestingHost.Script() {
              @Override
              public void begins(int worker, int item) {
                if (item == 2) {
                  run[0].host.die(worker, 11);
                }
              }
            });

    RunSummary summary = run[0].run();

    assertThat(run[0].result(2).outcome()).isEqualTo(Outcome.CRASHED);
    assertThat(run[0].result(2).attempts()).isEqualTo(2);
    assertThat(run[0].result(2).notes()).hasSize(1);
    assertThat(run[0].host.crashed()).containsExactly(2);
    assertThat(summary.exitCode()).isEqualTo(ExitCode.TESTS_FAILED.code());
  }

  @Test
  void aWorkerThatCannotStartEndsTheRun() {
    var run =
        new TestingRun(
            suite(),
            new TestingHost.Script() {
              @Override
              public void arrives(String order, int worker, Runnable carryOut) {
                if (!order.equals("start")) {
                  carryOut.run();
                }
              }
            });
    List.of(0, 1)
        .forEach(worker ->
            run.clock.after(Duration.ofMillis(50), () -> run.host.say(notStarted(worker))));

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.ENGINE.code());
    assertThat(summary.interrupted()).isEqualTo("no worker could start");
    assertThat(run.journal).noneMatch(line -> line.contains("\"finished\""));
  }

  private static HostMessage.Gone notStarted(int worker) {
    return new HostMessage.Gone(worker, 1001, -1, 1, HostMessage.NONE, "", "no module", "", false);
  }

  @Test
  void workersThatDieOneAfterTheOtherWithoutATestEndTheRun() {
    var run = new TestingRun[1];
    run[0] =
        new TestingRun(
            suite().workers(1),
            new TestingHost.Script() {
              @Override
              public void arrives(String order, int worker, Runnable carryOut) {
                if (order.equals("run")) {
                  run[0].host.die(worker, 11);
                } else {
                  carryOut.run();
                }
              }
            });

    RunSummary summary = run[0].run();

    assertThat(summary.interrupted()).isEqualTo("workers die before they run a test");
    assertThat(summary.exitCode()).isEqualTo(ExitCode.ENGINE.code());
  }

  @Test
  void workersThatCollectOtherTestsEndTheRun() {
    TestingRun run =
        new When(
                1,
                (r, _) ->
                    List.of(0, 1)
                        .forEach(worker ->
                            r.host.say(new HostMessage.UnitError(worker, "one more test"))))
            .of(suite());

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.ENGINE.code());
    assertThat(run.notes()).filteredOn(note -> note.contains("one more test")).hasSize(1);
  }

  @Test
  void whatAWorkerOutlivedIsToldWithItsTest() {
    TestingRun run =
        new When(1, (r, worker) -> r.guard.outlives(worker, new Guard.Outlived(1, 2))).of(suite());

    RunSummary summary = run.run();

    assertThat(run.result(1).notes()).hasSize(1);
    assertThat(summary.evidence()).hasSize(1);
  }

  @Test
  void anErrorAfterTheLastTestIsThatTestsError() {
    TestingRun run =
        new When(
                5,
                (r, worker) -> {
                  int last = Objects.requireNonNull(r.host.workers().get(worker)).last;
                  r.host.say(new HostMessage.Late(worker, last, "teardown"));
                })
            .of(suite());

    RunSummary summary = run.run();

    assertThat(summary.results())
        .filteredOn(result -> result.outcome() == Outcome.ERROR)
        .singleElement()
        .satisfies(result -> assertThat(result.text()).isEqualTo("teardown"));
  }

  @Test
  void aWorkerThatTakesLongToLeaveIsNamedAndThenKilled() {
    var run =
        new TestingRun(
            suite(),
            new TestingHost.Script() {
              @Override
              public void arrives(String order, int worker, Runnable carryOut) {
                if (!order.equals("retire") || worker != 0) {
                  carryOut.run();
                }
              }
            });

    run.run();

    assertThat(run.host.orders).contains("dump 0", "kill now");
    assertThat(run.result(0).outcome()).isEqualTo(Outcome.ERROR);
    assertThat(run.result(0).text()).contains("exceeded its time limit");
  }

  @Test
  void aTestThatIsStoppedForMemoryAgainAndAgainIsTooLarge() {
    var run = new TestingRun[1];
    run[0] =
        new TestingRun(
            TestingRun.suite(1, 1).workers(1),
            new TestingHost.Script() {
              @Override
              public void begins(int worker, int item) {
                run[0].memory.size(worker, Bytes.mib(20));
                run[0].clock.after(
                    Duration.ofMillis(150), () -> run[0].memory.size(worker, Bytes.gib(7)));
                run[0].clock.after(
                    Duration.ofMillis(350), () -> run[0].memory.next(Memory.State.CRITICAL));
              }
            });

    run[0].run();

    assertThat(run[0].result(0).outcome()).isEqualTo(Outcome.CRASHED);
    assertThat(run[0].result(0).attempts())
        .as("nothing fits beside it: alone at once")
        .isEqualTo(2);
    assertThat(run[0].result(0).source()).isEqualTo(PeakSource.KILLED_ALONE);
  }

  @Test
  void aTestThatIsStuckInAForkRunsAgainInAProcessOfItsOwn() {
    TestingRun run =
        new When(
                1,
                (r, worker) -> {
                  r.host.hang(1, false);
                  r.host.say(new HostMessage.Stuck(worker, 1, true));
                  r.host.say(new HostMessage.Stuck(worker, 1, true));
                })
            .of(suite());

    run.run();

    assertThat(run.host.spawns()).isTrue();
    assertThat(run.host.orders.stream().filter(order -> order.startsWith("spawn"))).hasSize(1);
    assertThat(run.notes()).anyMatch(note -> note.contains("Thread 0x1"));
  }

  @Test
  void aTestThatCanNeverGoOnInAProcessOfItsOwnHasFailed() {
    TestingRun run =
        new When(
                1,
                (r, worker) -> {
                  r.host.hang(1, false);
                  r.host.say(new HostMessage.Stuck(worker, 1, false));
                })
            .of(suite().engine("spawn"));

    run.run();

    assertThat(run.result(1).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(run.result(1).text()).contains("Thread 0x1");
  }

  @Test
  void aTestThatEndsBetweenTermAndKillSparesItsWorker() {
    var run = new TestingRun[1];
    run[0] =
        new TestingRun(
            TestingRun.suite(6, 1).workers(1),
            new TestingHost.Script() {
              @Override
              public void begins(int worker, int item) {
                if (item == 0) {
                  run[0].host.hang(item, true);
                }
              }

              @Override
              public void arrives(String order, int worker, Runnable carryOut) {
                carryOut.run();
                if (order.equals("kill")) {
                  run[0].clock.after(Duration.ofSeconds(1), () -> run[0].host.end(worker));
                }
              }
            });

    run[0].run();

    assertThat(run[0].host.orders).contains("kill 0").doesNotContain("kill now");
    assertThat(run[0].result(0).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(List.of(1, 2, 3, 4, 5)).allMatch(item -> run[0].result(item).attempts() == 1);
  }

  @Test
  void aLongEndOfAWorkerIsNamedWhereNothingLimitsIt() {
    var run = new TestingRun[1];
    run[0] =
        new TestingRun(
            suite().limit(Duration.ofHours(1)),
            new TestingHost.Script() {
              @Override
              public void arrives(String order, int worker, Runnable carryOut) {
                if (order.equals("retire")) {
                  run[0].clock.after(Duration.ofSeconds(12), carryOut);
                } else {
                  carryOut.run();
                }
              }
            });

    assertThat(run[0].run().exitCode()).isZero();
    assertThat(run[0].notes()).anyMatch(note -> note.contains("fixtures with a wider scope"));
  }

  @Test
  void aRunWaitsForTheMemoryOfOtherRunsAndSaysSo() {
    var run = new TestingRun(suite(), NOTHING);
    run.memory.denies = true;
    run.clock.after(Duration.ofSeconds(3), () -> run.memory.denies = false);

    assertThat(run.run().exitCode()).isZero();
    assertThat(run.notes()).filteredOn(note -> note.contains("other runs")).hasSize(1);
  }

  @Test
  void aWorkerThatHoldsTooMuchAfterItsTestsIsReplaced() {
    var run = new TestingRun(TestingRun.suite(60, 3), NOTHING);
    run.memory.tight = true;
    run.clock.after(Duration.ofMillis(300), () -> run.memory.size(1, Bytes.gib(6)));

    assertThat(run.run().exitCode()).isZero();
    assertThat(run.notes()).anyMatch(note -> note.contains("gw1 is replaced"));
  }

  @Test
  void aGroupThatBeginsIsNamed() {
    var run = new TestingRun(suite().phased(), NOTHING);

    assertThat(run.run().exitCode()).isZero();
    assertThat(run.events)
        .anyMatch(
            event -> event instanceof RunEvent.GroupStarted group && group.group().equals("light"));
  }

  @Test
  void aTestThatCannotFitIsAnErrorBeforeAnyRuns() {
    TestingRun.Suite suite = TestingRun.suite(1, 1);
    var large =
        new HostMessage.Item(
            0, TestingRun.id(0), TestingRun.path(0), "", "", List.of(), Map.of("memory", "1tb"));
    var run =
        new TestingRun(
            suite,
            List.of(
                TestingRun.hello(""),
                new HostMessage.Items(List.of(large)),
                TestingRun.collected(suite, 0, false)),
            NOTHING);

    assertThatThrownBy(run::run)
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.exitCode()).isEqualTo(ExitCode.MEMORY));
    assertThat(run.host.orders).doesNotContain("start 0");
  }

  // ---- Ctrl-C

  @Test
  void theFirstCtrlCLetsRunningTestsFinish() {
    TestingRun run = new When(2, (r, _) -> r.interrupt()).of(suite());

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.INTERRUPTED.code());
    assertThat(run.result(0).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(run.result(5).outcome()).isEqualTo(Outcome.NOT_RUN);
    assertThat(run.host.orders).doesNotContain("abort -1");
  }

  @Test
  void theSecondCtrlCEndsThem() {
    TestingRun run =
        new When(
                1,
                (r, _) -> {
                  r.interrupt();
                  r.interrupt();
                })
            .of(suite());

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.INTERRUPTED.code());
    assertThat(run.result(0).outcome()).isEqualTo(Outcome.NOT_RUN);
    assertThat(run.result(0).reason()).contains("while it ran");
    assertThat(run.host.orders).contains("abort -1");
  }

  @Test
  void ctrlCWhileTestsAreCollectedStartsNone() {
    TestingRun.Suite suite = suite();
    var run = new TestingRun(suite, List.of(TestingRun.hello("")), NOTHING);
    run.clock.after(Duration.ofMillis(5), run::interrupt);
    run.clock.after(
        Duration.ofMillis(10),
        () -> {
          run.host.say(TestingRun.items(suite));
          run.host.say(TestingRun.collected(suite, 0, false));
        });

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.INTERRUPTED.code());
    assertThat(run.host.orders).doesNotContain("start 0");
    assertThat(run.result(0).outcome()).isEqualTo(Outcome.NOT_RUN);
  }

  @Test
  void aSessionThatDoesNotHearCtrlCIsSentIt() {
    TestingRun.Suite none = TestingRun.suite(0, 1);
    var run = new TestingRun(none, List.of(), NOTHING);
    run.host.collects();
    run.clock.after(Duration.ofMillis(5), run::interrupt);

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.INTERRUPTED.code());
    assertThat(run.host.orders).containsExactly("interrupt -1");
  }

  @Test
  void aSessionThatDealsWithCtrlCIsKilledByTheNext() {
    TestingRun.Suite none = TestingRun.suite(0, 1);
    var run = new TestingRun(none, List.of(), NOTHING);
    run.clock.after(
        Duration.ofMillis(5), () -> run.host.say(new HostMessage.Stop("KeyboardInterrupt")));
    run.clock.after(Duration.ofMillis(6), run::interrupt);
    run.clock.after(Duration.ofSeconds(5), run::interrupt);

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.INTERRUPTED.code());
    assertThat(run.host.orders).containsExactly("kill host -1");
  }

  @Test
  void ctrlCBeforeTheFirstWordAbortsOnceItComes() {
    TestingRun.Suite none = TestingRun.suite(0, 1);
    var run = new TestingRun(none, List.of(), NOTHING);
    run.clock.after(Duration.ofMillis(5), run::interrupt);
    run.clock.after(Duration.ofMillis(10), () -> run.host.say(TestingRun.hello("")));

    assertThat(run.run().exitCode()).isEqualTo(ExitCode.INTERRUPTED.code());
    assertThat(run.host.orders).contains("abort -1");
  }

  // ---- runners that schedule by their own rules

  private static TestingRun observed(String engine, HostMessage... messages) {
    TestingRun.Suite suite = TestingRun.suite(2, 2).engine(engine);
    var run =
        new TestingRun(
            suite,
            List.of(
                TestingRun.hello("3.6"),
                new HostMessage.Worker(0, 2001, Duration.ZERO),
                TestingRun.items(suite),
                TestingRun.collected(suite, 0, false)),
            NOTHING);
    run.clock.after(Duration.ofMillis(10), () -> List.of(messages).forEach(run.host::say));
    return run;
  }

  @Test
  void aRunnerThatSchedulesIsOnlyObserved() {
    TestingRun run =
        observed(
            "xdist",
            new HostMessage.Started(0, 0, TestingClock.START),
            TestingRun.done(0, 0, Outcome.PASSED),
            TestingRun.done(0, 0, Outcome.FAILED),
            new HostMessage.Stuck(0, 1, true),
            new HostMessage.Dropped(0, List.of(1)),
            TestingRun.done(1, 1, Outcome.FAILED, "bdb.BdbQuit"),
            gone(0, false),
            gone(7, false),
            new HostMessage.Bye(1, false),
            new HostMessage.Exited(1));

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.TESTS_FAILED.code());
    assertThat(run.host.orders).isEmpty();
    assertThat(run.result(0).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(run.result(1).notes()).hasSize(1);
    assertThat(run.notes()).anyMatch(note -> note.contains("a second outcome, failed"));
    assertThat(run.events)
        .anyMatch(event -> event instanceof RunEvent.WorkerGone gone && !gone.verdict().isEmpty());
  }

  private static HostMessage.Gone gone(int worker, boolean expected) {
    return new HostMessage.Gone(worker, 2001, -1, -1, HostMessage.NONE, "", "", "", expected);
  }

  @Test
  void ctrlCTellsPytestXdistOnce() {
    TestingRun run = observed("xdist");
    run.clock.after(Duration.ofMillis(50), run::interrupt);
    run.clock.after(Duration.ofSeconds(4), run::interrupt);

    RunSummary summary = run.run();

    assertThat(run.host.orders).containsExactly("interrupt -1", "kill host -1");
    assertThat(summary.exitCode()).isEqualTo(ExitCode.INTERRUPTED.code());
  }

  // ---- how sessions end

  private static RunSummary ends(HostMessage... messages) {
    TestingRun.Suite none = TestingRun.suite(0, 1);
    return new TestingRun(none, List.of(messages), NOTHING).run();
  }

  @Test
  void aSessionThatDiesEndsTheRunWithoutAnEndInTheJournal() {
    TestingRun run = new When(1, (r, _) -> r.host.crash(139)).of(suite());

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.ENGINE.code());
    assertThat(run.result(0).outcome()).isEqualTo(Outcome.NOT_RUN);
    assertThat(run.journal).noneMatch(line -> line.contains("\"finished\""));
  }

  @Test
  void aSessionThatNeverBeganIsAnError() {
    assertThatThrownBy(() -> ends(new HostMessage.Output("boom\n"), new HostMessage.Exited(3)))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.why()).contains("status 3: boom"));
  }

  @Test
  void wrongUseOfPytestKeepsItsStatus() {
    RunSummary summary = ends(new HostMessage.Exited(ExitCode.USAGE.code()));

    assertThat(summary.exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(summary.interrupted()).contains("did not start");
  }

  @Test
  void aCollectionThatFailsLeavesItsTestsNotRun() {
    TestingRun.Suite suite = TestingRun.suite(2, 2).engine("xdist");
    var run =
        new TestingRun(
            suite,
            List.of(
                TestingRun.hello("3.6"),
                TestingRun.items(suite),
                new HostMessage.Note(true, "careful"),
                TestingRun.collected(suite, 1, false),
                new HostMessage.Bye(2, false),
                new HostMessage.Exited(2)),
            NOTHING);

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.INTERRUPTED.code());
    assertThat(run.result(0).reason()).isEqualTo("the collection failed");
  }

  @Test
  void testsThatAreOnlyCollectedAreNotMissing() {
    TestingRun.Suite suite = suite();
    var run =
        new TestingRun(
            suite,
            List.of(
                TestingRun.hello("3.6"),
                TestingRun.items(suite),
                TestingRun.collected(suite, 0, true),
                new HostMessage.Bye(0, false),
                new HostMessage.Exited(0)),
            NOTHING);

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isZero();
    assertThat(run.result(0).reason()).isEqualTo("only collected");
  }

  @Test
  void pytestXdistThatIsMissingIsAnError() {
    TestingRun.Suite suite = TestingRun.suite(2, 2).engine("xdist");
    var run = new TestingRun(suite, List.of(TestingRun.hello("")), NOTHING);

    assertThatThrownBy(run::run)
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.exitCode()).isEqualTo(ExitCode.PYTHON));
    assertThat(run.host.orders).contains("abort -1");
  }

  @Test
  void anOutcomeIsMissingOnlyUntilTheRunSaysSo() {
    TestingRun run = observed("serial", new HostMessage.Bye(0, false), new HostMessage.Exited(0));

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.INCOMPLETE.code());
    assertThat(run.result(0).reason()).isEqualTo("the run ended first");
  }

  @Test
  void aStatusThatTheProjectChoseStands() {
    assertThat(
            ends(TestingRun.hello(""), new HostMessage.Bye(77, true), new HostMessage.Exited(77)))
        .satisfies(summary -> assertThat(summary.exitCode()).isEqualTo(77));
  }
}
