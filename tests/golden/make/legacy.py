"""NFS and RPC, AODV, HNCP, AHCP, IPX, AppleTalk, TIPC, the interception shim."""
from wire import *
import struct

A, B = "192.0.2.1", "192.0.2.2"


def u32(*values):
    return b"".join(struct.pack(">I", v & 0xffffffff) for v in values)


def datagram(payload, sport, dport, src=A, dst=B):
    return eth(ip4(udp(payload, sport, dport), src=src, dst=dst))


# --- RPC and NFS ---

def opaque(data):
    return u32(len(data)) + data + bytes(-len(data) % 4)


def rpc_call(xid, proc, body=b"", version=3, program=100003):
    return u32(xid, 0, 2, program, version, proc, 1, 8) + bytes(8) + u32(0, 0) + body


def rpc_reply(xid, body=b"", accept=0):
    return u32(xid, 1, 0, 0, 0, accept) + body


def call(*args, **kw):
    return datagram(rpc_call(*args, **kw), 1000, 2049)


def reply(*args, **kw):
    return datagram(rpc_reply(*args, **kw), 2049, 1000, B, A)


FH = opaque(bytes.fromhex("0100000100080008020000000380340086711051"))
FH2 = bytes.fromhex("0001000200000000000a0000000000030000000000000000") + bytes(8)
ATTR = u32(1, 0o100644, 2, 1000, 100, 0, 4096, 0, 8192, 1, 2, 0, 3, 0, 4, 10, 1, 20, 2, 30, 3)
POST = u32(1) + ATTR
WCC = u32(1, 0, 4096, 1, 2, 3, 4) + POST
NAME = opaque(b"name.txt")
SATTR = u32(1, 0o644, 1, 7, 1, 8, 0, 2, 5, 6, 2, 7, 8)
calls = {
    1: (FH, u32(0) + ATTR), 2: (FH, u32(0) + WCC), 3: (FH + NAME, u32(0) + FH + POST + POST),
    4: (FH + u32(0x1f), u32(0) + POST + u32(0x1f)), 5: (FH, u32(0) + POST + opaque(b"/else")),
    6: (FH + u32(0, 8192, 512), u32(0) + POST + u32(512, 1)),
    7: (FH + u32(0, 0, 512, 2, 512), u32(0) + WCC + u32(512, 2, 1, 2)), 8: (FH + NAME, u32(0, 1) + FH + POST + WCC),
    10: (FH + NAME + SATTR + opaque(b"/to"), u32(0, 1) + FH + POST + WCC),
    11: (FH + NAME + u32(4) + SATTR + u32(8, 1), u32(17) + WCC), 12: (FH + NAME, u32(2) + WCC),
    14: (FH + NAME + FH + NAME, u32(0) + WCC + WCC), 15: (FH + FH + NAME, u32(0) + POST + WCC),
    16: (FH + u32(0, 5, 1, 2, 4096), u32(0) + POST + u32(1, 2)),
    17: (FH + u32(0, 5, 1, 2, 512, 4096), u32(70) + POST), 18: (FH, u32(0) + POST + u32(*range(13))),
    19: (FH, u32(0) + POST + u32(*range(12))), 20: (FH, u32(0) + POST + u32(1, 255, 1, 0, 0, 1)),
    21: (FH + u32(0, 64, 32), u32(0) + WCC + u32(1, 2)),
}
packets = [call(0, 0), reply(0)]
for proc, (question, answer) in calls.items():
    packets += [call(proc, proc, question), reply(proc, answer)]
packets += [
    call(100, 4, FH2 + NAME, version=2), reply(100, u32(0) + FH2 + ATTR[:68]),
    call(101, 6, FH2 + u32(1, 2, 3), version=2), reply(101, u32(0) + ATTR[:68]),
    call(102, 8, FH2 + u32(1, 2, 3, 4), version=2), reply(102, u32(13)),
    call(103, 16, FH2 + u32(1, 2), version=2), reply(103, u32(0, 1, 2, 1)),
    call(104, 17, FH2, version=2), reply(104, u32(0, 1, 2, 3, 4, 5)),
    reply(9999), reply(100, accept=4), call(105, 99), call(106, 1, opaque(bytes(range(1, 29)))),
    datagram(u32(1, 1, 1, 0, 2, 3), 2049, 1000, B, A), datagram(u32(1, 1, 1, 1, 5), 2049, 1000, B, A),
    datagram(u32(1, 1, 1, 9, 5), 2049, 1000, B, A), datagram(u32(1, 1, 7), 2049, 1000, B, A),
    eth(ip4(tcp(u32(0x80000000 | 68) + rpc_call(200, 1, FH), 1000, 2049, ack=1, flags="P."))),
    call(201, 3, FH + u32(0xffffffff)), call(202, 3, FH + u32(99)),
    datagram(u32(203, 0, 2, 100003, 3, 1, 1, 4000), 1000, 2049),
]
capture("nfs.pcap", ETHERNET, packets)
capture("nfs_cuts.pcap", ETHERNET, [call(3, 3, FH + NAME)] + cuts(reply(3, u32(0) + FH + POST), first=42)[::3])
capture("rpc.pcap", ETHERNET, [
    datagram(rpc_call(7, 3, u32(100005, 3, 17, 0), version=2, program=100000), 1000, 111),
    datagram(rpc_call(7, 9, version=2, program=100000), 1000, 111), datagram(rpc_reply(7), 111, 1000, B, A),
    datagram(u32(1), 1000, 111),
])

# --- the small ones ---

AODV = [bytes([1, 0, 0, 3]) + u32(9) + bytes([192, 0, 2, 5]) + u32(1) + bytes([192, 0, 2, 6]) + u32(2) + b"\1\4" + u32(500),
        bytes([2, 0xc0, 24, 3]) + bytes([192, 0, 2, 5]) + u32(1) + bytes([192, 0, 2, 6]) + u32(3000) + b"\7\1\0",
        bytes([3, 0x80, 0, 2]) + bytes([192, 0, 2, 5]) + u32(1), bytes([4, 0]), bytes([9]),
        bytes([16, 0, 0, 1]) + u32(9, 1, 2) + bytes(31) + b"\1", bytes([17, 0, 0, 1]) + u32(9) + bytes(31) + b"\1" + u32(5),
        bytes([18, 0, 0, 1]) + bytes(15) + b"\1" + u32(5), bytes([19, 0])]
capture("aodv.pcap", ETHERNET, [datagram(a, 654, 654) for a in AODV])


def ipx(socket, body, length=None):
    return struct.pack(">HHBBI6sHI6sH", 0xffff, 30 + len(body) if length is None else length, 0, 0, 1, b"\xff" * 6, socket, 2,
                       b"\2\0\0\0\0\n", 0x4003) + body


SERVER = b"\0\4" + b"SERVER".ljust(48, b"\0") + u32(3) + b"\2\0\0\0\0\x0b" + u32(0x04510001)
capture("ipx.pcap", ETHERNET, [eth(ipx(s, b), 0x8137) for s, b in [
    (0x451, b"abcd"), (0x452, b"\0\1\0\4"), (0x452, b"\0\2" + SERVER), (0x452, b"\0\4" + SERVER[:20]), (0x452, b"\0\7"), (0x452, b"\0"),
    (0x453, b"\0\1" + u32(0xffffffff, 0)), (0x453, b"\0\2" + u32(5, 0x10002) * 2), (0x453, b"\0\2" + u32(5)), (0x453, b"\0\3"),
    (0x456, b"x"), (0x1234, b"x")]] + [eth(ipx(0x451, b"", 20), 0x8137)] + cuts(eth(ipx(0x452, b"\0\2" + SERVER), 0x8137), first=14)[::5])


def ddp(kind, body, socket=2):
    return struct.pack(">HHHHBBBBB", 13 + len(body), 0, 10, 20, 5, 6, socket, socket, kind) + body


TUPLE = b"\0\x14\6\2\0" + b"\5alice\3Mac\1*"
ATALK = [(2, b"\x21\7" + TUPLE), (2, b"\x12\7" + b"\0\x15\6\2\1" + TUPLE[5:]), (2, b"\x32\7" + TUPLE + b"\0\x15\7\3\2" + TUPLE[5:]),
         (2, b"\x41\7" + TUPLE), (2, b"\x21"), (2, b"\x21\7" + b"\0\x14\6\2\0\x28" + bytes(40)), (3, b"\x70\xff\0\1" + u32(5)),
         (3, b"\x58\5\0\1" + u32(0)), (3, b"\xb8\2\0\1" + u32(0)), (3, b"\xf8\0\0\1" + u32(0)), (3, b"\0\0\0\1" + u32(0)), (3, b"\x40"),
         (1, b"x"), (99, b"")]
AARP = struct.pack(">HHBBH6sBHB6sBHB", 1, 0x809b, 6, 4, 1, b"\2\0\0\0\0\n", 0, 20, 6, bytes(6), 0, 10, 255)
capture("atalk.pcap", ETHERNET, [eth(ddp(*a), 0x809b) for a in ATALK] + [eth(AARP[:7] + bytes([n]) + AARP[8:], 0x80f3) for n in range(5)]
        + [datagram(b"\5\6\2" + ddp(*ATALK[0]), 201, 201), eth(b"abc", 0x809b)])

TIPC = [u32(0x40000000 | u << 25 | h << 21 | 64, t << 29 | 3, 0x00040005, 0x01001002, 6, 7, 0x01001003, 0x01001004, 8, 0x0009000a, 11)
        for u, h, t in [(0, 6, 0), (1, 8, 2), (11, 8, 3), (7, 10, 1), (13, 6, 1), (13, 6, 5), (4, 6, 0), (12, 6, 0)]]
capture("tipc.pcap", ETHERNET, [eth(t, 0x88ca) for t in TIPC] + [eth(TIPC[3][:36], 0x88ca)])

INNER = ip4(udp(b"hello", 1000, 9), src=A, dst=B)
capture("bcm_li.pcap", ETHERNET, [datagram(u32(d << 29 | k << 25 | s << 22 | 7) + p, 49152, 1000) for d, k, s, p in [
    (2, 7, 3, eth(INNER)), (3, 5, 1, INNER), (1, 4, 2, INNER), (0, 4, 0, b"xyz"), (2, 9, 3, INNER)]] + [datagram(b"abc", 49152, 1000)])

ORIGIN = b"\2\4" + u32(1384070382) + b"\1\0\3\4" + u32(418) + b"\4\x10" + bytes(15) + b"\1" + b"\5\4" + bytes([192, 0, 2, 1])
MORE = b"\6\x11" + bytes(15) + b"\1\x80" + b"\7\5" + bytes(5) + b"\x0b\5" + bytes([192, 0, 2, 0, 24]) + b"\x0d\0" + b"\x63\2ab"
AHCP = [bytes([43, 1, 1, 2]) + u32(77) + bytes(range(16)) + bytes([k, z]) + struct.pack(">H", len(b)) + b for k, z, b in [
    (0, 0, ORIGIN), (1, 0, MORE), (9, 1, b""), (2, 0, b"\2\3abc"), (3, 0, b"\4\x11" + bytes(17)), (4, 0, b"\3")]]
capture("ahcp.pcap", ETHERNET, [datagram(a, 5359, 5359) for a in AHCP + [AHCP[0][:26] + b"\1\0", b"\0\1", b"+\2abc", b"+\1ab"]]
        + cuts(datagram(AHCP[0], 5359, 5359), first=42)[::3])


def tlv(kind, body):
    return struct.pack(">HH", kind, len(body)) + body + bytes(-len(body) % 4)


V4 = bytes(10) + b"\xff\xff" + bytes([192, 0, 2, 1])
V6 = bytes.fromhex("20010db8000000000000000000000001")
PREFIX6 = b"\x30" + V6[:6]
TLVS = [
    tlv(1, b""), tlv(1, b"abcd"), tlv(2, u32(1)), tlv(2, b"x"), tlv(3, u32(1, 2)), tlv(4, bytes(range(8))),
    tlv(5, u32(1, 7, 61001) + bytes(range(8)) + tlv(33, tlv(34, u32(1000, 2000) + PREFIX6 + b"\0" + tlv(43, b"\0"))
                                                   + tlv(37, b"\6\4\xc0\0\2\1\x77\x0d\7example\3org\0")
                                                   + tlv(38, b"\0\x17\0\x10" + V6 + b"\0\x18\0\5\3org\0\0\x63\0\0"))),
    tlv(8, u32(1, 2, 3)), tlv(9, u32(0, 20000)), tlv(10, b"\1\0\0\0" + bytes(range(32)) + b"name"), tlv(32, b"\0\0\x12\x34" + b"agent/1"),
    tlv(35, u32(5) + b"\3\x40" + V6[:8] + b"\0\0" + tlv(99, b"")), tlv(35, u32(5) + b"\2\x78" + V4[:15]), tlv(36, u32(5) + V4),
    tlv(39, V6 + b"\7" + b"\4home\0"), tlv(40, b"\4home\0"), tlv(41, V6 + b"\4host"), tlv(42, bytes(range(32))),
    tlv(43, b"\x40" + V6[:8]), tlv(43, b"\x81\4home\0"), tlv(43, b"\x82opaque"), tlv(43, b"\x83"), tlv(43, b"\x90"), tlv(43, b"\x40\1"),
    tlv(0, b""), tlv(6, b""), tlv(50, b""), tlv(800, b""), tlv(2000, b"abcd"), tlv(37, b"\6\3abc"), tlv(38, b"\0\x17\0\3abc"),
    tlv(40, b"\x20a"), tlv(34, u32(1, 2) + b"\xff"), struct.pack(">HH", 1, 50), b"ab",
]
capture("hncp.pcap", ETHERNET, [datagram(t, 8231, 8231) for t in TLVS] + [datagram(b"".join(TLVS[:20]), 8231, 8231)])
