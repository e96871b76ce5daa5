// musterd with a broker and a store of its own, and the ways to it other than the browser.
import { writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { startBroker } from './broker.mjs';
import { Devices } from './devices.mjs';
import { eventually } from './eventually.mjs';
import { MqttClient } from './mqtt.mjs';
import { endAllProcesses, Process, program, run, temporaryDirectory } from './processes.mjs';

const roles = { anna: 'admin', olga: 'operator', victor: 'viewer' };

export class Gateway {
    #directory = temporaryDirectory();
    #http = '127.0.0.1:0';
    #requests = 0;
    #replies = new Map(); // id of a request to its reply
    #tokens = new Map();
    #simulators = 0;

    static async start() {
        const gateway = new Gateway();
        gateway.broker = await startBroker();
        gateway.client = await MqttClient.connect(gateway.broker.port);
        await gateway.client.subscribe('muster/v1/api/+/res/#', (topic, payload) => {
            if (topic.includes('/res/')) gateway.#replies.set(topic.split('/').at(-1), JSON.parse(payload));
        });
        gateway.devices = await Devices.at(gateway.client);
        await gateway.startDaemon();
        return gateway;
    }

    // The first time on a port that is free, later on the same one.
    async startDaemon() {
        const configuration = join(this.#directory, 'musterd.yaml');
        writeFileSync(configuration, JSON.stringify({
            broker: { urls: [`mqtt://127.0.0.1:${this.broker.port}`] },
            store: { path: join(this.#directory, 'muster.db') },
            http: { listen: this.#http },
            roles,
        }));
        this.daemon = new Process([program('musterd'), '--config', configuration]);
        [, this.address] = await this.daemon.says(/event=http_listening name="(http:\/\/[^"]+)"/);
        this.#http = new URL(this.address).host;
        await this.daemon.says(/event=broker_connected/);
    }

    // As at a loss of power: no farewell.
    async killDaemon() {
        await this.daemon.end('SIGKILL');
    }

    async applyExampleFleet() {
        await this.muster('apply', '-f', process.env.MUSTER_FLEET);
    }

    async muster(...words) {
        return run([program('muster'), '--broker', `mqtt://127.0.0.1:${this.broker.port}`, '--user', 'anna', ...words]);
    }

    // A request of the control API over MQTT: `ask('anna', 'job/get', {job: 1})`.
    async ask(user, verb, body = {}) {
        this.#requests += 1;
        const id = `browser-${this.#requests}`;
        this.client.publish(`muster/v1/api/${user}/req/${verb}`, JSON.stringify({ ...body, id }));
        const { ok, result, error } = await eventually(`a reply to ${verb}`, () => this.#replies.get(id));
        if (!ok) throw new Error(`${verb}: ${JSON.stringify(error)}`);
        return result;
    }

    async token(user) {
        if (!this.#tokens.has(user)) this.#tokens.set(user, (await this.ask(user, 'console/open')).token);
        return this.#tokens.get(user);
    }

    async simulate(devices, ...options) {
        this.#simulators += 1;
        const ready = join(this.#directory, `ready-${this.#simulators}`);
        const simulator = new Process([program('muster-sim'), '--broker', `mqtt://127.0.0.1:${this.broker.port}`,
            '--devices', String(devices), '--template', 'refrigerator', '--ready-file', ready, ...options]);
        await eventually(`muster-sim is ready:\n${simulator.log}`, () => existsSync(ready) || !simulator.running, 120_000);
        if (!simulator.running) throw new Error(`muster-sim ended:\n${simulator.log}`);
        return simulator;
    }

    // Until the registry has that many devices, of them so many online.
    async knows(total, online) {
        await eventually(`${total} devices, ${online} of them online`, async () => {
            const { devices } = await this.ask('anna', 'status');
            return devices.total === total && devices.online === online;
        }, 120_000);
    }

    async end() {
        this.client.close();
        await endAllProcesses();
    }
}
