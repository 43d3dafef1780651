"""RSVP, LDP, LSP ping, LMP and OpenFlow: what label switching and software-defined networks are controlled with."""
import hmac

from wire import *


def word(data):
    return data + bytes(-len(data) % 4)


# --- RSVP ---

def obj(klass, kind, value=b"", length=None):
    return be16(len(value) + 4 if length is None else length) + u8(klass, kind) + value


def rsvp_msg(kind, *objects, version=1, flags=0, ttl=255, length=None):
    body = b"".join(objects)
    head = u8(version << 4 | flags, kind) + be16(0) + u8(ttl, 0) + be16(len(body) + 8 if length is None else length)
    return put(head + body, 2, be16(checksum(head + body)))


def rsvp(*args, **kw):
    return eth(ip4(rsvp_msg(*args, **kw), 46))


S4, S6 = a4("192.0.2.9"), a6("2001:db8::9")
SESSION = obj(1, 7, S4 + be16(0, 0x1234) + a4("192.0.2.1"))
HOP = obj(3, 1, a4("192.0.2.7") + be32(0x10))
TIMES = obj(5, 1, be32(30000))


def intserv(*services):
    body = b"".join(services)
    return be16(0, len(body) // 4) + body


def service(number, *params, flags=0, words=None):
    body = b"".join(params)
    return u8(number, flags) + be16(len(body) // 4 if words is None else words) + body


def param(number, value, words=None):
    return u8(number, 0) + be16(len(value) // 4 if words is None else words) + value


def flt(v):
    return struct.pack(">f", v)


BUCKET = param(127, flt(1250000) + flt(1500.5) + flt(2.5e6) + be32(64, 1500))
TSPEC = obj(12, 2, intserv(service(1, BUCKET)))
ADSPEC = obj(13, 2, intserv(
    service(1, param(4, be32(3)), param(6, flt(125000.0)), param(8, be32(0xffffffff)), param(8, be32(25)), param(10, be32(1500))),
    service(2, param(133, be32(1)), param(134, be32(2)), param(135, be32(3)), param(136, be32(4)), flags=0x80),
    service(5)))
FLOWSPEC = obj(9, 2, intserv(service(2, BUCKET, param(130, flt(12345.0) + be32(7)))))
PATH = (SESSION, HOP, TIMES, obj(20, 1, u8(0x81, 8) + S4 + u8(32, 0) + u8(1, 8) + a4("192.0.2.3") + u8(32, 0)),
        obj(19, 1, be16(0, 0x0800)), obj(207, 7, u8(7, 0, 7, 5) + b"one-A" + bytes(3)),
        obj(11, 7, a4("192.0.2.1") + be16(0, 5)), TSPEC, ADSPEC,
        obj(21, 1, u8(1, 8) + S4 + u8(32, 0x0f) + u8(3, 8, 1, 1) + be32(100000)))
RESV = (SESSION, HOP, TIMES, obj(15, 1, S4), obj(8, 1, be32(18)), FLOWSPEC, obj(10, 7, a4("192.0.2.1") + be16(0, 5)),
        obj(16, 1, be32(100000, 3)))
UNI = obj(229, 1, be16(8, 0x0101) + S4 + be16(20, 0x0202) + S6 + be16(8, 0x0103) + bytes(4) + be16(8, 0x0301) + be32(1) +
          be16(16, 0x0401) + be32(0x80000002, 3, 4) + be16(8, 0x0501) + be32(0x07000000) + be16(4, 0x0909) + be16(4, 0x0301))
DIGEST = bytes(range(16))



def signed(kind, secret):
    """A message of nothing but its digest: it and the checksum count as 0 in it."""
    bare = put(rsvp_msg(kind, obj(4, 1, u8(0, 0) + bytes(6) + be64(5) + bytes(16))), 2, bytes(2))
    return put(bare, 28, hmac.new(secret, bare, "md5").digest())


capture("rsvp.pcap", ETHERNET, [
    rsvp(1, *PATH),
    rsvp(2, *RESV, flags=1),
    rsvp(3, SESSION, obj(6, 1, S4 + u8(1, 24) + be16(5)), obj(6, 1, S4 + u8(0, 28) + be16(3)),
         obj(6, 3, S4 + u8(0, 125) + be16(9)), obj(6, 1, S4 + u8(0, 25) + be16(1)), obj(6, 1, S4 + u8(0, 1) + be16(2))),
    rsvp(4, obj(6, 2, S6 + u8(1, 24) + be16(99)), obj(6, 4, S6 + u8(1, 28) + be16(1)), obj(6, 9, S6)),
    rsvp(5, obj(1, 1, S4 + u8(17, 1) + be16(5000)), obj(1, 2, S6 + u8(6, 1) + be16(5001)),
         obj(1, 8, S6 + be16(0, 9) + S6), obj(1, 11, S4 + be16(0, 9) + S4), obj(1, 13, S4 + be16(0, 9) + S4),
         obj(1, 14, be32(0x01020304) + be16(0, 9) + S6 + be16(0) + be32(0)[:0] + bytes(2)), obj(1, 3, S4)),
    rsvp(6, obj(3, 2, S6 + be32(3)), obj(3, 3, S4 + be32(4) + be16(3, 12) + bytes(8)), obj(3, 4, S6 + be32(5)), obj(3, 9)),
    rsvp(7, obj(15, 2, S6), obj(15, 3, S4), obj(195, 1, S4), obj(195, 2, S6), obj(195, 3, S4), obj(50, 1, S4), obj(50, 2, S6),
         obj(50, 3, S4)),
    rsvp(1, obj(11, 1, S4 + be16(0, 77)), obj(11, 2, S6 + be16(0, 78)), obj(11, 12, S4 + be16(0, 3) + S4 + be16(4, 0)),
         obj(11, 13, S6 + be16(0, 3) + S6 + be16(4, 0)[:4]), obj(11, 8, S6)),
    rsvp(2, obj(10, 1, S4 + be16(0, 77)), obj(10, 2, S6 + be16(0, 78)), obj(10, 3, S6 + be32(0x00012345)),
         obj(10, 8, S6 + be16(0, 5)), obj(10, 12, S4 + be16(0, 3) + S4 + be16(4, 0)),
         obj(10, 13, S6 + be16(0, 3) + S6 + be16(0, 4)), obj(10, 9, S6)),
    rsvp(2, *(obj(k, t, be32(100, 200, 300)) for k in (16, 34, 35, 129) for t in (1, 2, 3, 4))),
    rsvp(1, obj(19, 2, be16(0, 0x86dd, 0x8001, 32, 5, 60)), obj(19, 2, be16(0, 0x1234, 1, 32, 5, 60)),
         obj(19, 3, be16(0, 0x0800) + be32(16, 1000)), obj(19, 3, be16(0, 0x0800) + be32(0x01000010, 1000)),
         obj(19, 4, u8(1, 51) + be16(33)), obj(19, 4, u8(99, 98) + be16(9999)), obj(19, 5)),
    rsvp(1, obj(36, 1, be32(0x00000002, 10, 11)), obj(36, 1, be32(0x01000002, 10)), obj(36, 1, be32(0x02000002, 10, 11)),
         obj(36, 1, be32(0x09000003)), obj(36, 2, be32(1)), obj(130, 1, be32(0)), obj(37, 1, be32(0x80000001))),
    rsvp(2, obj(8, 1, be32(0x01000011)), obj(8, 1, be32(10)), obj(8, 1, be32(99)), obj(8, 2, be32(1))),
    rsvp(20, obj(22, 1, be32(0x11, 0x22)), obj(131, 1, be32(60000, 120000)), obj(134, 1, be32(7)), obj(134, 1, be32(0xf0000000)),
         flags=1),
    rsvp(14, obj(22, 2, be32(0x11, 0x22)), obj(22, 3), obj(131, 2, be32(1)), obj(134, 2)),
    rsvp(13, obj(24, 1, be32(0x01000007, 9)), obj(24, 2, be32(0x01000007, 9)), obj(24, 3)),
    rsvp(15, obj(25, 1, be32(0x01000007, 9, 10, 11)), obj(23, 1, be32(0x01000007, 12)), obj(25, 2, be32(1, 2))),
    rsvp(1, obj(205, 1, u8(7, 0, 4, 1) + flt(1e9) + be32(1, 2, 4)), obj(205, 7, u8(7, 0, 4, 1) + flt(3.5) + be32(1, 2)),
         obj(205, 2), obj(63, 7, S4 + a4("192.0.2.4") + S4 + a4("192.0.2.5")), obj(63, 8, S4), obj(66, 1, be32(0xff)),
         obj(125, 1, be32(3)), obj(66, 2)),
    rsvp(1, obj(196, 1, be32(0x80000007)), obj(196, 1, be32(0)), obj(196, 2), obj(14, 1, b"policy##"), obj(7, 1, S4),
         obj(230, 1, be32(1)), obj(236, 1), obj(99, 1, b"mystery!"), obj(180, 1, b"mystery!"), obj(250, 1, b"mystery!")),
    rsvp(1, obj(204, 1, be16(3, 2) + u8(1, 4) + b"ab" + u8(16, 2) + u8(99, 4) + b"cd" + be16(0)), obj(204, 2)),
    rsvp(1, UNI, obj(229, 2, be32(1))),
    rsvp(12, rsvp_msg(1, SESSION, HOP), rsvp_msg(20, obj(22, 1, be32(1, 2))), rsvp_msg(99, be32(0))),
    rsvp(10, b"message type unknown"),
    rsvp(20, version=2),
    # Damage.
    rsvp(20, length=7), rsvp(20, length=100), rsvp(20, obj(22, 1, be32(1, 2), length=13)), rsvp(20, obj(22, 1, length=0)),
    rsvp(20, obj(22, 1, be32(1, 2), length=16)), rsvp(20, obj(22, 1, be32(1))), rsvp(20, obj(22, 1, be32(1, 2)) + b"\1\2\3"),
    rsvp(12, rsvp_msg(1, SESSION, length=4)), rsvp(12, rsvp_msg(1, SESSION, length=400)),
    rsvp(12, rsvp_msg(1, SESSION, version=3)), rsvp(12, rsvp_msg(1, obj(22, 1, length=3))),
    rsvp(1, obj(207, 7, u8(7, 0, 0, 200) + b"ab\1\xff")), rsvp(1, obj(36, 1, be32(0x03000001, 1))),
    rsvp(1, obj(20, 1, u8(1, 7) + S4 + u8(32, 0))), rsvp(1, obj(20, 1, u8(1, 8) + S4 + u8(24, 0))),
    rsvp(1, obj(20, 1, u8(1, 12) + S4 + u8(32, 0))), rsvp(1, obj(20, 1, u8(1, 0) + S4 + u8(32, 0))),
    rsvp(1, obj(20, 1, u8(3, 9) + S4 + u8(32, 0) * 5)), rsvp(1, obj(20, 1, u8(2, 2, 32, 2, 64, 1, 0, 4, 9, 9, 5, 2)), obj(20, 2, S4)),
    rsvp(1, obj(204, 1, be16(1, 0) + u8(1, 1, 0, 0))), rsvp(1, obj(204, 1, be16(1, 0) + u8(1, 9, 0, 0))),
    rsvp(1, obj(229, 1, be16(3, 0x0101))), rsvp(1, obj(229, 1, be16(9, 0x0101) + S4)), rsvp(1, obj(229, 1, be16(4, 0x0101))),
    rsvp(1, obj(229, 1, be16(8, 0x0102) + S4)), rsvp(1, obj(229, 1, be16(8, 0x0401) + S4)), rsvp(1, obj(229, 1, be16(4, 0x0501))),
    rsvp(1, obj(9, 2, intserv(service(1, param(127, bytes(8)), param(99, b"what"), param(4, b"", words=9))))),
    rsvp(1, obj(9, 2, intserv(service(1, param(4, be32(1)), words=60000)) + be32(0x7f000005))),
    rsvp(1, obj(9, 2)), rsvp(1, obj(9, 1, be32(1))), rsvp(1, obj(12, 1)),
    eth(ip6(rsvp_msg(1, *PATH), 46)),
    eth(ip4(b"", 46)), eth(ip4(b"\x10\1", 46)),
])
capture("rsvp_integrity.pcap", ETHERNET, [
    rsvp(1, obj(4, 1, u8(0x80, 0) + bytes(6) + be64(0x0102030405060708) + DIGEST), SESSION),
    eth(ip4(signed(20, b"secret"), 46)),
    rsvp(1, obj(4, 1, u8(0, 0) + bytes(6) + be64(5) + DIGEST), obj(4, 2, be32(1))),
])
capture("rsvp_cuts.pcap", ETHERNET, cuts(rsvp(12, rsvp_msg(1, SESSION, PATH[5]), rsvp_msg(2, UNI, RESV[4])), first=34, step=3))


# --- LDP ---

def tlv(kind, value=b"", length=None):
    return be16(kind, len(value) if length is None else length) + value


def ldp_msg(kind, *tlvs, ident=0x11, length=None):
    body = b"".join(tlvs)
    return be16(kind, len(body) + 4 if length is None else length) + be32(ident) + body


def ldp_pdu(*messages, version=1, length=None):
    body = b"".join(messages)
    return be16(version, len(body) + 6 if length is None else length) + S4 + be16(3) + body


def ldp(*messages, **kw):
    return eth(ip4(udp(ldp_pdu(*messages, **kw), 646, 646)))


def vc(kind, group, ident, *params, info=None):
    body = b"".join(params)
    return tlv(0x100, u8(0x80) + be16(kind) + u8(len(body) + 4 if info is None else info) + be32(group, ident) + body)


def ifp(kind, value, length=None):
    return u8(kind, len(value) + 2 if length is None else length) + value


LABEL = tlv(0x200, be32(0x00f12345))
PREFIX = tlv(0x100, u8(2) + be16(1) + u8(20) + h("c0a8f0"))
SESSION_TLV = tlv(0x500, be16(1, 30) + u8(0x40, 32) + be16(4096) + S4 + be16(7))
MAPPINGS = [
    ldp_msg(0x400, tlv(0x100, u8(1)), LABEL), ldp_msg(0x400, PREFIX, LABEL),
    ldp_msg(0x402, tlv(0x100, u8(2) + be16(2) + u8(48) + S6[:6]), LABEL),
    ldp_msg(0x400, tlv(0x100, u8(3) + be16(1) + u8(4) + S4)), ldp_msg(0x400, tlv(0x100, u8(9))),
    ldp_msg(0x400, tlv(0x100, u8(2) + be16(6, 0))),
    ldp_msg(0x400, vc(0x8005, 7, 100, ifp(1, be16(1500)), ifp(3, b"to the north\1"), ifp(12, u8(7, 7)), ifp(12, u8(0, 0)),
                      ifp(9, b"else")), LABEL),
    ldp_msg(0x400, vc(0x0004, 7, 0, info=0)), ldp_msg(0x400, vc(0x1234, 7, 9)),
]
capture("ldp.pcap", ETHERNET, [
    ldp(ldp_msg(0x100, tlv(0x400, be16(15, 0)), tlv(0x401, S4), tlv(0x402, be32(77)))),
    ldp(ldp_msg(0x100, tlv(0x400, be16(45, 0xc000)), tlv(0x403, S6), tlv(0x8888, b"unknown"), tlv(0x4009))),
    ldp(ldp_msg(0x200, SESSION_TLV, tlv(0x503, be16(0, 0) + be32(0, 0)), tlv(0x503, be16(0x800f, 0) + be32(30000, 60000))),
        ldp_msg(0x201)),
    ldp(ldp_msg(0x200, tlv(0x500, be16(1, 30) + u8(0x80, 0) + be16(0) + S4 + be16(7)), tlv(0x501, be32(1)), tlv(0x502, be32(2)))),
    ldp(ldp_msg(0x300, tlv(0x101, be16(1) + S4 + S4), tlv(0x101, be16(2) + S6), tlv(0x101, be16(6) + bytes(6))),
        ldp_msg(0x301, tlv(0x101, be16(1) + S4[:3]), tlv(0x101, be16(999)))),
    ldp(*MAPPINGS),
    ldp(ldp_msg(0x001, tlv(0x300, be32(0x8000000a, 0x11) + be16(0x400))), ldp_msg(0x8001, tlv(0x300, be32(0x40000000, 0))),
        ldp_msg(0x400, tlv(0x601, be16(1500)), tlv(0x103, u8(5)), tlv(0x104, S4), tlv(0x600, be32(9)))),
    ldp(ldp_msg(0x401, PREFIX), ldp_msg(0x403, PREFIX, LABEL), ldp_msg(0x404), ldp_msg(0x3e00, b"vendor"), ldp_msg(0x0ff, b"")),
    eth(ip4(tcp(ldp_pdu(ldp_msg(0x201)) + ldp_pdu(ldp_msg(0x201, ident=2)), 40000, 646, flags="P."))),
    eth(ip4(udp(ldp_pdu(ldp_msg(0x201)) * 2 + bytes(18), 646, 40000))),
    eth(ip6(udp(ldp_pdu(ldp_msg(0x100, tlv(0x400, be16(15, 0)), tlv(0x403, S6))), 646, 646))),
    # Damage.
    ldp(ldp_msg(0x201), version=2), ldp(ldp_msg(0x201), length=5), ldp(ldp_msg(0x201), b"\0" * 8, length=300),
    ldp(ldp_msg(0x201), length=10), ldp(ldp_msg(0x201, length=3)), ldp(ldp_msg(0x201, bytes(8), length=400)),
    ldp(ldp_msg(0x100, tlv(0x400, be16(15)), tlv(0x401, S4[:3]), tlv(0x403, S4), tlv(0x402, b""), tlv(0x500, bytes(8)),
                tlv(0x503, bytes(8)), tlv(0x601, u8(1)), tlv(0x300, bytes(7)), tlv(0x200, bytes(3)), tlv(0x101, u8(0)), tlv(0x100))),
    ldp(ldp_msg(0x400, tlv(0x100, u8(2, 0))), ldp_msg(0x400, tlv(0x100, u8(2, 0, 1))), ldp_msg(0x400, tlv(0x100, u8(2, 0, 1, 33, 0))),
        ldp_msg(0x400, tlv(0x100, u8(2, 0, 1, 32, 1, 2))), ldp_msg(0x400, tlv(0x100, u8(2, 0, 2))),
        ldp_msg(0x400, tlv(0x100, u8(2, 0, 2, 129) + S6)), ldp_msg(0x400, tlv(0x100, u8(2, 0, 2, 128) + S4))),
    ldp(ldp_msg(0x400, tlv(0x100, u8(0x80) + bytes(6))), ldp_msg(0x400, tlv(0x100, u8(0x80, 0, 4, 9) + bytes(6))),
        ldp_msg(0x400, vc(4, 1, 2, info=3)), ldp_msg(0x400, vc(4, 1, 2, info=40)), ldp_msg(0x400, vc(4, 1, 2, ifp(1, b"", 1) + bytes(2))),
        ldp_msg(0x400, vc(4, 1, 2, ifp(3, b"x", 40))), ldp_msg(0x400, vc(4, 1, 2, ifp(1, b"\1")))),
    ldp(ldp_msg(0x400, tlv(0x200, be32(1), 400))), eth(ip4(udp(b"\0\1\0\6", 646, 646))), eth(ip4(udp(b"", 646, 646))),
])
capture("ldp_cuts.pcap", ETHERNET, cuts(ldp(ldp_msg(0x200, SESSION_TLV), *MAPPINGS[1:3], MAPPINGS[6]), first=42, step=3))


# --- LSP ping ---

NTP = be32(0xe30e5a8b, 0x80000000)


def part(kind, value=b"", length=None, pad=True):
    return be16(kind, len(value) if length is None else length) + (word(value) if pad else value)


def echo(*tlvs, kind=1, mode=2, code=0, sub=0, version=1, sent=NTP, received=bytes(8)):
    return eth(ip4(udp(be16(version, 1) + u8(kind, mode, code, sub) + be32(0x0badcafe, 5) + sent + received + b"".join(tlvs),
                       50000, 3503), dst="127.0.0.1", ttl=1))


RD0, RD1, RD2 = be16(0, 64512) + be32(7), be16(1) + S4 + be16(7), be16(2) + be32(70000) + be16(7)
FECS = [
    part(1, S4 + u8(32)), part(2, S6 + u8(128)), part(12, S4 + u8(24)), part(13, S6 + u8(64)),
    part(3, S4 + be16(0, 1) + a4("192.0.2.1") + a4("192.0.2.2") + be16(0, 2)), part(4, S6 + be16(0, 1) + S6 + S6 + be16(0, 2)),
    part(6, RD0 + S4 + u8(32)), part(7, RD1 + S6 + u8(128)), part(8, RD2 + be16(1, 2, 5)), part(8, be16(9) + bytes(6) + be16(1, 2, 99)),
    part(9, S4 + be32(7) + be16(4)), part(10, S4 + S4 + be32(7) + be16(5)), part(5, b"abcd"), part(11, b"ab"), part(16, bytes(4)),
]
MAPS = [
    part(2, be16(1500) + u8(1, 0) + S4 + S4 + u8(8, 0) + be16(4) + S4 + be32(0x00010100)),
    part(2, be16(1500) + u8(2, 0) + S4 + be32(3) + u8(0, 5) + be16(0)), part(2, be16(1500) + u8(3, 0) + S6 + S6 + bytes(4)),
    part(2, be16(1500) + u8(4, 0) + S6 + be32(3) + bytes(4)), part(2, be16(1500) + u8(9, 0) + bytes(4)),
]
capture("lsp_ping.pcap", ETHERNET, [
    echo(part(1, FECS[0])), echo(part(1, b"".join(FECS))),
    *(echo(kind=2, mode=m, code=c, sub=s, received=NTP) for m, c, s in zip((1, 2, 3, 4, 5) * 3, range(15), (0, 1, 2) * 5)),
    echo(*MAPS), echo(kind=3, received=be32(5, 0)), echo(received=be32(0, 5), sent=bytes(8)), echo(sent=be32(5, 5)),
    echo(part(3, u8(1) + bytes(4)), part(5, be32(9)), part(5, be32(2636) + b"xyz"), part(5, be32(123456)), part(7, bytes(8)),
         part(9, be32(1)), part(10, be32(0x10000000)), part(15, be32(0x11223344)), part(0xfc00, b"vend"), part(99, b"x"), part(3)),
    echo(version=2), eth(ip4(udp(bytes(31), 3503, 50000))),
    eth(ip6(udp(be16(1, 0) + u8(2, 2, 3, 1) + be32(1, 2) + NTP + NTP, 3503, 50000))),
    # Damage.
    echo(b"\0\1"), echo(part(1, FECS[0], 400)), echo(part(1, FECS[0][:9], pad=False)), echo(part(1, FECS[0] + b"\0")),
    echo(part(1, part(1, S4 + u8(32), 40)), part(3, b"more")), echo(part(1, part(1, S4 + u8(32), pad=False), 9), part(3, b"more")),
    *(echo(part(1, part(k, bytes(6)))) for k in range(1, 14)),
    *(echo(part(2, m[4:4 + n])) for m in MAPS[:4] for n in (3, 5, 9, 36)), echo(part(15, b"abc")), echo(part(5, b"abc")),
])
capture("lsp_ping_cuts.pcap", ETHERNET, cuts(echo(part(1, FECS[4] + FECS[0]), MAPS[0], part(15, be32(1)), part(3, u8(1, 2, 3))), first=42, step=2))


# --- LMP ---

def lobj(klass, kind, value=b"", length=None, negotiable=False):
    return u8(kind | negotiable << 7, klass) + be16(len(value) + 4 if length is None else length) + value


def lmp_msg(kind, *objects, version=1, flags=0, length=None):
    body = b"".join(objects)
    return u8(version << 4, 0, flags, kind) + be16(len(body) + 8 if length is None else length, 0) + body


def lmp(*args, **kw):
    return eth(ip4(udp(lmp_msg(*args, **kw), 701, 701)))


IDS = [*(lobj(k, t, be32(7)) for k, t in ((1, 1), (1, 2), (3, 5), (3, 6), (4, 5), (4, 6), (5, 1), (5, 2), (10, 1))),
       *(lobj(k, t, S4) for k, t in ((2, 1), (2, 2), (3, 1), (3, 2), (4, 1), (4, 2))),
       *(lobj(k, t, S6) for k, t in ((3, 3), (3, 4), (4, 3), (4, 4)))]
CAN = u8(1, 12, 150, 8) + flt(1e9) + flt(2.5e9) + u8(2, 8, 0, 0) + be32(1550)
VERIFY = lobj(8, 1, be16(3, 20) + be32(30) + u8(8, 0) + be16(0x8040) + flt(125e6) + be32(8), negotiable=True)
capture("lmp.pcap", ETHERNET, [
    lmp(1, *IDS, flags=1), lmp(2, *(lobj(k, 7, S4) for k in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 20, 51, 99)), flags=2),
    lmp(3, *(lobj(k, 1, be32(1) * 40) for k in (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 20, 51)), lobj(3, 3, S4), lobj(3, 5), lobj(11, 2, S4),
        lobj(11, 3, S4), lobj(12, 1, S4), lobj(12, 2, S4), lobj(12, 3, S4), *(lobj(51, t) for t in (2, 3, 4))),
    lmp(1, lobj(6, 1, be16(5, 15), negotiable=True)), lmp(4, lobj(7, 1, be32(50, 60))), lmp(5, VERIFY), lmp(6, lobj(9, 1, be16(50, 100))),
    lmp(14, lobj(11, 1, u8(3, 0, 0, 0) + S4 + S4), lobj(11, 2, u8(0, 0, 0, 0) + S6 + S6), lobj(11, 3, u8(1, 0, 0, 0) + be32(5, 6))),
    lmp(15, lobj(12, 1, u8(7, 0, 0, 0) + S4 + S4 + CAN), lobj(12, 2, u8(0, 0, 0, 0) + S6 + S6), lobj(12, 3, bytes(4) + be32(5, 6) + CAN)),
    lmp(16, lobj(20, 1, be32(0x1f)), lobj(20, 2, be32(0x3f)), lobj(20, 1, be32(0)), lobj(20, 3, be32(1))),
    lmp(17, lobj(13, 1, S4 + be32(0x80000001) + S4 + be32(0x40000002)), lobj(13, 2, S6 + be32(3)), lobj(13, 3, be32(9, 4, 1))),
    lmp(19, lobj(14, 1, S4 + S4), lobj(14, 2, S6), lobj(14, 3, be32(9, 8))), lmp(14, lobj(14, 1)), lmp(21),
    lmp(50, lobj(51, 1, u8(3, 1, 0, 0)), lobj(51, 2, u8(5, 6, 7, 1) + be16(1, 2, 3, 4) + S4),
        lobj(51, 2, u8(6, 6, 0, 0) + be16(1, 2, 3, 4) + S4), lobj(51, 2, u8(6, 5, 1, 0) + be16(1, 2, 3, 4) + S4),
        lobj(51, 2, u8(5, 5, 1, 0) + be16(1, 2, 3, 4) + S4), lobj(51, 2, u8(7, 5, 1, 0) + be16(1, 2, 3, 4) + S4),
        lobj(51, 2, u8(5, 9, 0, 0) + be16(1, 2, 3, 4) + S4), lobj(51, 3, be32(3, 1)), lobj(51, 4, be32(7))),
    lmp(51), lmp(52), lmp(7), lmp(8), lmp(9), lmp(10), lmp(11), lmp(12), lmp(13), lmp(18), lmp(20), lmp(99, lobj(60, 1, b"else")),
    # Damage.
    lmp(4, version=2), lmp(4, length=7), lmp(4, length=100), lmp(4, lobj(7, 1, be32(1, 2), length=3)),
    lmp(4, lobj(7, 1, be32(1, 2), length=10)), lmp(4, lobj(7, 1, be32(1, 2)), length=12), lmp(4, lobj(7, 1, be32(1, 2)), b"\1\2"),
    *(lmp(14, lobj(12, 1, bytes(4) + S4 + S4 + x), VERIFY) for x in (u8(1, 3, 0, 0), u8(1, 6, 0, 0), u8(1, 16, 0, 0), u8(1, 4, 1, 1),
                                                                     u8(2, 4, 0, 0), u8(9, 4, 0, 0) + CAN, u8(9, 0, 0, 0))),
    lmp(14, lobj(12, 1, bytes(4) + S4 + S4 + u8(2, 4, 0, 0))), eth(ip4(udp(b"\x10\0\0\4", 701, 701))), eth(ip4(udp(b"", 701, 701))),
    eth(ip6(udp(lmp_msg(4, lobj(7, 1, be32(50, 60))), 701, 701))),
])
capture("lmp_other.pcap", ETHERNET, [eth(ip4(udp(lmp_msg(4, lobj(7, 1, be32(50, 60))), 40000, 40001)))])
capture("lmp_cuts.pcap", ETHERNET, cuts(lmp(14, IDS[0], VERIFY, lobj(12, 1, u8(7, 0, 0, 0) + S4 + S4 + CAN), lobj(13, 1, S4 + be32(1))), first=42, step=2))


# --- OpenFlow ---

def ofm(kind, body=b"", version=1, length=None, xid=0x11):
    return u8(version, kind) + be16(len(body) + 8 if length is None else length) + be32(xid) + body


def of(*messages, port=6653):
    return eth(ip4(tcp(b"".join(messages), port, 40000, flags="P.")))


def of13(kind, body=b"", **kw):
    return ofm(kind, body, version=4, **kw)


M1, M2 = mac(MAC_A), mac(MAC_B)


def match(wild, vlan=7, pcp=3, kind=0x0800, tos=4, proto=6, sport=80, dport=443):
    return (be32(wild) + be16(1) + M1 + M2 + be16(vlan) + u8(pcp, 0) + be16(kind) + u8(tos, proto) + be16(0) +
            S4 + a4("192.0.2.3") + be16(sport, dport))


def act(kind, body, length=None):
    return be16(kind, len(body) + 4 if length is None else length) + body


def phy(number, config=0, state=0, features=0x0fff):
    return be16(number) + M1 + b"eth0".ljust(16, b"\0") + be32(config, state, features, 1, 2, 0x1000)


ALL_ACTIONS = [
    act(0, be16(1, 64)), act(0, be16(0xfffd, 128)), act(1, be16(7, 0)), act(1, be16(0xfff, 0)), act(1, be16(0xffff, 0)),
    act(2, u8(3) + bytes(3)), act(2, u8(9) + bytes(3)), act(3, bytes(4)), act(4, M1 + bytes(6)), act(5, M2 + bytes(6)),
    act(6, S4), act(7, S4), act(8, u8(0xb8) + bytes(3)), act(9, be16(80, 0)), act(10, be16(443, 0)),
    act(11, be16(2) + bytes(6) + be32(0xffffffff)), act(11, be16(0xfffb) + bytes(6) + be32(4)), act(12, bytes(4)), act(3, bytes(12)),
    act(0xffff, be32(0x2320) + b"nicira!!"), act(0xffff, be32(0x5c16c7, 1, 5, 0x81006007) + u8(1, 0, 0, 0)),
    act(0xffff, be32(0x5c16c7, 1, 5, 0) + u8(0, 0, 0, 0)), act(0xffff, be32(0x5c16c7, 1, 5, 0x88a80000) + u8(9, 0, 0, 0)),
    act(0xffff, be32(0x5c16c7, 2)+ bytes(4)), act(0xffff, be32(0x5c16c7, 1) + bytes(4)), act(0xffff, be32(0x5c16c7)),
    act(0xffff, be32(1) + b"x"),
]
FLOW_TAIL = be64(0x1122334455667788) + be16(0, 60, 300, 100) + be32(0xffffffff) + be16(0xffff, 7)
FRAME = eth(ip4(udp(b"inner", 1000, 9)))


def bsn(kind, body=b""):
    return ofm(4, be32(0x5c16c7, kind) + body)


def stats(kind, body=b"", flags=0, reply=False):
    return ofm(17 if reply else 16, be16(kind, flags) + body)


FLOW_ENTRY = (be16(88 + 8) + u8(0, 0) + match(0x3fffff) + be32(10, 20) + be16(1, 2, 3) + bytes(6) + be64(9, 100, 2000) + ALL_ACTIONS[0])
TABLE_ENTRY = u8(1) + bytes(3) + b"main".ljust(32, b"\0") + be32(0x003820ef, 1000, 5) + be64(10, 9)
capture("openflow10.pcap", ETHERNET, [
    of(ofm(0), ofm(0, b"hello"), ofm(2, b"ping"), ofm(3, b"ping")),
    of(*(ofm(1, be16(t, c) + b"what was wrong") for t, c in ((0, 0), (0, 9), (1, 4), (2, 3), (3, 3), (4, 1), (5, 2), (6, 0)))),
    of(ofm(4, be32(0x2320) + b"nicira"), ofm(4, be32(0x4f4e4600)), ofm(4, be32(0xff000002)), ofm(4, be32(0x12345678)),
       ofm(4, be32(0xd0f0db))),
    of(ofm(5), ofm(6, be64(0x0102030405060708) + be32(256) + u8(2, 0, 0, 0) + be32(0xff, 0xfff) + phy(1) + phy(0xfffe, 0x7f, 0x301)),
       ofm(6, be64(1) + be32(0) + u8(0, 0, 0, 0) + be32(0x110, 0xf000) + phy(3, 0x80, 0x402) + b"rest")),
    of(ofm(7), ofm(8, be16(0, 128)), ofm(9, be16(2, 0xffff)), ofm(9, be16(3, 0))),
    of(ofm(10, be32(0xffffffff) + be16(len(FRAME), 1) + u8(0, 0) + FRAME), ofm(10, be32(5) + be16(100, 0xfffe) + u8(7, 0))),
    of(ofm(11, match(0) + be64(5) + be16(9) + u8(1, 0) + be32(10, 20) + be16(60, 0) + be64(7, 700)),
       ofm(11, match(0x3fffff) + be64(5) + be16(0) + u8(9, 0) + be32(10, 20) + be16(0, 0) + be64(7, 700))),
    of(ofm(12, u8(0) + bytes(7) + phy(1)), ofm(12, u8(9) + bytes(7) + phy(0xff00, state=0x100))),
    of(ofm(13, be32(0xffffffff) + be16(0xfff8, 8) + ALL_ACTIONS[0] + FRAME), ofm(13, be32(7) + be16(1, 0)),
       ofm(13, be32(7) + be16(1, 90))),
    of(ofm(14, match(0) + FLOW_TAIL + b"".join(ALL_ACTIONS))),
    of(*(ofm(14, match(0x3fffff & ~w, vlan=v, pcp=p, kind=k, proto=n) + be64(1) + be16(c, 0, 0, 0) + be32(9) + be16(0xfffb, 0x10))
         for w, v, p, k, n, c in ((0x12, 0xffff, 0, 0x0800, 1, 1), (0x30, 0, 0, 0x0806, 2, 2), (0xf0, 0, 0, 0x0800, 1, 3),
                                  (0x100000, 0, 9, 0, 0, 4), (0x1c00, 0, 0, 0, 0, 9), (0x2, 0xfff, 0, 0, 0, 0)))),
    of(ofm(14, match(0xffffffff) + FLOW_TAIL)),
    of(ofm(15, be16(1) + M1 + be32(0x7f, 0x80, 0x1fff, 0)), ofm(18), ofm(19), ofm(20, be16(3, 0))),
    of(stats(0), stats(1, match(0x3fffff) + u8(0xff, 0) + be16(0xffff)), stats(2, match(0x3fffff) + u8(3, 0) + be16(2)), stats(3),
       stats(4, be16(0xffff) + bytes(6)), stats(5, be16(1, 0) + be32(0xffffffff)), stats(5, be16(1, 0) + be32(3)),
       stats(0xffff, be32(0x2320) + b"data"), stats(9, b"else"), stats(3, flags=1)),
    of(stats(0, b"maker".ljust(256, b"\0") + b"hard".ljust(256, b"\0") + b"soft".ljust(256, b"\0") + b"serial".ljust(32, b"\0") +
             b"path".ljust(256, b"\0"), reply=True)),
    of(stats(1, FLOW_ENTRY * 2, flags=1, reply=True), stats(2, be64(1, 2) + be32(3, 0), reply=True), stats(3, TABLE_ENTRY * 2, reply=True),
       stats(4, (be16(1) + bytes(6) + be64(*range(12))) * 2, reply=True), stats(5, be16(2, 0) + be32(7) + be64(1, 2, 3), flags=2, reply=True),
       stats(0xffff, be32(0x2320), reply=True), stats(9, b"else", reply=True)),
    of(ofm(21, be16(1) + bytes(6) + be32(1) + be16(8, 0) + be32(2) + be16(8 + 8 + 16 + 16 + 8 + 12, 0) + be16(0, 8, 0, 0) + be16(1, 16, 0, 0, 505, 0, 0, 0) +
                be16(1, 16, 0, 0, 1001, 0, 0, 0) + be16(1, 8, 0, 0) + be16(7, 12, 0, 0, 0, 0))),
    of(bsn(0, u8(1, 0, 0, 0) + S4), bsn(1, u8(1) + bytes(7)), bsn(2, u8(1, 0, 0, 0) + S4), bsn(3, u8(1, 0, 0, 0)), bsn(4, u8(0, 0, 0, 0)),
       bsn(5, u8(2, 0, 0, 0)), bsn(6, be32(0) + b"show clock"), bsn(7, b"12:00\n"), bsn(8, be32(7)), bsn(9), bsn(13), bsn(17, be32(3)),
       bsn(19), bsn(21), bsn(27), bsn(10, b"x"), bsn(29), bsn(35)),
    of(ofm(22), ofm(0, version=2), ofm(0, version=0x99), ofm(7, b"long"), ofm(8, b"sh")),
    of(ofm(0, b"goes on", length=400)), of(ofm(0) + b"\1"), of(ofm(0) + b"\1\2\0"), of(ofm(0) + b"\1\2\0\x08\0"), of(ofm(0, length=7), ofm(0)),
    eth(ip6(tcp(ofm(0), 40000, 6633, flags="P."))),
    # Damage.
    *(of(bsn(k, b"abcde")) for k in (0, 1, 3, 8, 9, 17)), of(bsn(6, b"ab")), of(ofm(4, be32(0x5c16c7) + b"abc")),
    of(stats(0, b"x")), of(stats(1, b"x")), of(stats(4, b"x")), of(stats(5, b"x")), of(stats(0xffff, b"x")),
    *(of(stats(k, b"x" * 20, reply=True)) for k in (0, 1, 2, 3, 4, 5)), of(stats(1, be16(400) + bytes(90), reply=True)),
    of(stats(1, be16(80) + bytes(90), reply=True)), of(ofm(13, be32(7) + be16(1, 3) + b"abc")), of(ofm(13, be32(7) + be16(1, 8, 0, 7, 0, 0))),
    of(ofm(13, be32(7) + be16(1, 8, 0, 16, 0, 0))), of(ofm(21, be16(1) + bytes(6) + b"rest")), of(ofm(21, be16(1) + bytes(6) + be32(1) + be16(7, 0))),
    of(ofm(21, be16(1) + bytes(6) + be32(1) + be16(9, 0))), of(ofm(21, be16(1) + bytes(6) + be32(1) + be16(10, 0) + b"xx")),
    of(ofm(21, be16(1) + bytes(6) + be32(1) + be16(16, 0) + be16(0, 7, 0, 0))), of(ofm(21, be16(1) + bytes(6) + be32(1) + be16(16, 0) + be16(0, 9, 0, 0))),
])


def port13(number, config=0x65, state=7):
    return be32(number, 0) + M1 + bytes(2) + b"eth1".ljust(16, b"\0") + be32(config, state, 0xffff, 1, 0x10000, 0, 1000, 10000)


capture("openflow13.pcap", ETHERNET, [
    of(of13(0, be16(1, 8) + be32(0x12)), of13(0, be16(1, 8) + be32(0x40)), of13(0, be16(1, 12) + be64(0)), of13(0, be16(9, 4)), of13(0)),
    of(*(of13(1, be16(t, c) + b"why") for t in (*range(15), 0xffff) for c in (0, 5, 99))),
    of(of13(2, b"ping"), of13(3, b"ping"), of13(4, be32(0xd0f0db, 101) + b"data"), of13(5), of13(7), of13(20), of13(21), of13(26)),
    of(of13(6, be64(9) + be32(256) + u8(254, 0, 0, 0) + be32(0x16f, 0)), of13(6, be64(9) + be32(256) + u8(254, 1, 0, 0) + be32(0x1000, 0))),
    of(of13(8, be16(0, 0xffff)), of13(9, be16(3, 0xffe5)), of13(9, be16(2, 128))),
    of(of13(12, u8(0) + bytes(7) + port13(1)), of13(12, u8(5) + bytes(7) + port13(0xfffffffe, 0x80, 8))),
    of(of13(16, be32(1, 0) + M1 + bytes(2) + be32(0x65, 0x82, 0xffff, 0)), of13(17, u8(1, 0, 0, 0) + be32(3)), of13(17, u8(0xff, 0, 0, 0) + be32(0))),
    of(of13(22, be32(0xffffffff, 0)), of13(24, be32(2, 0) + be64(7)), of13(25, be32(9, 0) + be64(7)), of13(27, be32(7, 1, 7, 2, 7, 4)),
       of13(28, be32(0, 8, 0, 0x10, 0, 0))),
    of(*(of13(k, b"not shown") for k in (10, 11, 13, 14, 15, 18, 19, 23, 29, 30))), of(ofm(0), of13(0), ofm(18)),
    # Damage.
    *(of(of13(k, b"x" * 3)) for k in (1, 4, 5, 6, 8, 12, 16, 17, 20, 22, 24, 28)),
    of(of13(0, be16(1))), of(of13(0, be16(1, 3))), of(of13(0, be16(1, 9) + be32(1))), of(of13(0, be16(1, 8), length=16)),
])
capture("openflow_cuts.pcap", ETHERNET, cuts(of(ofm(14, match(0) + FLOW_TAIL + b"".join(ALL_ACTIONS[:3] + ALL_ACTIONS[20:21])), bsn(6, be32(0) + b"ls"), stats(1, FLOW_ENTRY, reply=True),
    of13(12, u8(0) + bytes(7) + port13(1)), ofm(10, be32(5) + be16(100, 1) + u8(0, 0) + FRAME)), first=54, step=5))
