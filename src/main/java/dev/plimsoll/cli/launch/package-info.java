/// `launch`: start the machines of a run over several machines on a batch system.
///
/// {@link dev.plimsoll.cli.launch.LaunchOptions} says what each machine runs, {@link
/// dev.plimsoll.cli.launch.SlurmScript} and {@link dev.plimsoll.cli.launch.KubernetesManifests} are
/// the texts that clusters read. Uses `cli.shard` for plans and machines, and `store` for the
/// board's URL.
@NullMarked
package dev.plimsoll.cli.launch;

import org.jspecify.annotations.NullMarked;
