#!/usr/bin/env node
// Start the program of this package; signals go to it, and its exit code is ours.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = join(dirname(fileURLToPath(import.meta.url)), '..', 'program', 'bin', 'plimsoll');
if (!existsSync(program)) {
  process.stderr.write(`error: this installation of Plimsoll is incomplete\n  why: ${program} is missing\n\n` +
    'hint: install it again\n');
  process.exit(11);
}
const child = spawn(program, process.argv.slice(2), { stdio: 'inherit' });
// Ctrl-C reaches the program from the terminal; this process only waits for its end.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child.kill(signal));
}
child.on('error', (problem) => {
  process.stderr.write(`error: Plimsoll did not start\n  why: ${problem.message}\n`);
  process.exit(11);
});
child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
