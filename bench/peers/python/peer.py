"""The peer with libvirt-python. `peer.py WORK ARGUMENT...`; see ../../README.md."""

import sys
import threading
import time

import libvirt

PIECE = 262120  # What libvirt sends in one message.
MIB = 1024 * 1024


def say(figure, value):
    print(figure, 1, "%.3f" % value, flush=True)


def turn():
    """Waits for the driver to give this peer its next turn; false if there is none."""
    print(".", flush=True)
    return sys.stdin.readline() == "\n"


def events(number):
    """As events.c."""
    received = [0, 0]
    done = threading.Event()

    def lifecycle(conn, dom, event, detail, opaque):
        dom.name(), dom.UUID()
        received[0] += 1
        if received[0] == received[1]:
            done.set()

    def loop():
        while True:
            libvirt.virEventRunDefaultImpl()

    number = int(number)
    libvirt.virEventRegisterDefaultImpl()
    threading.Thread(target=loop, daemon=True).start()
    conn = libvirt.open("test:///default")
    dom = conn.lookupByName("test")
    conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lifecycle, None)
    while turn():
        received[:] = 0, number
        done.clear()
        start = time.perf_counter()
        for _ in range(0, number, 2):
            dom.suspend()
            dom.resume()
        done.wait()
        say("events", number / (time.perf_counter() - start))


def calls(uri):
    """As calls.c."""
    conn = libvirt.open(uri)
    domain = conn.lookupByName("vm500")

    def missing():
        try:
            conn.lookupByName("nobody")
        except libvirt.libvirtError as e:
            assert e.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN

    works = [
        ("name", domain.name, 10000),
        ("info", domain.info, 5000),
        ("lookup", lambda: conn.lookupByName("vm500"), 5000),
        ("list", conn.listAllDomains, 10),
        ("missing", missing, 2000),
    ]
    while turn():
        for figure, call, times in works:
            start = time.perf_counter()
            for _ in range(times):
                call()
            say(figure, (time.perf_counter() - start) * 1e9 / times)


def streams(uri, form, mib, sparse_mib):
    """As streams.c, without the sparse ones."""
    conn = libvirt.open(uri)
    pool = conn.storagePoolLookupByName("bench")
    piece = b"x" * PIECE
    size = int(mib) * MIB

    def up(stream):
        left = [size]

        def give(stream, room, opaque):
            length = min(left[0], room)
            left[0] -= length
            return piece[:length]

        if form == "closure":
            stream.sendAll(give, None)
        else:
            while left[0] > 0:
                left[0] -= stream.send(piece[: left[0]])

    def down(stream):
        done = [0]

        def take(stream, data, opaque):
            done[0] += len(data)

        if form == "closure":
            stream.recvAll(take, None)
        else:
            while data := stream.recv(PIECE):
                done[0] += len(data)
        assert done[0] == size

    while turn():
        for figure, move in (("up", up), ("down", down)):
            volume = pool.storageVolLookupByName(figure)
            start = time.perf_counter()
            stream = conn.newStream()
            getattr(volume, figure + "load")(stream, 0, size, 0)
            move(stream)
            stream.finish()
            say(figure, int(mib) / (time.perf_counter() - start))


def first():
    assert libvirt.open("test:///default").listAllDomains()[0].name() == "test"
    say("first", 0)


libvirt.registerErrorHandler(lambda context, error: None, None)
{"events": events, "calls": calls, "streams": streams, "first": first}[sys.argv[1]](*sys.argv[2:])
