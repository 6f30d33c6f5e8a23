package dev.plimsoll.run.chain;

import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.stages.Ending;
import dev.plimsoll.stages.Stage;
import java.util.Optional;

/// What became of one stage.
///
/// @param workers how many tests ran at once
/// @param result what its runner told; empty when it did not run, or ended by an error
/// @param peak peak memory of its process tree, the server under test not counted
public record StageResult(
    Stage stage,
    Ending ending,
    int workers,
    Optional<RunnerResult> result,
    Bytes peak,
    PeakSource source) {}
