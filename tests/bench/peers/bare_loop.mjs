// The fastest honest loop over MQTT.js: one setting to every device, the next operation as an ack arrives, nothing
// stored and nothing retried. What is counted is what ends the loop. Options: README.md.
import { createConnection } from 'node:net';
import { MqttClient } from 'mqtt';
import { cpuSeconds, deviceIds, printResult, readOptions } from './support/options.mjs';

const options = readOptions(500);
const { qos, value, window } = options;
const run = process.pid.toString(36) + Date.now().toString(36); // makes the operation ids of this run its own
const topics = deviceIds(options.prefix, options.devices).map((id) => `muster/v1/dev/${id}/cmd`);

// MQTT.js hands each acknowledged packet to the socket by itself. Held back until the whole read is worked off,
// a burst of acks becomes one write.
function batchedSocket() {
    const socket = createConnection({ port: options.port, host: '127.0.0.1', noDelay: true });
    const write = socket.write;
    let held = false;
    socket.write = (...what) => {
        if (!held) {
            held = true;
            socket.cork();
            setImmediate(() => {
                held = false;
                socket.uncork();
            });
        }
        return write.apply(socket, what);
    };
    return socket;
}

const client = new MqttClient(batchedSocket, { protocolVersion: 4, reconnectPeriod: 0 });
client.once('error', (error) => {
    console.error(`bare_loop: ${error.message}`);
    process.exit(1);
});
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

client.once('connect', async () => {
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
});
