"""Conversations by hand: what two ends say, as packets that may be lost, repeated, reordered."""
import random
import struct

import capture

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def address(text):
    """Packed IPv4 or IPv6 address."""
    import socket
    return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)


def ip(proto, payload, src, dst):
    if ":" not in src:
        return capture.eth(capture.ip4(proto, payload, src=src, dst=dst))
    head = struct.pack(">IHBB", 6 << 28, len(payload), proto, 64)
    return bytes.fromhex("02000000000b02000000000a86dd") + head + address(src) + address(dst) + payload


def udp(sport, dport, payload, src="10.0.0.1", dst="10.0.0.2"):
    return ip(17, struct.pack(">HHHH", sport, dport, 8 + len(payload), 0) + payload, src, dst)


def sctp(sport, dport, tsn, payload, src="10.0.0.1", dst="10.0.0.2"):
    """One DATA chunk with a whole message."""
    chunk = struct.pack(">BBHIHHI", 0, 3, 16 + len(payload), tsn, 0, 0, 0) + payload
    return ip(132, struct.pack(">HHII", sport, dport, 7, 0) + chunk + b"\0" * (-len(payload) % 4), src, dst)


class Tcp:
    """A TCP connection; `out` collects its packets. client and server say bytes, seg says anything."""

    def __init__(self, client=("10.0.0.1", 40000), server=("10.0.0.2", 80), isn=(1000, 5000), mss=1000, out=None):
        self.ends, self.next, self.mss = (client, server), list(isn), mss
        self.out = [] if out is None else out

    def seg(self, side, flags, payload=b"", seq=None, ack=None):
        seq = self.next[side] if seq is None else seq
        ack = self.next[not side] if ack is None else ack
        (src, sport), (dst, dport) = self.ends[side], self.ends[not side]
        head = struct.pack(">HHIIBBHHH", sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF if flags & ACK else 0, 0x50,
                           flags, 65535, 0, 0)
        self.out.append(ip(6, head + payload, src, dst))
        return self.out[-1]

    def open(self):
        self.seg(0, SYN)
        self.next[0] += 1
        self.seg(1, SYN | ACK)
        self.next[1] += 1
        self.seg(0, ACK)
        return self

    def say(self, side, data):
        for i in range(0, len(data), self.mss):
            part = data[i:i + self.mss]
            self.seg(side, PSH | ACK, part)
            self.next[side] += len(part)
        self.seg(not side, ACK)
        return self

    def client(self, data):
        return self.say(0, data)

    def server(self, data):
        return self.say(1, data)

    def lose(self, side, n):
        """n bytes that nobody captured."""
        self.next[side] += n
        return self

    def close(self):
        for side in (0, 1):
            self.seg(side, FIN | ACK)
            self.next[side] += 1
            self.seg(not side, ACK)
        return self


def rough(packets, seed, lost=0.0, swapped=0.1, repeated=0.1):
    """The packets as a bad network and a bad tap leave them."""
    dice = random.Random(seed)
    out = []
    for p in packets:
        if dice.random() < lost:
            continue
        out.append(p)
        if dice.random() < repeated:
            out.append(p)
    for i in range(len(out) - 1):
        if dice.random() < swapped:
            out[i], out[i + 1] = out[i + 1], out[i]
    return out
