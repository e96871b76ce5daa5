// A Mosquitto of the test's own.
import { createServer } from 'node:net';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually.mjs';
import { Process, run, temporaryDirectory } from './processes.mjs';

async function freePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    await once(server, 'close');
    return port;
}

const configuration = (port) => `listener ${port} 127.0.0.1
allow_anonymous true
set_tcp_nodelay true
max_inflight_messages 1000
max_queued_messages 0
${process.getuid() === 0 ? 'user root\n' : ''}`;

async function answers(port) {
    const probe = ['mosquitto_pub', '-h', '127.0.0.1', '-p', String(port), '-t', 'probe', '-n'];
    return run(probe).then(() => true, () => false);
}

// Mosquitto cannot choose a port and say which: another is tried when somebody was faster to take it.
export async function startBroker() {
    const file = join(temporaryDirectory(), 'mosquitto.conf');
    for (;;) {
        const port = await freePort();
        writeFileSync(file, configuration(port));
        const process = new Process(['mosquitto', '-c', file]);
        await eventually(`Mosquitto answers or ends:\n${process.log}`, async () => !process.running || (await answers(port)));
        if (process.running) return { process, port };
        if (!process.log.includes('Address already in use')) throw new Error(`Mosquitto did not start:\n${process.log}`);
    }
}
