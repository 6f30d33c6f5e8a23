/// `plimsoll doctor`: what this machine allows, and which engine the project gets.
///
/// Each check returns a list of {@link dev.plimsoll.cli.doctor.Finding}: `MachineCheck` for memory,
/// containment and evidence, `ToolCheck` for programs, `EngineCheck` for Python and forking. Start
/// with `DoctorCommand`.
@NullMarked
package dev.plimsoll.cli.doctor;

import org.jspecify.annotations.NullMarked;
