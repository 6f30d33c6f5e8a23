'use strict';
// Tells Plimsoll what Playwright's own runner does: one JSON object a line to the Unix socket in
// _PLIMSOLL_SOCKET; paths of tests are relative to _PLIMSOLL_ROOT. Runs beside the project's reporters and prints nothing itself. No dependencies.
//
//   hello     playwright, node, pid
//   begin     playwright, workers, tests: a list of id, path and line: the test in a --test-list
//   started   id, path, line, worker, attempt
//   attempt   the same, with status, start, duration, text, output, attachments: it will run again
//   test      outcome, expected, reason, attempts, and the last attempt's fields; once for each test
//   error     text: an error that belongs to no test
//   end       status
//
// Times are milliseconds. A worker is the index of its slot (0 up to the number of workers).

const net = require('node:net');
const path = require('node:path');

const TAIL = 8 * 1024;
// Colours and other terminal sequences: the text goes into reports.
const ANSI = /[\u001b\u009b][[\]()#;?]*(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-ntqry=><~]/g;

const plain = (text) => String(text ?? '').replace(ANSI, '');

function tail(chunks) {
  const text = plain(chunks.map((chunk) => chunk.toString('utf8')).join(''));
  return text.length > TAIL ? `...${text.slice(-TAIL)}` : text;
}

function errorText(error) {
  const parts = [plain(error.stack || error.message || error.value)];
  if (error.snippet) parts.push(plain(error.snippet));
  if (error.cause) parts.push(`caused by: ${errorText(error.cause)}`);
  return parts.join('\n\n');
}

const slashes = (file) => file.split(path.sep).join('/');

let rootDir = process.cwd();

/** The project's name of a test: unique in a run, and the same in the next one. */
function identity(test) {
  const [, project, , ...titles] = test.titlePath();
  const file = slashes(path.relative(process.env._PLIMSOLL_ROOT || process.cwd(), test.location.file));
  const repeat = test.repeatEachIndex > 0 ? ` (repeat ${test.repeatEachIndex})` : '';
  const line = `${project ? `[${project}] › ` : ''}${slashes(path.relative(rootDir, test.location.file))} › ${titles.join(' › ')}`;
  return { id: `${file} › ${titles.join(' › ')}${project ? ` [${project}]` : ''}${repeat}`, path: file, line };
}

/** Whether Playwright starts the test again after this result. */
function runsAgain(test, result) {
  return result.retry < test.retries && result.status !== test.expectedStatus
    && !['skipped', 'interrupted'].includes(result.status);
}

class PlimsollReporter {
  #socket = null;
  #tests = [];
  #sent = new Set();

  constructor() {
    const address = process.env._PLIMSOLL_SOCKET;
    if (!address) return;
    this.#socket = net.connect(address);
    // Nobody listens any more: the run goes on without us.
    this.#socket.on('error', () => { this.#socket = null; });
    this.#send('hello', { node: process.versions.node, pid: process.pid });
  }

  printsToStdio() {
    return false;
  }

  onBegin(config, suite) {
    rootDir = config.rootDir;
    this.#tests = suite.allTests();
    this.#send('begin', {
      playwright: config.version,
      workers: config.workers,
      tests: this.#tests.map(identity),
    });
  }

  onTestBegin(test, result) {
    this.#send('started', { ...identity(test), worker: result.parallelIndex, attempt: result.retry + 1 });
  }

  onTestEnd(test, result) {
    if (runsAgain(test, result)) {
      this.#send('attempt', this.#attempt(test, result));
    } else {
      this.#finish(test);
    }
  }

  onError(error) {
    this.#send('error', { text: errorText(error) });
  }

  async onEnd(result) {
    for (const test of this.#tests) {
      if (!this.#sent.has(test)) this.#finish(test);
    }
    this.#send('end', { status: result.status });
  }

  async onExit() {
    const socket = this.#socket;
    if (socket) await new Promise((done) => socket.end(done));
  }

  #attempt(test, result) {
    return {
      ...identity(test),
      worker: result.parallelIndex,
      attempt: result.retry + 1,
      status: result.status,
      start: result.startTime.getTime(),
      duration: result.duration,
      text: result.errors.map(errorText).join('\n\n'),
      output: tail([...result.stdout, ...result.stderr]),
      attachments: result.attachments
        .filter((attachment) => attachment.path)
        .map(({ name, path: file, contentType }) => ({ name, path: file, type: contentType })),
    };
  }

  #finish(test) {
    this.#sent.add(test);
    const last = test.results.at(-1);
    const annotations = [...test.annotations, ...(last?.annotations ?? [])];
    const skip = annotations.find(({ type, description }) => ['skip', 'fixme', 'fail'].includes(type) && description);
    this.#send('test', {
      ...(last ? this.#attempt(test, last) : identity(test)),
      outcome: test.outcome(),
      expected: test.expectedStatus,
      reason: skip?.description ?? '',
      attempts: test.results.length,
    });
  }

  #send(type, fields) {
    this.#socket?.write(`${JSON.stringify({ type, ...fields })}\n`);
  }
}

module.exports = PlimsollReporter;
