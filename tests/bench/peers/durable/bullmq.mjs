// The same made durable with what is at hand: BullMQ on Redis with an append-only file, a job for each device, workers
// that speak MQTT.js. With --kill it is broken in the middle, and then says what was lost, repeated and reported
// wrongly. Options: README.md.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuSeconds, deviceIds, printResult, readOptions, wholeNumber } from '../support/options.mjs';
import { addJobs, openJobs, openQueue, verdicts } from './queue.mjs';
import { PrivateRedis } from './redis.mjs';
import { Witness } from './witness.mjs';

const betweenMs = 20;

function oneOf(name, value, choices) {
    if (!choices.includes(value)) throw new Error(`--${name} is one of ${choices.join(', ')}`);
    return value;
}

function read() {
    const options = readOptions(500, {
        'redis-port': { type: 'string', default: '0' },
        appendfsync: { type: 'string', default: 'always' },
        workers: { type: 'string', default: '1' },
        kill: { type: 'string', default: 'nothing' },
        'kill-at': { type: 'string', default: '50' },
        lock: { type: 'string', default: '30' },
        'operation-id': { type: 'string', default: 'attempt' },
    });
    return {
        ...options,
        redisPort: wholeNumber('redis-port', options['redis-port'], 0, 65_535),
        appendfsync: oneOf('appendfsync', options.appendfsync, ['always', 'everysec', 'no']),
        workers: wholeNumber('workers', options.workers, 1, 16),
        kill: oneOf('kill', options.kill, ['nothing', 'worker', 'redis', 'power']),
        killAt: options['kill-at'].split(',').map((percent) => wholeNumber('kill-at', percent, 1, 200)),
        lock: wholeNumber('lock', options.lock, 1, 3600),
        operationId: oneOf('operation-id', options['operation-id'], ['attempt', 'job']),
    };
}

// What the worker says next.
async function hear(worker) {
    const ended = once(worker, 'exit').then(([code]) => Promise.reject(new Error(`a worker ended with ${code}`)));
    const [message] = await Promise.race([once(worker, 'message'), ended]);
    ended.catch(() => {}); // later it may end
    return message;
}

async function startWorker(options, redisPort) {
    const worker = fork(new URL('worker.mjs', import.meta.url), [JSON.stringify({ ...options, redisPort })]);
    await hear(worker);
    return worker;
}

async function stopWorker(worker) {
    worker.send('stop');
    return hear(worker);
}

async function breakOnce({ kill }, { redis, workers, restart }) {
    if (kill === 'redis') return redis.killAndRestart();
    if (kill === 'power') return redis.powerCut();
    const ended = workers.map((worker) => once(worker, 'exit'));
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all(ended);
    workers.splice(0, workers.length, ...(await Promise.all(workers.map(restart)))); // as a service manager does
}

// Until `left()` is 0 (true), or it has become no less for longer than any wait of the queue or a device explains (false).
async function noneLeft({ lock, timeout }, left) {
    const patienceMs = (3 * lock + 2 * timeout) * 1000;
    let fewest = Infinity;
    for (let since = performance.now(); performance.now() - since < patienceMs; await pause(betweenMs)) {
        const now = await left();
        if (now <= 0) return true;
        if (now < fewest) since = performance.now();
        fewest = Math.min(now, fewest);
    }
    return false;
}

// At each of those percentages: of the number of devices, so many acks have been heard. What a killed worker had under
// way is done again, so that there can be more of them than devices.
async function breakInTheMiddle(options, rig) {
    for (const percent of options.killAt) {
        const wanted = (options.devices * percent) / 100;
        const reached = await noneLeft(options, () => wanted - rig.witness.acks);
        if (!reached) throw new Error(`there were ${rig.witness.acks} acks, never ${percent} %`);
        await breakOnce(options, rig);
    }
}

function compare(devices, { completed, failed }, witness) {
    const count = (fits) => devices.filter(fits).length;
    return {
        lost: count((device) => witness.executions(device) === 0),
        repeated: count((device) => witness.executions(device) > 1),
        reported_failed_but_done: count((device) => failed.has(device) && witness.executions(device) > 0),
        reported_done_but_not: count((device) => completed.has(device) && witness.executions(device) === 0),
        not_reported: count((device) => !completed.has(device) && !failed.has(device)),
    };
}

// What the queue says of its jobs when they are over, and how the workers counted.
async function result(queue, workers, devices) {
    const counts = await Promise.all(workers.map(stopWorker));
    const { completed, failed } = await verdicts(queue);
    const refused = [...failed.values()].filter((reason) => reason.startsWith('refused')).length;
    const sum = (name) => counts.reduce((total, one) => total + one[name], 0);
    const acked = completed.size + refused;
    const published = sum('published');
    const [lost, repeated] = [devices.length - acked, published - devices.length];
    return { completed, failed, acked, lost, repeated, stalled: sum('stalled'), cpuOfWorkers: sum('cpu') };
}

async function carryOut(options, run, { redis, workers, witness, restart }) {
    const devices = deviceIds(options.prefix, options.devices);
    const queue = openQueue(redis.port);
    await queue.waitUntilReady();
    const [start, cpuBefore] = [performance.now(), cpuSeconds() + (await redis.cpuSeconds())];
    const elapsed = () => (performance.now() - start) / 1000;
    const broken = witness && breakInTheMiddle(options, { redis, workers, witness, restart });
    await addJobs(queue, run, devices, { fanSpeed: options.value });
    const secondsToAdd = elapsed();
    await broken;
    await noneLeft(options, () => openJobs(queue)); // what is left then is counted as lost
    const seconds = elapsed();
    const cpu = cpuSeconds() + (await redis.cpuSeconds()) - cpuBefore;
    const { completed, failed, cpuOfWorkers, ...counts } = await result(queue, workers, devices);
    const truth = witness && compare(devices, { completed, failed }, witness);
    await queue.close();
    return {
        name: `BullMQ, appendfsync ${options.appendfsync}`,
        operations: devices.length,
        seconds,
        window: options.window * options.workers,
        seconds_to_add: secondsToAdd,
        ...counts,
        // Of a process that was killed it is not known.
        ...(witness ? { killed: options.kill, kills: options.killAt.length, ...truth } : { cpu_seconds: cpu + cpuOfWorkers }),
    };
}

const options = read();
const run = process.pid.toString(36) + Date.now().toString(36); // makes the ids of this run its own
const breaks = options.kill !== 'nothing';
const redis = await PrivateRedis.start({
    port: options.redisPort,
    fsync: options.appendfsync,
    watched: options.kill === 'power',
});
const restart = () => startWorker(options, redis.port);
const workers = await Promise.all(Array.from({ length: options.workers }, restart));
const witness = breaks ? await Witness.at(options.port, run) : undefined;
const outcome = await carryOut(options, run, { redis, workers, witness, restart });
await witness?.end();
await redis.stop();
printResult(outcome);
