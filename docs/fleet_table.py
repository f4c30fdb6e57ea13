#!/usr/bin/env python3
"""Keeps the table of a fleet, and prints each change: fleet_table.py BOOTSTRAP [PREFIX]

Needs confluent-kafka. The partitions are read from their beginning, so there is no group and no offset to keep.
"""

import json
import sys


class FleetTable:
    def __init__(self):
        self.domains = {}
        self.hosts = {}
        self._newest = {}

    def apply(self, key, value, headers, is_host):
        """Follows a record; False if it is older than what the table has."""
        sequence = dict(headers or []).get("ce_sequence", b"")
        if sequence < self._newest.get(key, b""):
            return False
        self._newest[key] = sequence
        table = self.hosts if is_host else self.domains
        if value is None:
            table.pop(key, None)
        else:
            table[key] = json.loads(value)
        return True

    def state(self, key):
        """The state of domain HOST/UUID, and as of when it is true; None if the domain does not exist."""
        domain = self.domains.get(key)
        if domain is None:
            return None
        host = self.hosts.get(key.split("/")[0], {"status": "UNWATCHED", "asOf": None})
        if host["status"] == "UP":
            return domain["state"]
        return f"{domain['state']} as of {host['asOf']}, host {host['status']}"


def main(bootstrap, prefix="libvirt."):
    from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

    consumer = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": "unused", "enable.auto.commit": False, "isolation.level": "read_committed"}
    )
    topics = {prefix + "domains": False, prefix + "hosts.state": True}
    partitions = []
    for topic in topics:
        known = consumer.list_topics(topic, timeout=10).topics[topic].partitions
        partitions += [TopicPartition(topic, number, OFFSET_BEGINNING) for number in known]
    consumer.assign(partitions)
    table = FleetTable()
    while True:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error():
            sys.exit(str(message.error()))
        key = message.key().decode()
        is_host = topics[message.topic()]
        if table.apply(key, message.value(), message.headers(), is_host):
            print(key, table.hosts.get(key) if is_host else table.state(key), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
