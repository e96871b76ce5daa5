// One worker of the queue, a process of its own: takes a job, publishes its setting, and completes the job when the
// device has acked. Its options come as JSON in its one argument; its parent hears `ready`, and when it was told to
// stop `published`, operations, `stalled`, jobs that it found abandoned, and `cpu`, seconds of the processor.
import { randomBytes } from 'node:crypto';
import { UnrecoverableError, Worker } from 'bullmq';
import { connectClient } from '../support/client.mjs';
import { cpuSeconds } from '../support/options.mjs';
import { queueName } from './queue.mjs';

const options = JSON.parse(process.argv[2]);
process.on('disconnect', () => process.exit()); // the parent has ended
const waiting = new Map(); // operation id to who waits for its ack
let published = 0;
let stalled = 0;

const client = await connectClient(options.port);
client.on('message', (topic, payload) => {
    const ack = JSON.parse(payload);
    if (ack.code !== 202) waiting.get(ack.id)?.(ack);
});
await client.subscribeAsync('muster/v1/dev/+/ack', { qos: options.qos });

function ask(device, id, set) {
    return new Promise((resolve, reject) => {
        const settle = (ack) => {
            clearTimeout(timer);
            waiting.delete(id);
            return ack ? resolve(ack) : reject(new Error('no answer'));
        };
        const timer = setTimeout(settle, options.timeout * 1000);
        waiting.set(id, settle);
        published += 1;
        client.publish(`muster/v1/dev/${device}/cmd`, JSON.stringify({ id, set }), { qos: options.qos },
            (error) => error && reject(error));
    });
}

async function setDevice(job) {
    // A new id for each attempt is what comes to mind. With the job's own, a device that remembers ids (SPEC 5.10)
    // executes a second attempt of the same job no more.
    const id = options.operationId === 'job' ? job.id : `${job.id}.${randomBytes(6).toString('hex')}`;
    const { code, msg } = await ask(job.data.device, id, job.data.set);
    if (code < 200 || code >= 300) throw new UnrecoverableError(`refused: ${code} ${msg ?? ''}`);
    return code;
}

const worker = new Worker(queueName, setDevice, {
    connection: { host: '127.0.0.1', port: options.redisPort, maxRetriesPerRequest: null },
    concurrency: options.window,
    lockDuration: options.lock * 1000,
    stalledInterval: options.lock * 1000,
});
worker.on('error', () => {}); // Redis is away, or a job was given to another worker; BullMQ goes on by itself
worker.on('stalled', () => (stalled += 1));
await worker.waitUntilReady();

const cpuBefore = cpuSeconds();
// No worker.close(): it waits for the jobs that the worker holds, and for ever for one that Redis has forgotten.
process.on('message', () => {
    process.send({ published, stalled, cpu: cpuSeconds() - cpuBefore }, () => process.exit());
});
process.send({ ready: true });
