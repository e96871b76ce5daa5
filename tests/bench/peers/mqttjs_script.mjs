// What a user of MQTT.js writes on an afternoon: a setting to every device, an ack from each, one repeat for who is
// silent, and counts at the end. Nothing is kept: when it is killed, nobody knows what was done. Options: README.md.
import { connectClient } from './support/client.mjs';
import { cpuSeconds, deviceIds, printResult, readOptions } from './support/options.mjs';

const options = readOptions(300);
const mostAttempts = 2;
const run = process.pid.toString(36) + Date.now().toString(36);
const counts = { done: 0, refused: 0, silent: 0, repeated: 0 };
const waiting = new Map(); // operation id to who waits for its ack

const client = await connectClient(options.port);
client.on('message', (topic, payload) => {
    try {
        const { id, code } = JSON.parse(payload);
        if (code !== 202) waiting.get(id)?.(code);
    } catch {
        console.error(`mqttjs_script: not an ack: ${topic} ${payload}`);
    }
});
await client.subscribeAsync('muster/v1/dev/+/ack', { qos: options.qos });

// The code of the ack; nothing if there was none in time.
function ask(device, id) {
    return new Promise((resolve, reject) => {
        const settle = (code) => {
            clearTimeout(timer);
            waiting.delete(id);
            resolve(code);
        };
        const timer = setTimeout(settle, options.timeout * 1000);
        waiting.set(id, settle);
        const message = JSON.stringify({ id, set: { fanSpeed: options.value } });
        client.publish(`muster/v1/dev/${device}/cmd`, message, { qos: options.qos }, (error) => error && reject(error));
    });
}

async function setDevice(number, device) {
    for (let attempt = 1; attempt <= mostAttempts; ++attempt) {
        if (attempt > 1) counts.repeated += 1;
        const code = await ask(device, `${run}.${number}.${attempt}`);
        if (code !== undefined) {
            counts[code >= 200 && code < 300 ? 'done' : 'refused'] += 1;
            return;
        }
    }
    counts.silent += 1;
}

const devices = deviceIds(options.prefix, options.devices);
const [start, cpuBefore] = [performance.now(), cpuSeconds()];
const left = devices.entries();
async function oneAfterTheOther() {
    for (const [number, device] of left) await setDevice(number, device);
}
await Promise.all(Array.from({ length: options.window }, oneAfterTheOther));
const seconds = (performance.now() - start) / 1000;
const cpu = cpuSeconds() - cpuBefore;
await client.endAsync();
printResult({
    name: 'MQTT.js script',
    operations: devices.length,
    seconds,
    acked: counts.done + counts.refused,
    lost: counts.silent,
    repeated: counts.repeated,
    window: options.window,
    cpu_seconds: cpu,
});
