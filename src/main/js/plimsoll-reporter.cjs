'use strict';
// Tells Plimsoll what Playwright's own runner does: one JSON object a line to the Unix socket in
// _PLIMSOLL_SOCKET; paths of tests are relative to _PLIMSOLL_ROOT. Runs beside the project's reporters and prints nothing itself. No dependencies.
//
//   hello     playwright, node, pid
//   collected playwright, node, tests: all of them, of which a shard is to be chosen; the answer is
//             one line, {"run": the places of those that run here}
//   begin     playwright, node, workers, tests: a list of id, path, line: the test in a --test-list,
//             unit: what stays on one machine, setup: whether it belongs to a setup or teardown project
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

const fromRoot = (file) => slashes(path.relative(process.env._PLIMSOLL_ROOT || process.cwd(), file));

const inProject = (name, project) => `${name}${project ? ` [${project}]` : ''}`;

/**
 * What stays on one machine: a file, or what Playwright may run apart from the rest of its file. Without `testRun` (before
 * Playwright 1.62) nobody tells how a file may be parted.
 */
function unitOf(test, testRun) {
  const [, project, , ...titles] = test.titlePath();
  if (!testRun?.mode) return inProject(fromRoot(test.location.file), project);
  let together = null;
  let depth = 0;
  let kept = 0;
  for (let suite = test.parent; suite && ['describe', 'file'].includes(suite.type); suite = suite.parent) {
    depth += 1;
    if (testRun.mode(suite) !== 'parallel') [together, kept] = [suite, depth];
  }
  if (!together) return '';
  const names = [fromRoot(test.location.file), ...titles.slice(0, depth - kept)];
  return inProject(names.join(' › '), project);
}

/** Projects that others depend on: each shard runs them whole. */
function setupProjects(config, suite) {
  const byName = new Map(config.projects.map((project) => [project.name, project]));
  const names = new Set();
  const visit = (project) => {
    for (const name of [...(project?.dependencies ?? []), project?.teardown]) {
      if (name && !names.has(name)) {
        names.add(name);
        visit(byName.get(name));
      }
    }
  };
  for (const { type, project } of suite.suites.map((one) => ({ type: one.type, project: one.project() }))) {
    if (type === 'project') visit(project);
  }
  return names;
}

/** The project's name of a test: unique in a run, and the same in the next one. */
function identity(test) {
  const [, project, , ...titles] = test.titlePath();
  const file = fromRoot(test.location.file);
  const repeat = test.repeatEachIndex > 0 ? ` (repeat ${test.repeatEachIndex})` : '';
  const line = `${project ? `[${project}] › ` : ''}${slashes(path.relative(rootDir, test.location.file))} › ${titles.join(' › ')}`;
  return { id: `${inProject(`${file} › ${titles.join(' › ')}`, project)}${repeat}`, path: file, line };
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
  #units = new Map();
  #setup = new Set();

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

  /** From Playwright 1.62: all tests of the selection, before a shard is chosen. */
  async preprocess({ config, suite, testRun }) {
    rootDir = config.rootDir;
    this.#setup = setupProjects(config, suite);
    for (const test of suite.allTests()) this.#units.set(test, unitOf(test, testRun));
    if (!process.env._PLIMSOLL_SHARED || !this.#socket) return;
    const tests = suite.allTests().filter((test) => !this.#setup.has(test.parent.project().name));
    const answer = this.#answer();
    this.#send('collected', this.#collection(config, tests));
    const mine = new Set((await answer).run);
    testRun.skipSharding();
    tests.forEach((test, place) => mine.has(place) || testRun.exclude(test));
  }

  onBegin(config, suite) {
    rootDir = config.rootDir;
    this.#tests = suite.allTests();
    this.#setup = setupProjects(config, suite);
    this.#send('begin', { ...this.#collection(config, this.#tests), workers: config.workers });
  }

  onTestBegin(test, result) {
    this.#send('started', { ...this.#name(test), worker: result.parallelIndex, attempt: result.retry + 1 });
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

  #collection(config, tests) {
    return { playwright: config.version, node: process.versions.node, tests: tests.map((test) => this.#name(test)) };
  }

  #name(test) {
    const setup = this.#setup.has(test.parent.project().name);
    return { ...identity(test), unit: this.#units.get(test) ?? unitOf(test), setup };
  }

  /** The next line that Plimsoll sends. */
  #answer() {
    return new Promise((resolve, reject) => {
      let text = '';
      this.#socket.on('data', (chunk) => {
        text += chunk;
        if (text.endsWith('\n')) resolve(JSON.parse(text));
      });
      this.#socket.on('close', () => reject(new Error('Plimsoll did not say which tests this shard runs')));
    });
  }

  #attempt(test, result) {
    return {
      ...this.#name(test),
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
      ...(last ? this.#attempt(test, last) : this.#name(test)),
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
