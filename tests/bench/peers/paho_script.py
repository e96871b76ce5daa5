#!/usr/bin/python3
"""What a user of Debian's python3-paho-mqtt (1.6) writes: a setting to every device, an ack from each, one repeat for
who is silent, and counts at the end. Nothing is kept. Options: README.md."""

import argparse
import json
import os
import socket
import sys
import time

try:
    import paho.mqtt.client as mqtt
except ImportError:
    sys.exit("paho_script: no paho.mqtt for " + sys.executable + "; install the Debian package python3-paho-mqtt "
             "(./dev setup does), which is for /usr/bin/python3")

MOST_ATTEMPTS = 2
SWEEP_SECONDS = 0.5  # between looks for devices that are silent


def read_options():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--devices", type=int, required=True)
    options.add_argument("--prefix", default="fridge-")
    options.add_argument("--value", type=int, required=True)
    options.add_argument("--qos", type=int, choices=(0, 1), default=1)
    options.add_argument("--window", type=int, default=100)
    options.add_argument("--timeout", type=float, default=10)
    return options.parse_args()


class Script:
    """One thread: the next operation is published from the callback that took an ack."""

    def __init__(self, options):
        self.options = options
        self.run = f"{os.getpid():x}{time.time_ns():x}"
        width = len(str(options.devices))
        self.devices = [f"{options.prefix}{number:0{width}}" for number in range(1, options.devices + 1)]
        self.left = iter(range(len(self.devices)))
        self.waiting = {}  # operation id: (device, attempt, deadline), oldest first
        self.acked = self.lost = self.repeated = 0
        self.subscribed = False
        self.client = mqtt.Client(protocol=mqtt.MQTTv311)
        self.client.max_inflight_messages_set(0)  # the window is ours; the library's own is 20
        self.client.on_connect = self.on_connect
        self.client.on_subscribe = self.on_subscribe
        self.client.on_message = self.on_message
        self.client.on_socket_open = self.on_socket_open

    def on_socket_open(self, _client, _data, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def on_connect(self, client, _data, _flags, code):
        if code != 0:
            sys.exit("paho_script: " + mqtt.connack_string(code))
        client.subscribe("muster/v1/dev/+/ack", self.options.qos)

    def on_subscribe(self, *_):
        self.subscribed = True

    def on_message(self, _client, _data, message):
        try:
            ack = json.loads(message.payload)
            if ack["code"] == 202 or self.waiting.pop(ack["id"], None) is None:
                return
        except (ValueError, KeyError, TypeError):
            print("paho_script: not an ack:", message.topic, message.payload, file=sys.stderr)
            return
        self.acked += 1
        self.next()

    def next(self):
        device = next(self.left, None)
        if device is not None:
            self.publish(device, 1)

    def publish(self, device, attempt):
        identity = f"{self.run}.{device}.{attempt}"
        self.waiting[identity] = (device, attempt, time.monotonic() + self.options.timeout)
        message = json.dumps({"id": identity, "set": {"fanSpeed": self.options.value}}, separators=(",", ":"))
        self.client.publish(f"muster/v1/dev/{self.devices[device]}/cmd", message, self.options.qos)

    def sweep(self):
        now = time.monotonic()
        while self.waiting:
            identity, (device, attempt, deadline) = next(iter(self.waiting.items()))
            if deadline > now:
                return
            del self.waiting[identity]
            if attempt < MOST_ATTEMPTS:
                self.repeated += 1
                self.publish(device, attempt + 1)
            else:
                self.lost += 1
                self.next()

    def loop(self):
        code = self.client.loop(SWEEP_SECONDS)
        if code != mqtt.MQTT_ERR_SUCCESS:
            sys.exit("paho_script: " + mqtt.error_string(code))

    def carry_out(self):
        """From the first operation to the last ack: seconds, and seconds of the processor."""
        self.client.connect("127.0.0.1", self.options.port)
        while not self.subscribed:
            self.loop()
        start, cpu_before = time.perf_counter(), time.process_time()
        for _ in range(self.options.window):
            self.next()
        swept = start
        while self.waiting:
            self.loop()
            if time.perf_counter() - swept > SWEEP_SECONDS:
                self.sweep()
                swept = time.perf_counter()
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu_before
        self.client.disconnect()
        return seconds, cpu


def main():
    script = Script(read_options())
    seconds, cpu = script.carry_out()
    print(json.dumps({
        "name": "python3-paho-mqtt script", "operations": len(script.devices), "seconds": round(seconds, 6),
        "acked": script.acked, "lost": script.lost, "repeated": script.repeated, "window": script.options.window,
        "cpu_seconds": round(cpu, 6),
    }))


main()
