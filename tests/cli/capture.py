"""Capture files by hand, for tests of the command line: what is in the packets hardly matters here."""
import struct

ETHERNET, RAW = 1, 101
START = 1_700_000_000


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip4(proto, payload, src="10.0.0.1", dst="10.0.0.2"):
    addresses = bytes(int(x) for x in (src + "." + dst).split("."))
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0, 64, proto, 0) + addresses
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def udp(sport, dport, payload=b"hello", **hosts):
    return ip4(17, struct.pack(">HHHH", sport, dport, 8 + len(payload), 0) + payload, **hosts)


def tcp(sport, dport, flags, payload=b"", **hosts):
    return ip4(6, struct.pack(">HHIIBBHHH", sport, dport, 1000, 0, 0x50, flags, 512, 0, 0) + payload, **hosts)


def eth(packet, vlan=None):
    tag = b"" if vlan is None else struct.pack(">HH", 0x8100, vlan)
    return bytes.fromhex("02000000000b02000000000a") + tag + b"\x08\x00" + packet


def pcap(packets, link=ETHERNET, nano=False, step=1000, start=START):
    """A pcap file; packets are `step` sub-second units apart."""
    out = struct.pack("<IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, 262144, link)
    for i, p in enumerate(packets):
        unit = 10**9 if nano else 10**6
        out += struct.pack("<IIII", start + i * step // unit, i * step % unit, len(p), len(p)) + p
    return out


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def pcapng(packets):
    """A pcapng file of (link type, bytes): one interface for each link type, in order of appearance."""
    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    seen = []
    for i, (link, p) in enumerate(packets):
        if link not in seen:
            seen.append(link)
            out += block(1, struct.pack("<HHI", link, 0, 262144))
        stamp = START * 10**6 + i * 1000
        out += block(6, struct.pack("<IIIII", seen.index(link), stamp >> 32, stamp & 0xFFFFFFFF, len(p), len(p)) + p)
    return out


def conversation(n=10):
    """n packets: SYN, SYN-ACK, then UDP in turn, on ports 20 to 29."""
    out = [eth(tcp(40000, 20, 2)), eth(tcp(20, 40000, 0x12, src="10.0.0.2", dst="10.0.0.1"))]
    for i in range(2, n):
        out.append(eth(udp(50000, 20 + i % 10, b"x" * (i % 50))))
    return out[:n]


def packets_of(data):
    """The packets of a little-endian pcap file; fails if it does not end with a whole one."""
    assert len(data) >= 24, "no file header"
    out, at = [], 24
    while at < len(data):
        assert at + 16 <= len(data), "cut record header"
        n = struct.unpack_from("<I", data, at + 8)[0]
        assert at + 16 + n <= len(data), "cut packet"
        out.append(data[at + 16:at + 16 + n])
        at += 16 + n
    return out
