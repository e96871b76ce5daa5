// A small MQTT 3.1.1 client, for devices and clients that the test plays itself. Publishes at QoS 0 on
// loopback; not for a broker that is overloaded.
import { connect } from 'node:net';
import { once } from 'node:events';

const packet = { connect: 0x10, publish: 0x30, subscribe: 0x82, connack: 2, suback: 9 };

function text(value) {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return Buffer.concat([length, bytes]);
}

function frame(head, ...parts) {
    const body = Buffer.concat(parts);
    const length = [];
    let left = body.length;
    do {
        length.push((left % 128) + (left >= 128 ? 128 : 0));
        left = Math.floor(left / 128);
    } while (left > 0);
    return Buffer.concat([Buffer.from([head, ...length]), body]);
}

export class MqttClient {
    #socket;
    #unread = Buffer.alloc(0);
    #expected = new Map(); // packet type to who waits for it
    #listeners = [];

    static async connect(port) {
        const client = new MqttClient();
        client.#socket = connect(port, '127.0.0.1');
        client.#socket.on('error', () => {}); // a broker that went away is seen by what does not come
        await once(client.#socket, 'connect');
        client.#socket.setNoDelay(true);
        client.#socket.on('data', (bytes) => client.#read(bytes));
        const accepted = client.#await(packet.connack);
        // Protocol level 4, clean session, no keep alive, client id of the broker's choice.
        client.#socket.write(frame(packet.connect, text('MQTT'), Buffer.from([4, 2, 0, 0]), text('')));
        await accepted;
        return client;
    }

    publish(topic, payload, retain = false) {
        this.#socket.write(frame(packet.publish + (retain ? 1 : 0), text(topic), Buffer.from(payload)));
    }

    // `heard(topic, payload)` is called for what comes on any subscription.
    async subscribe(filter, heard) {
        this.#listeners.push(heard);
        const confirmed = this.#await(packet.suback);
        this.#socket.write(frame(packet.subscribe, Buffer.from([0, 1]), text(filter), Buffer.from([0])));
        await confirmed;
    }

    close() {
        this.#socket.destroy();
    }

    #await(type) {
        return new Promise((resolve) => this.#expected.set(type, resolve));
    }

    #read(bytes) {
        this.#unread = Buffer.concat([this.#unread, bytes]);
        for (;;) {
            let [length, scale, at] = [0, 1, 1];
            do {
                if (at >= this.#unread.length) return;
                length += (this.#unread[at] & 127) * scale;
                scale *= 128;
            } while (this.#unread[at++] & 128);
            if (this.#unread.length < at + length) return;
            this.#take(this.#unread[0], this.#unread.subarray(at, at + length));
            this.#unread = this.#unread.subarray(at + length);
        }
    }

    #take(head, body) {
        const type = head >> 4;
        if (type === 3) {
            const end = 2 + body.readUInt16BE(0);
            for (const heard of this.#listeners) heard(body.toString('utf8', 2, end), body.toString('utf8', end));
        } else {
            this.#expected.get(type)?.();
        }
    }
}
