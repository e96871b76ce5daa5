// Programs and directories that go away with the test, however it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.mjs';

const started = new Set();
const directories = new Set();
const mostLog = 200_000; // characters; the newest are kept

process.once('exit', () => {
    for (const one of started) one.child.kill('SIGKILL');
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

export const program = (name) => join(process.env.MUSTER_BIN, name);

export function temporaryDirectory() {
    const directory = mkdtempSync(join(tmpdir(), 'muster-browser-'));
    directories.add(directory);
    return directory;
}

// One program, with what it wrote to its standard output and error.
export class Process {
    log = '';

    constructor(command, options = {}) {
        this.name = command[0];
        // The kernel ends it when this process is killed in a way that leaves no time to do so.
        this.child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], { stdio: ['ignore', 'pipe', 'pipe'], ...options });
        started.add(this);
        for (const stream of [this.child.stdout, this.child.stderr]) {
            stream.setEncoding('utf8');
            stream.on('data', (text) => (this.log = (this.log + text).slice(-mostLog)));
        }
        this.ended = once(this.child, 'close').then(([code]) => {
            started.delete(this);
            this.code = code ?? -1;
            return this.code;
        });
    }

    get running() {
        return this.code === undefined;
    }

    // Until it has written what fits; what fits is returned.
    async says(expression) {
        return eventually(`${this.name} says ${expression}; it said:\n${this.log}`, () => {
            const match = expression.exec(this.log);
            if (!match && !this.running) throw new Error(`${this.name} ended with ${this.code}:\n${this.log}`);
            return match;
        });
    }

    async end(signal = 'SIGKILL') {
        if (this.running) this.child.kill(signal);
        return this.ended;
    }
}

export async function endAllProcesses() {
    await Promise.all([...started].map((one) => one.end()));
}

// Runs a program to its end; its standard output, if its exit code is one of those.
export async function run(command, codes = [0]) {
    let output = '';
    const one = new Process(command);
    one.child.stdout.on('data', (text) => (output += text));
    const code = await one.ended;
    if (!codes.includes(code)) throw new Error(`${command.join(' ')} ended with ${code}:\n${one.log}`);
    return output;
}
