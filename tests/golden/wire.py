"""Builds packets by hand and writes them as captures: the vocabulary of the makers in make/.

A maker calls capture(name, link, packets); each packet is bytes, or a Cut, or a At. Headers nest by concatenation
of function calls: eth(ip4(udp(b"...", 1000, 53))). Checksums are computed, lengths too, unless told otherwise.
"""
import socket
import struct

CAPTURES = {}

# Link types, the numbers of pcap files.
NULL, ETHERNET, PPP, RAW, C_HDLC, LOOP, SLL, SLL2, PPI = 0, 1, 9, 101, 104, 108, 113, 276, 192

MAC_A, MAC_B = "02:00:00:00:00:0a", "02:00:00:00:00:0b"


class At:
    """A packet with its own capture time, in nanoseconds since 1970."""

    def __init__(self, ns, data, wire_len=None):
        self.ns, self.data, self.wire_len = ns, data, wire_len


class Cut:
    """A packet of which only the first n bytes were captured."""

    def __init__(self, n, data):
        self.data, self.wire_len = data[:n], len(data)


def capture(name, link, packets, nano=False, snaplen=262144):
    """Registers a capture: a classic pcap file, packets a millisecond apart unless they say when."""
    assert name not in CAPTURES, f"two captures named {name}"
    out = [struct.pack("<IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, snaplen, link)]
    for i, p in enumerate(packets):
        ns = getattr(p, "ns", 1_700_000_000_000_000_000 + i * 1_000_000)
        data = p if isinstance(p, bytes) else p.data
        wire = getattr(p, "wire_len", None)
        frac = ns % 10**9 if nano else ns % 10**9 // 1000
        out.append(struct.pack("<IIII", ns // 10**9, frac, len(data), len(data) if wire is None else wire) + data)
    CAPTURES[name] = b"".join(out)


def raw_capture(name, data):
    """Registers a file as it is: pcapng, damaged files."""
    assert name not in CAPTURES
    CAPTURES[name] = data


def cuts(packet, step=1, first=1):
    """The packet at every capture length."""
    return [Cut(n, packet) for n in range(first, len(packet) + 1, step)]


def h(text):
    """Bytes from hex; blanks and line ends are ignored, # starts a comment."""
    return bytes.fromhex("".join(line.split("#")[0] for line in text.splitlines()))


def u8(*v):
    return bytes(v)


def be16(*v):
    return b"".join(struct.pack(">H", x & 0xFFFF) for x in v)


def be32(*v):
    return b"".join(struct.pack(">I", x & 0xFFFFFFFF) for x in v)


def be64(*v):
    return b"".join(struct.pack(">Q", x & (2**64 - 1)) for x in v)


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def a4(text):
    return socket.inet_pton(socket.AF_INET, text)


def a6(text):
    return socket.inet_pton(socket.AF_INET6, text)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    s = sum(struct.unpack(f">{len(data) // 2}H", data))
    while s >> 16:
        s = (s & 0xFFFF) + (s >> 16)
    return ~s & 0xFFFF


def put(data, at, value):
    return data[:at] + value + data[at + len(value):]


# --- link ---

def eth(payload, kind=None, src=MAC_A, dst=MAC_B):
    """An Ethernet frame; the EtherType comes from the payload's IP version unless given."""
    if kind is None:
        kind = 0x86DD if payload[:1] and payload[0] >> 4 == 6 else 0x0800
    return mac(dst) + mac(src) + be16(kind) + payload


def vlan(payload, tci, kind=0x0800):
    """A tag and what follows it: the payload of an eth(..., 0x8100)."""
    return be16(tci, kind) + payload


def eth_llc(payload, src=MAC_A, dst=MAC_B):
    return mac(dst) + mac(src) + be16(len(payload)) + payload


def llc(dsap, ssap, control, payload=b""):
    return u8(dsap, ssap, control) + payload


def snap(oui, pid, payload):
    return llc(0xAA, 0xAA, 3, oui.to_bytes(3, "big") + be16(pid) + payload)


# --- network ---

class Seg:
    """A transport segment whose checksum waits for its addresses."""

    def __init__(self, proto, data, at):
        self.proto, self.data, self.at = proto, data, at

    def done(self, pseudo):
        if self.at is None:
            return self.data
        zeroed = put(self.data, self.at, b"\0\0")
        s = checksum(pseudo + zeroed)
        return put(zeroed, self.at, be16(0xFFFF if s == 0 and self.proto == 17 else s))


def ip4(payload, proto=None, src="192.0.2.1", dst="192.0.2.2", ttl=64, ident=1, flags=0x4000, tos=0, options=b"",
        length=None, sum=None):
    if isinstance(payload, Seg):
        proto = payload.proto if proto is None else proto
        payload = payload.done(a4(src) + a4(dst) + be16(proto, len(payload.data)))
    options += b"\0" * (-len(options) % 4)
    total = 20 + len(options) + len(payload) if length is None else length
    head = u8(0x40 | (20 + len(options)) // 4, tos) + be16(total, ident, flags) + u8(ttl, proto or 0)
    rest = a4(src) + a4(dst) + options
    s = checksum(head + b"\0\0" + rest) if sum is None else sum
    return head + be16(s) + rest + payload


def ip6(payload, proto=None, src="2001:db8::1", dst="2001:db8::2", hops=64, flow=0, tc=0, length=None):
    if isinstance(payload, Seg):
        proto = payload.proto if proto is None else proto
        payload = payload.done(a6(src) + a6(dst) + be32(len(payload.data), proto))
    n = len(payload) if length is None else length
    return be32(0x60000000 | tc << 20 | flow) + be16(n) + u8(proto or 59, hops) + a6(src) + a6(dst) + payload


# --- transport ---

def udp(payload, sport, dport, length=None, sum=None):
    n = 8 + len(payload) if length is None else length
    return Seg(17, be16(sport, dport, n, 0 if sum is None else sum) + payload, 6 if sum is None else None)


def tcp(payload=b"", sport=40000, dport=9999, seq=1000, ack=0, flags="S", win=64240, urg=0, options=b"", sum=None):
    bits = 0
    for c in flags:
        bits |= {"F": 1, "S": 2, "R": 4, "P": 8, ".": 16, "U": 32, "E": 64, "W": 128}[c]
    options += b"\0" * (-len(options) % 4)
    head = be16(sport, dport) + be32(seq, ack) + u8((20 + len(options)) // 4 << 4, bits)
    return Seg(6, head + be16(win, 0 if sum is None else sum, urg) + options + payload, 16 if sum is None else None)


def icmp(kind, code, rest):
    data = u8(kind, code) + b"\0\0" + rest
    return Seg(1, put(data, 2, be16(checksum(data))), None)


def icmp6(kind, code, rest):
    return Seg(58, u8(kind, code) + b"\0\0" + rest, 2)
