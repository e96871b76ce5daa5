// The fastest honest loop over MQTT.js: one setting to every device, the next operation as an ack arrives, nothing
// stored and nothing retried. What is counted is what ends the loop. Options: README.md.
import { connectClient } from './support/client.mjs';
import { cpuSeconds, deviceIds, printResult, readOptions } from './support/options.mjs';

const options = readOptions(300);
const { qos, value, window } = options;
const run = process.pid.toString(36) + Date.now().toString(36); // makes the operation ids of this run its own
const topics = deviceIds(options.prefix, options.devices).map((id) => `muster/v1/dev/${id}/cmd`);

const client = await connectClient(options.port);
let sent = 0;
let acked = 0;

function next() {
    const number = sent++;
    client.publish(topics[number], `{"id":"${run}.${number}","set":{"fanSpeed":${value}}}`, { qos });
}

function finish(start, cpuBefore) {
    const seconds = (performance.now() - start) / 1000;
    printResult({
        name: 'MQTT.js bare loop',
        operations: topics.length,
        seconds,
        acked,
        lost: topics.length - acked,
        repeated: 0,
        window,
        cpu_seconds: cpuSeconds() - cpuBefore,
    });
    process.exit(0);
}

await client.subscribeAsync('muster/v1/dev/+/ack', { qos });
const [start, cpuBefore] = [performance.now(), cpuSeconds()];
let before = -1;
setInterval(() => {
    if (acked === before) finish(start, cpuBefore);
    before = acked;
}, options.timeout * 1000);
client.on('message', () => {
    acked += 1;
    if (sent < topics.length) next();
    else if (acked === topics.length) finish(start, cpuBefore);
});
while (sent < Math.min(window, topics.length)) next();
