// A Redis of the script's own: Debian's redis-server on a port of the loopback, its data in a temporary folder.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';

const betweenMs = 50;
const mostLooks = 400; // 20 s, on a slow machine that reads a long file
const mostPorts = 10;
const notFound = 127; // what setpriv ends with
const mostLog = 10_000; // characters; the newest are kept
const unsyncedMs = 1000; // of what "everysec" has written, at most; more when the disk is slow

async function freePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    await once(server, 'close');
    return port;
}

async function answers(port) {
    const probe = new Redis({ port, lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
    probe.on('error', () => {}); // it does not listen yet
    try {
        await probe.connect();
        return (await probe.ping()) === 'PONG'; // while it reads its file it refuses
    } catch {
        return false;
    } finally {
        probe.disconnect();
    }
}

export class PrivateRedis {
    #directory = mkdtempSync(join(tmpdir(), 'muster-peers-'));
    #log = '';
    #child;
    #watching;
    #lengths = []; // {at, file, length} of the append-only file in the last second, oldest first

    // `port` 0: one that is free. `fsync` is the value of appendfsync. `watched`: powerCut may be called.
    static async start({ port, fsync, watched = false }) {
        const redis = new PrivateRedis();
        process.once('exit', () => redis.#remove());
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
        redis.fsync = fsync;
        redis.rewritesFile = !watched; // another file would begin in the middle of what is watched
        for (let attempt = 1; attempt <= mostPorts; ++attempt) {
            redis.port = port || (await freePort());
            if (await redis.#launch()) {
                if (watched) redis.#watch();
                return redis;
            }
            if (port || !redis.#log.includes('Address already in use')) break;
        }
        throw new Error(`redis-server did not start:\n${redis.#log}`);
    }

    async #launch() {
        this.#log = '';
        const redis = ['redis-server', '--bind', '127.0.0.1', '--port', String(this.port), '--dir', this.#directory,
            '--save', '', '--appendonly', 'yes', '--appendfsync', this.fsync,
            ...(this.rewritesFile ? [] : ['--auto-aof-rewrite-percentage', '0'])];
        // The kernel ends it when this process is killed in a way that leaves no time to do so.
        this.#child = spawn('setpriv', ['--pdeathsig', 'KILL', ...redis], { stdio: ['ignore', 'pipe', 'pipe'] });
        for (const stream of [this.#child.stdout, this.#child.stderr]) {
            stream.on('data', (text) => (this.#log = (this.#log + text).slice(-mostLog)));
        }
        this.#child.once('error', (error) => (this.#log += error.message));
        this.#child.once('exit', (code) => {
            if (code === notFound) this.#log += 'install the Debian package redis-server (./dev setup does)\n';
        });
        for (let look = 1; look <= mostLooks && this.#running; ++look) {
            if (await answers(this.port)) return true;
            await pause(betweenMs);
        }
        return false;
    }

    get #running() {
        return this.#child?.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
    }

    // Since it was started.
    async cpuSeconds() {
        const client = new Redis({ port: this.port });
        const text = await client.info('cpu');
        client.disconnect();
        return Number(/used_cpu_user:([\d.]+)/.exec(text)[1]) + Number(/used_cpu_sys:([\d.]+)/.exec(text)[1]);
    }

    // As a crash of Redis does; then it is started again on what it has on disk.
    async killAndRestart() {
        await this.#end('SIGKILL');
        if (!(await this.#launch())) throw new Error(`redis-server did not start again:\n${this.#log}`);
    }

    #watch() {
        this.#lengths = [];
        this.#look();
        this.#watching = setInterval(() => this.#look(), betweenMs);
    }

    #look() {
        const folder = join(this.#directory, 'appendonlydir');
        const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.incr.aof')));
        this.#lengths.push({ at: performance.now(), file, length: statSync(file).size });
        while (this.#lengths.length > 1 && this.#lengths[1].at < performance.now() - unsyncedMs) this.#lengths.shift();
    }

    // As a loss of power does, by the letter of "everysec": kill -9 leaves to the kernel what Redis has written, a loss
    // of power only what was synced. Where each write is synced before it is answered, that is all of it.
    async powerCut() {
        clearInterval(this.#watching);
        await this.#end('SIGKILL');
        const [{ file, length }] = this.#lengths;
        if (this.fsync !== 'always') truncateSync(file, length);
        if (!(await this.#launch())) throw new Error(`redis-server did not start again:\n${this.#log}`);
        this.#watch();
    }

    async #end(signal) {
        if (!this.#running) return;
        const ended = once(this.#child, 'exit');
        this.#child.kill(signal);
        await ended;
    }

    async stop() {
        clearInterval(this.#watching);
        await this.#end('SIGKILL'); // nothing of it is kept
        this.#remove();
    }

    #remove() {
        if (this.#running) this.#child.kill('SIGKILL');
        rmSync(this.#directory, { recursive: true, force: true, maxRetries: 3 });
    }
}
