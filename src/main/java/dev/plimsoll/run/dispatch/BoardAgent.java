package dev.plimsoll.run.dispatch;

import dev.plimsoll.board.Board;
import dev.plimsoll.board.Bundles;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import dev.plimsoll.shard.Manifest;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// A run's connection to the board. It calls the board on a thread of its own, one call after
/// another, so that the dispatcher never waits for a network.
public interface BoardAgent extends AutoCloseable {
  /// What the board is filled with by the first machine.
  ///
  /// @param tests the tests of the manifest, in its order, with what they are expected to take
  /// @param environment the versions of Python, pytest and its plugins
  record Filling(Manifest manifest, List<Bundles.Test> tests, Map<String, String> environment) {
    public Filling {
      tests = List.copyOf(tests);
      environment = Map.copyOf(environment);
    }
  }

  /// What a call came to.
  ///
  /// @param answer is given what the board answered
  /// @param lost receives why the store did not answer
  /// @param refused the store refuses, or this machine cannot take part
  record Then<T>(Consumer<T> answer, Consumer<String> lost, Consumer<UserError> refused) {}

  /// Have answers carried out there.
  void listen(Consumer<Runnable> answers);

  /// Fill the board, or check that it is filled with the same tests.
  void open(Filling filling, Then<Boolean> then);

  /// Make one call.
  <T> void ask(Function<Board, T> call, Then<T> then);

  /// The calling thread waits for one call.
  ///
  /// @throws UserError when the store does not answer or refuses
  <T> T await(Function<Board, T> call) throws InterruptedException;

  /// How this machine appears to the others.
  Board.Machine machine();

  /// A result as the board keeps it.
  String record(TestResult result);

  /// What the machine says of its whole run.
  String record(RunSummary run);

  @Override
  void close();
}
