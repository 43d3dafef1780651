"""SMB and NetBIOS, decrypted ESP, and the protocols of AFS, DECnet, Zephyr, whiteboards, LWAPP, MSDP and token rings."""
from wire import *


def le16(*v):
    return b"".join(struct.pack("<H", x & 0xFFFF) for x in v)


def le32(*v):
    return b"".join(struct.pack("<I", x & 0xFFFFFFFF) for x in v)


def utf16(s):
    return s.encode("utf-16-le") + b"\0\0"


def smb(command, words=b"", data=b"", reply=False, flags2=0, status=0, bcc=None, wct=None):
    """A message; words without their number, data without its length."""
    return (b"\xffSMB" + u8(command) + le32(status) + u8(0x98 if reply else 0x18) + le16(flags2) + bytes(12)
            + le16(0x1001, 0x2002, 0x3003, 0x4004) + u8(len(words) // 2 if wct is None else wct) + words
            + le16(len(data) if bcc is None else bcc) + data)


def nbt(payload, kind=0, flags=0, length=None):
    return u8(kind, flags) + be16(len(payload) if length is None else length) + payload


def over_tcp(payload, port=445, back=False):
    return eth(ip4(tcp(payload, port if back else 40000, 40000 if back else port)))


def name(s, kind=0x20, pad=b" "):
    """A NetBIOS name in first-level encoding."""
    raw = s.encode("latin-1").ljust(15, pad) + u8(kind)
    return u8(32) + bytes(0x41 + n for c in raw for n in (c >> 4, c & 15)) + b"\0"


WORDS = bytes((i * 37 + 5) & 0xFF for i in range(48))
UNICODE = 0xC001
PATH = b"\x04\\dir\\file.txt\0"

# Every command once each way, with words of any content and a string.
every = []
for code in (list(range(0x00, 0x15)) + list(range(0x1A, 0x24)) + list(range(0x26, 0x30)) + [0x33, 0x34, 0x35, 0x70, 0x71, 0x75,
             0x80, 0x81, 0x82, 0x83, 0x84, 0xA0, 0xA1, 0xA2, 0xA4, 0xC0, 0xC1, 0xC2, 0xC3] + list(range(0xD0, 0xD8)) + [0x99]):
    for reply in False, True:
        words = WORDS[:2 * (34 if code == 0xA2 else 14 if code % 3 else 11)]
        if code in (0x2D, 0x2E, 0x2F, 0x75, 0xA2):
            words = u8(0xFF, 0) + words[2:]
        if code == 0xA2:
            words = words[:5] + le16(6) + words[7:]
        data = PATH + PATH if code < 0x90 else b"\x04ident\0\x04other\0"
        if code in range(0x81, 0x85) and reply:
            data = b"\x05\x2b\0" + bytes(range(0x30, 0x30 + 43)) * 2 + b"left"
        if code == 0xC3 and reply:
            data = bytes(range(0x41, 0x41 + 28)) + b"short"
        every.append(over_tcp(nbt(smb(code, words, data, reply)), back=reply))
capture("smb_every.pcap", ETHERNET, every)

NT_LOGIN = le16(0x00FF, 0, 4356, 50, 1) + le32(7) + le16(1, 24) + le32(0, 0x8000)
CHAIN = le16(0x0075, 32 + 1 + 26 + 2 + 12) + NT_LOGIN[4:]
TCONX = le16(0x00FF, 0, 8, 1)
LOCK = le16(0x00FF, 0, 7, 0, 0, 0, 1, 1)
TRANS2 = le16(20, 0, 10, 16384, 0, 0, 0, 0, 0, 20, 68, 4, 88, 1)


def trans2(function, param=b"", data=b"", words=None):
    at = 32 + 1 + 30 + 2 + 3
    w = le16(len(param), len(data), 10, 16384, 0, 0, 0, 0, 0, len(param), at, len(data), at + len(param), 1, function)
    return smb(0x32, words or w, b"\0\0\0" + param + data, flags2=UNICODE)


def trans2_reply(param=b"", data=b"", wct=None):
    at = 32 + 1 + 20 + 2 + 1
    w = le16(len(param), len(data), 0, len(param), at, 0, len(data), at + len(param), 0, 0)
    return smb(0x32, w, b"\0" + param + data, True, flags2=UNICODE, wct=wct)


def trans(path, param=b"", data=b"", setup=(1, 1, 2), flags2=0):
    at = 32 + 1 + 2 * (14 + len(setup)) + 2 + len(path)
    w = le16(len(param), len(data), 0, 0, 0, 0, 1000, 0, 0, len(param), at, len(data), at + len(param), len(setup), *setup)
    return smb(0x25, w, path + param + data, flags2=flags2)


def mailslot(data):
    return trans(b"\\MAILSLOT\\BROWSE\0", b"", data)


MESSAGES = [
    (smb(0x72, b"", b"\x02PC NETWORK PROGRAM 1.0\0\x02LANMAN1.0\0\x02NT LM 0.12\0"), False),
    (smb(0x72, b"", b"\x07LANMAN\0"), False),
    (smb(0x72, le16(0), reply=True), True),
    (smb(0x72, le16(2, 3, 4356, 50, 1, 0) + le32(9) + le16(0x6A20, 0x2C21, 60, 0, 0), b"12345678DOMAIN\0", True), True),
    (smb(0x72, le16(5) + u8(3) + le16(50, 1) + le32(16644, 65536, 0, 0xC3FD) + struct.pack("<Q", 0x01C5ECD5E1A09E00)
         + le16(0xFFC4) + u8(8), b"12345678", True, flags2=UNICODE), True),
    (smb(0x72, le16(1, 2, 3), reply=True), True),
    (smb(0x73, NT_LOGIN, b"\0" + b"p" * 24 + utf16("user")[:-1], flags2=UNICODE), False),
    (smb(0x73, le16(0xFF, 0, 4356, 2, 1) + le32(0) + le16(3, 0, 0), b"PWD\0USER\0"), False),
    (smb(0x73, CHAIN, b"\0" + b"p" * 11) + u8(4) + TCONX + le16(18) + b"\0\\\\SRV\\C$\0?????\0", False),
    (smb(0x73, le16(0x75, 5) + NT_LOGIN[4:], b""), False),
    (smb(0x73, le16(0xFF, 0, 1), b"\0" + utf16("Windows 5.1"), True, flags2=UNICODE), True),
    (smb(0x73, le16(0xFF, 0, 1) + bytes(20), b"Unix\0Samba\0WORKGROUP\0", True), True),
    (smb(0x73, le16(0xFF, 0, 1) + bytes(20), b"\0" + utf16("Unix") + utf16("Samba \u20ac") + utf16("W"), True, flags2=UNICODE), True),
    (smb(0x73, reply=True, flags2=0x4000, status=0xC000006D), True),
    (smb(0x73, reply=True, flags2=0x4000, status=0x80000005), True),
    (smb(0x73, reply=True, flags2=0x4000, status=0xC002100E), True),
    (smb(0x73, reply=True, flags2=0x4000, status=0xC0000036), True),
    (smb(0x73, reply=True, flags2=0x4000, status=0xC0000299), True),
    (smb(0x06, reply=True, status=1 | 2 << 16), True),
    (smb(0x06, reply=True, status=1 | 33 << 16), True),
    (smb(0x06, reply=True, status=2 | 999 << 16), True),
    (smb(0x06, reply=True, status=3 | 36 << 16), True),
    (smb(0x06, reply=True, status=0xE1 | 1 << 16), True),
    (smb(0x06, reply=True, status=0x55 | 1 << 16), True),
    (smb(0x75, TCONX, b"\0\\\\SRV\\IPC$\0IPC\0"), False),
    (smb(0x75, le16(0xFF, 0, 1), b"IPC\0\0", True), True),
    (smb(0x24, LOCK, le16(5) + le32(100, 10) + le16(6) + le32(200, 20)), False),
    (smb(0x24, le16(0xFF, 0, 7) + u8(0x10, 0) + LOCK[8:], le16(5, 0) + le32(1, 100, 0, 10)), False),
    (smb(0x24, le16(0xFF, 0), reply=True), True),
    (trans2(1, le16(0x16, 512, 6, 260) + le32(0) + utf16("\\*")), False),
    (trans2_reply(le16(0x801, 2, 1, 0, 96), b"0123456789abcdefgh"), True),
    (trans2(3, le16(1)), False),
    (trans2_reply(b"", le32(0, 8, 1000, 500) + le16(512)), True),
    (trans2(3, le16(2)), False),
    (trans2_reply(b"", le16(0x2C21, 0x6A20) + u8(4) + b"DISK"), True),
    (trans2(3, le16(0x105)), False),
    (trans2_reply(b"", le32(0xF, 255, 8) + utf16("NTFS")[:-2] + b"more"), True),
    (trans2(3, le16(0x300)), False),
    (trans2_reply(b"", b"what"), True),
    (trans2_reply(wct=0)[:33] + le16(0), True),
    (trans2(0, le16(1, 2, 0x16, 0x20, 0x2C21, 0x6A20, 0x11, 100, 0, 1, 2, 3, 4, 5) + utf16("\\new")), False),
    (trans2_reply(le16(7, 0x20, 0x2C21, 0x6A20, 10, 0, 1, 2, 3, 4, 5, 6, 7, 8)), True),
    (trans2(5, le16(0x107) + le32(0) + utf16("\\a"), b"data"), False),
    (trans2_reply(le16(0), b"x" * 20), True),
    (trans2(99, le16(1)), False),
    (smb(0x32, le16(20, 0, 20, 68, 0, 0, 0, 0), b"", flags2=UNICODE) + bytes(40), False),
    (trans(b"\\PIPE\\LANMAN\0", le16(0x68) + b"WrLehDO\0B16BBDz\0", b"tail"), False),
    (trans(b"\\PIPE\\\0XXXXXXXXXXXX", b"param", b"some data"), False),
    (trans(b"\\PIPE\\SPOOLSS\0XXXX", b"", b""), False),
    (smb(0x25, le16(4, 4, 0, 4, 56, 0, 4, 60, 0, 0), b"\0" + b"PARMDATA" + bytes(20), True), True),
]
capture("smb.pcap", ETHERNET, [over_tcp(nbt(m), back=back) for m, back in MESSAGES] + [
    over_tcp(nbt(b"\xfeSMB" + bytes(60))),
    over_tcp(nbt(smb(0x2B, le16(1), b"hello"), length=500)),
    over_tcp(b"\0\0"),
])
capture("smb_cuts.pcap", ETHERNET, cuts(over_tcp(nbt(MESSAGES[8][0])), first=54, step=5)
        + cuts(over_tcp(nbt(trans2(1, le16(0x16, 512, 6, 260) + le32(0) + utf16("\\*")))), first=110, step=5)
        + cuts(over_tcp(nbt(trans2_reply(b"", le16(0x2C21, 0x6A20) + u8(4) + b"DISK"), )), first=100, step=4)
        + cuts(over_tcp(nbt(MESSAGES[-4][0])), first=90, step=9))

SERVER = u8(3, 10) + le32(0x80001000)
BROWSE = [
    u8(0x1, 2) + le16(0xEA60, 0) + b"HOST\0".ljust(16, b"\0") + SERVER + le16(0x10F, 0xAA55) + b"comment\0",
    u8(0x2, 0) + b"ASKER\0",
    u8(0x8, 1) + le32(0x20010F03, 1000, 0) + b"ME\0",
    u8(0x9, 4) + le32(77),
    u8(0xA, 2) + le32(77) + b"ONE\0TWO\0",
    u8(0xB) + b"YOU\0",
    u8(0xC, 0) + le16(0xE000, 4) + b"WORKGROUP".ljust(16, b"\0") + SERVER + le32(0x55AA0001) + b"MASTER\0",
    u8(0xD) + b"MASTER\0",
    u8(0xE, 4),
    u8(0xF, 0) + le16(0xE000, 4) + b"MASTER".ljust(16, b"\0") + SERVER + le16(0x10F, 0xAA55) + b"\0",
    u8(0x77) + b"what is this",
]


def datagram(payload, kind=0x11):
    body = name("SENDER", 0) + name("GROUP", 0x1D) + payload
    return u8(kind, 0x0E) + be16(99) + a4("192.0.2.1") + be16(138, len(body), 0) + body


def at_138(payload):
    return eth(ip4(udp(payload, 138, 138)))


capture("nbdgm.pcap", ETHERNET, [at_138(datagram(mailslot(b))) for b in BROWSE] + [
    at_138(datagram(b"no SMB")),
    at_138(datagram(b"")),
    at_138(u8(0x13, 2) + be16(1) + a4("192.0.2.1") + be16(138) + u8(0x82)),
] + cuts(at_138(datagram(mailslot(BROWSE[2]))), first=42, step=4))


def ns(flags, *sections, ident=0x1234, counts=None):
    body = b"".join(r for s in sections for r in s)
    return be16(ident, flags, *(counts or [len(s) for s in (list(sections) + [()] * 4)[:4]])) + body


def question(n, kind=0x20):
    return n + be16(kind, 1)


def record(n, data, kind=0x20, ttl=300000):
    return n + be16(kind, 1) + be32(ttl) + be16(len(data)) + data


MY = name("HOST")
NODES = u8(4) + (b"HOST".ljust(15) + u8(0x00) + be16(0x0400) + b"GROUP".ljust(15) + u8(0x1E) + be16(0xA400)
                 + b"\x01\x02__MSBROWSE__\x02" + u8(0x01) + be16(0xDE00) + b"X".ljust(15) + u8(0x1B) + be16(0x6000)) + bytes(46)
NAMES = [
    ns(0x0110, [question(MY)]),
    ns(0x8500, [], [record(MY, be16(0x6000) + a4("192.0.2.7"))]),
    ns(0x8583, [], [record(MY, b"")]),
    ns(0x2910, [question(MY)], [], [], [record(b"\xc0\x0c", be16(0) + a4("192.0.2.1"))]),
    ns(0x0000, [question(name("*", 0, b"\0"), 0x21)]),
    ns(0x8400, [], [record(name("*", 0, b"\0"), NODES, 0x21)]),
    ns(0x7810, [question(name("A", 0x03)), question(name("B", 0x99))]),
    ns(0x3000 | 0x10, [question(b"\x04ABCD\0")]),
    ns(0x4000, [question(b"\x20" + b"a" * 32 + b"\0")]),
    ns(0x0110, [question(b"\xc0\x00")]),
    ns(0x0110, [question(b"\xc1\x00")]),
    ns(0x0110, [question(MY)], counts=[500, 0, 0, 0]),
    ns(0x8500, [], [record(MY, b"ten bytes.")]) + b"and some more than that",
    ns(0x8500, [], [record(MY, b"ten bytes.")])[:-4],
]


def at_137(payload, response=False):
    return eth(ip4(udp(payload, 137, 137)))


capture("nbns.pcap", ETHERNET, [at_137(n) for n in NAMES] + cuts(at_137(NAMES[3]), first=42, step=2)
        + cuts(at_137(NAMES[5]), first=90, step=7))

CALL = name("SERVER") + name("CLIENT", 0)
capture("nbss.pcap", ETHERNET, [over_tcp(p, 139) for p in (
    nbt(CALL, 0x81), nbt(b"", 0x82), nbt(u8(0x82), 0x83), nbt(u8(0x82, 0, 0, 0), 0x83), nbt(u8(0x99, 0, 0, 0), 0x83),
    nbt(be32(0xC0000201) + be16(139), 0x84), nbt(b"", 0x85), nbt(smb(0x71)), nbt(smb(0x71), length=400), nbt(b"raw data"),
    b"\0\0")] + cuts(over_tcp(nbt(CALL, 0x81), 139), first=54, step=5) + cuts(over_tcp(nbt(smb(0x71)), 139), first=54, step=7))


def nbf(command, body=b"", payload=b"", header=None, control=3):
    head = le16(5 + len(body) if header is None else header, 0xEFFF) + u8(command) + body + payload
    return eth_llc((llc(0xF0, 0xF0, 3) if control == 3 else llc(0xF0, 0xF0, control & 0xFF, u8(control >> 8))) + head)


PAD = bytes(range(1, 8))           # from the command to the names
FROM, TO = b"SENDER".ljust(15) + b"\x00", b"RECEIVER".ljust(15) + b"\x20"
capture("nbf.pcap", ETHERNET, [nbf(c, PAD + TO + FROM) for c in range(0x21)] + [
    nbf(c, PAD, payload) for c in (0x08, 0x15, 0x16) for payload in (smb(0x71), b"junk" + smb(0x71), b"none")] + [
    nbf(0x16, PAD, smb(0x71), control=0x0A0C), nbf(0x16, PAD, header=900)]
    + cuts(nbf(0x08, PAD + TO + FROM, smb(0x71)), first=14, step=6))


def ipx(payload, socket=0x455):
    return be16(0xFFFF, 30 + len(payload)) + u8(0, 20) + (be32(1) + mac(MAC_B) + be16(socket)) + (be32(1) + mac(MAC_A) + be16(socket)) + payload


capture("nbipx.pcap", ETHERNET, [eth_llc(llc(0xE0, 0xE0, 3, ipx(p))) for p in (
    smb(0x71), bytes(20) + mailslot(BROWSE[1]), bytes(60), bytes(140), bytes(126) + smb(0x71))])

# --- Rx and AFS -------------------------------------------------------------------------------------------------------


def rx(kind, body=b"", seq=1, flags=0, call=7, cid=0x1234, service=1):
    return be32(0x55667788, cid, call, seq, 99) + u8(kind, flags, 0, 2) + be16(0, service) + body


def at_rx(payload, port=7000, back=False):
    return eth(ip4(udp(payload, port if back else 7001, 7001 if back else port)))


def xdr(s):
    return be32(len(s)) + s + b"\0" * (-len(s) % 4)


def wide(s, n):
    return be32(*(list(s) + [0] * (n - len(s))))


FID = be32(536870912, 4, 77)
STATUS = be32(0x41F, 1000000000, 10, 20, 0o100644, 4096)
UUID = be32(0x01020304, 0x0506, 0x0708, *range(8))
ACL = xdr(b"2 1\nuser 127\ngroup 9\nbad\x01 1\n")
CALLS = {
    7000: [(130, FID + be32(0, 4096)), (131, FID), (132, FID), (133, FID + STATUS + be32(0, 10, 20)), (134, FID + ACL),
           (135, FID + STATUS), (136, FID + xdr(b"old")), (137, FID + xdr(b"new.txt") + STATUS), (138, FID + xdr(b"a") + FID + xdr(b"b")),
           (139, FID + xdr(b"a") + xdr(b"../b") + STATUS), (140, FID + xdr(b"a") + FID), (142, FID + xdr(b"dir")), (148, xdr(b"root.afs")),
           (149, be32(9)), (151, b""), (153, b""), (154, xdr(b"root.cell")), (155, be32(2) + FID + FID), (155, be32(0)), (65536, be32(1) + FID),
           (65537, FID + be64(1 << 33, 5)), (65538, FID + STATUS + be64(1, 2, 3)), (65541, be32(1)), (999, b""), (134, FID + xdr(b"nothing")),
           (136, FID + be32(9999))],
    7001: [(204, be32(2) + FID + FID + be32(2, 1, 1000000000, 1, 2, 1100000000, 2)), (204, be32(0, 0)), (206, b""), (213, b""), (214, UUID)],
    7002: [(500, xdr(b"user") + be32(5, 6)), (501, be32(5)), (502, be32(-1)), (503, be32(1, 2)), (504, be32(2) + wide(b"one", 64) + wide(b"two", 64)),
           (504, be32(0)), (505, be32(3, 1, 2, 3)), (508, be32(5)), (509, xdr(b"g") + be32(1, 2)), (510, b""), (511, be32(1, 1)),
           (513, be32(1) + xdr(b"n") + be32(2, 3)), (520, be32(1) + xdr(b"n")), (10000, be32(1, 1000000000, 1, 2, 3, 4)), (10003, be32(4)),
           (20000, be32(1, 2)), (20002, be32(1, 2, 3, 4, 5, 1)), (20003, be32(1, 2, 3, 4)), (20004, b""), (20005, be32(3)), (20006, be32(1, 2, 3, 4)),
           (20009, be32(1, 2, 3, 4)), (20012, be32(1, 2, 3, 4, 5, 6)), (10004, b"")],
    7003: [(501, wide(b"vol", 65)), (503, be32(77, 1)), (504, xdr(b"root.cell")), (505, be32(1)), (506, be32(77, 9) + wide(b"v", 65)), (510, be32(0)),
           (518, be32(77, 2)), (521, be32(0)), (527, xdr(b"root.cell")), (20001, be32(1, 2))],
    7004: [(1, xdr(b"user") + xdr(b"")), (3, be32(1) + xdr(b"CELL") + xdr(b"ticket") + xdr(b"a") + xdr(b"b")), (4, xdr(b"u") + xdr(b"i") + be32(3)),
           (12, xdr(b"name")), (9, b"")],
    7005: [(100, be32(1) + xdr(b"vol") + be32(0, 5)), (101, be32(3)), (102, be32(1, 2)), (103, be32(1, 1000000000) + be32(1, 2, 3) + be32(4)),
           (104, be32(3)), (105, be32(1, 2, 3) + xdr(b"clone")), (106, be32(1, 2)), (107, be32(3)), (108, be32(1, 2, 3)), (109, be32(1, 1000000000)),
           (110, be32(1)), (111, be32(1, 2)), (112, be32(1)), (113, be32(1)), (114, xdr(b"n") + be32(1, 2, 3)), (116, be32(1, 2)),
           (117, be32(1) + xdr(b"n") + be32(1, 2, 3, 4)), (119, xdr(b"/vicepa")), (120, be32(1)), (121, be32(1, 2)), (123, be32(1, 1000000000)),
           (126, be32(1)), (128, be32(1, 1000000000, 2) + be32(1, 2, 3) * 2), (65536, be32(1, 2)), (65537, be32(1)), (65538, be32(1, 1000000000, 3)),
           (655537, be32(1, 1000000000))],
    7007: [(80, xdr(b"simple") + xdr(b"fs")), (81, xdr(b"fs")), (82, xdr(b"fs") + be32(1)), (84, be32(1)), (86, xdr(b"fs") + be32(1)),
           (105, xdr(b"/bin/x") + be32(1, 2, 3)), (94, b"")],
}
ENTRY8 = wide(b"root.cell", 65) + be32(0, 2) + be32(0xC0000201, 0xC0000202, 0, 0, 0, 0, 0, 0) + be32(0, 30, *[0] * 6) + be32(*[4] * 8) + be32(1, 2, 3)
ENTRY13 = wide(b"root.cell", 65) + be32(1) + be32(0xC0000201, *[0] * 12) + be32(1, *[0] * 12) + be32(*[4] * 13) + be32(1, 2, 3)
ENTRYU = wide(b"root.cell", 65) + be32(1) + UUID + bytes(44 * 12) + bytes(52) + be32(1, *[0] * 12) + be32(*[4] * 13) + be32(1, 2, 3)
REPLIES = {
    (7000, 131): ACL, (7000, 137): FID, (7000, 151): xdr(b"root.afs"), (7000, 153): be32(1000000000), (7001, 213): UUID,
    (7002, 504): be32(2, 5, 6), (7002, 505): be32(1) + wide(b"one", 64), (7002, 508): be32(2, 1, 2), (7002, 510): be32(9, -9),
    (7002, 10000): b"", (7002, 20004): be32(1, 2), (7003, 503): ENTRY8, (7003, 504): ENTRY8, (7003, 505): be32(9), (7003, 510): be32(1, 2) + ENTRY8,
    (7003, 518): ENTRY13, (7003, 521): be32(1, 2) + ENTRY13, (7003, 527): ENTRYU, (7005, 100): be32(1, 2), (7005, 104): be32(0), (7005, 105): be32(4),
    (7005, 107): be32(1), (7005, 108): be32(5), (7005, 110): be32(1, 2), (7005, 112): xdr(b"vol"), (7005, 113): be32(*range(10)) + be32(*[1000000000] * 6),
    (7005, 116): be32(1) + wide(b"v", 32) + be32(9) + bytes(84), (7005, 121): be32(0),
}
calls, number = [], 100
for port, ops in CALLS.items():
    for op, args in ops:
        number += 1
        calls.append(at_rx(rx(1, be32(op) + args, flags=1, call=number), port))
        body = REPLIES.get((port, op))
        if body is not None:
            calls.append(at_rx(rx(1, body, flags=4, call=number), port, back=True))
        elif op % 3 == 0:
            calls.append(at_rx(rx(4, be32(106 if op % 2 else -100), call=number), port, back=True))
acks = bytes([1, 1, 0, 1, 0, 0, 1, 1, 1, 0])
ACK = be16(8, 1) + be32(5, 4, 99) + u8(7, len(acks)) + acks
capture("rx.pcap", ETHERNET, calls + [at_rx(p) for p in (
    rx(2, ACK + bytes(3) + be32(1444, 1444, 16, 4), flags=0x25), rx(2, ACK), rx(2, ACK[:20]), rx(2, be16(8, 1) + be32(5, 4, 99) + u8(1, 0)),
    rx(3), rx(5), rx(6), rx(7), rx(8), rx(9), rx(13, flags=0x3f), rx(77), rx(1, be32(130), seq=2, flags=0x3f), rx(1, flags=1), b"short")]
        + cuts(at_rx(rx(1, be32(138) + FID + xdr(b"a") + FID + xdr(b"b"), flags=1)), first=42, step=3))

# --- encrypted payloads: the ciphertexts were made with openssl enc -nopad, keys and vectors as in the cases ---------------

IV8, IV16 = bytes(range(8)), bytes(range(16))
AES = h("70aafa8963bdb03f2ec7526ab4fc5eb38e3d9e5e1b954b1045b8655000df895cd7c0c5fef98c26176146ce012e2bb3f6")
AES_TCP = h("eb3e4d64ba27c89864fd0d8536a48606039600721fa6ebc28de2bfe11c85c716f28042bc0817e3fe53e9530d650c4bf3")
AES256_UDP = h("972bc52de16520683eae9a649e6c57ed")
DES3 = h("795914e7a350a8edb75999aae7e12661125dcbbf3a51ece409d5807c970795bbb3c6435715b8ef00")
BLOWFISH = h("662e746e3ed0e4d4a681ec31c06439859b39d66734c8506dc0d392164ce0ef90a567058dec2b1bec")
DES = h("a0665fc88da3c5ae098cf62fce65248e2b706514514def5731b192a5d9eb3e9ef6c40966fffe17c0")
MAC96 = bytes(range(0xA0, 0xAC))


def esp(spi, body):
    return be32(spi, 1) + body


def over_esp(spi, body, **more):
    return eth(ip4(esp(spi, body), 50, **more))


PLAIN = ip4(udp(b"hello", 1000, 9), src="198.51.100.1", dst="198.51.100.2")
capture("esp.pcap", ETHERNET, [
    over_esp(1, IV16 + AES),
    over_esp(2, IV16 + AES + MAC96),
    over_esp(3, IV16 + AES_TCP),
    over_esp(4, IV8 + DES3),
    over_esp(5, IV8 + BLOWFISH),
    over_esp(6, IV8 + DES),
    over_esp(7, PLAIN + u8(1, 2, 2, 4)),
    over_esp(7, PLAIN + u8(200, 4)),
    over_esp(7, b"x"),
    over_esp(7, u8(0, 59)),
    over_esp(1, IV16 + AES[:-3]),
    over_esp(1, IV16),
    over_esp(2, IV16 + MAC96[:4]),
    over_esp(1, IV16 + AES, flags=0x2000),
    over_esp(1, IV16 + AES, dst="192.0.2.99"),
    over_esp(0x99, IV16 + AES),
    eth(ip6(esp(8, IV16 + AES256_UDP), 50)),
    eth(ip4(udp(esp(1, IV16 + AES), 4500, 4500))),
    eth(ip4(udp(b"".join([bytes(range(8)), h("c02e7a3031a03188"), u8(46, 0x20, 35, 0x08), be32(1, 28 + 4 + 32), u8(41, 0), be16(36), IV16,
                          h("1c8fd771ba02ecf3e7090982448a3404")]) + b"", 500, 500))),
    eth(ip4(udp(b"".join([bytes(range(8)), h("c02e7a3031a03188"), u8(46, 0x20, 35, 0x08), be32(1, 28 + 4 + 44), u8(41, 0), be16(48), IV16,
                          h("1c8fd771ba02ecf3e7090982448a3404"), MAC96]), 500, 500))),
] + cuts(over_esp(1, IV16 + AES), first=34, step=4))

# --- the rest -----------------------------------------------------------------------------------------------------------


def decnet(body, length=None):
    return eth(le16(len(body) if length is None else length) + body, 0x6003)


def node(area, n):
    return h("aa000400") + le16(area << 10 | n)


def long_header(payload, flags=0x2E):
    return u8(flags, 0, 0) + node(1, 2) + u8(0, 0) + node(1, 1) + u8(0, 5, 0, 0) + payload


def nsp(flags, *words, rest=b""):
    return u8(flags) + le16(0x2006, 0x2005, *words) + rest


NSP = [nsp(0x60, 0x8005, 0x2003, 7, rest=b"data"), nsp(0x60, 0x9005, 0xB003, 7), nsp(0x00, 7), nsp(0x00, 0x8005), nsp(0x00)[:4], nsp(0x20, 0x8001, 0xA001),
       nsp(0x30, 0x8005, 0xA003, 7), nsp(0x30, 0x8005, 0xB003, 7), nsp(0x10, 0x8005, 0xA003, 7, rest=u8(0x00, 2)), nsp(0x10, 5, 6, 7, rest=u8(0x01, 2)),
       nsp(0x10, 5, 6, 7, rest=u8(0x02, 2)), nsp(0x10, 5, 6, 7, rest=u8(0x03, 2)), nsp(0x10, 5, 6, 7, rest=u8(0x04, 2)), nsp(0x10, 5, 6, 7, rest=u8(0x08, 2)),
       nsp(0x10, 5), nsp(0x50), nsp(0x04, 0x8001, 0xA002), nsp(0x04, 0x9001, 0xB002), nsp(0x14, 0x8001, 0xB002), nsp(0x24), nsp(0x34), nsp(0x04),
       nsp(0x18, rest=u8(5, 2) + le16(1459)), nsp(0x68, rest=u8(9, 1) + le16(1459)), nsp(0x28, rest=u8(1, 0) + le16(1459) + u8(3)), nsp(0x28, rest=u8(1, 3) + le16(576) + u8(0)),
       nsp(0x38, 8, rest=u8(2)), nsp(0x38, 777, rest=u8(0)), nsp(0x48, 42), nsp(0x48, 42)[:5], nsp(0x58), nsp(0x0C), nsp(0x18, rest=u8(5))]
CONTROL = [u8(0x01) + le16(0x0401) + u8(0x0F) + le16(576) + u8(2, 0, 0) + le16(30) + u8(0), u8(0x03) + le16(0x0401) + u8(0o252), u8(0x05) + le16(0x0401) + u8(0o252),
           u8(0x07) + le16(0x0401) + u8(0) + le16(10, 1, 0x0405, 5, 20, 0x7FFF) + le16(0), u8(0x07) + le16(0x0401) + u8(0) + le16(2000, 1, 1, 0),
           u8(0x09) + le16(0x0401) + u8(0) + le16(10, 1, 0x0405) + le16(0), u8(0x0B, 2, 0, 0) + node(1, 5) + u8(0x66) + le16(1498) + u8(64, 0) + le16(15) + u8(0) + b"list",
           u8(0x0D, 2, 0, 0) + node(1, 5) + u8(0x03) + le16(1498) + u8(0) + bytes(8) + node(1, 9) + le16(15) + u8(0, 0o252), u8(0x0D, 2), u8(0x0F) + bytes(8)]
capture("decnet.pcap", ETHERNET, [decnet(long_header(n)) for n in NSP] + [decnet(c.ljust(6, b"\0")) for c in CONTROL] + [
    decnet(u8(0x02) + le16(0x0402, 0x0401) + u8(3) + NSP[0]), decnet(u8(0x3A) + le16(0x0402, 0x0401) + u8(3) + NSP[2]),
    decnet(u8(0x83, 0, 0) + long_header(NSP[0])), decnet(u8(0x83, 0, 0) + u8(0x42) + bytes(10)), decnet(u8(0x04) + bytes(10)), decnet(u8(0x06) + bytes(8)),
    decnet(b"\x02" + bytes(8), 99), decnet(b"\x02" + bytes(8), 3), eth(b"\x02\0\x01", 0x6003), decnet(u8(0xFF) + bytes(9))]
        + cuts(decnet(long_header(NSP[0])), first=14) + cuts(decnet(CONTROL[7]), first=16, step=4) + cuts(decnet(CONTROL[3]), first=16, step=2))


def notice(kind, cls, inst, op, sender="me@R", to="", more=(), version="ZEPH0.2", parts=17):
    fields = [version, "0x11", hex(kind), "0xC0000201 0x1", "0x837", "0x0", "0x0", "", cls, inst, op, sender, to, "", "0x0", "0x0", "0xC0000201"][:parts]
    return b"".join(f.encode("latin-1") + b"\0" for f in fields + list(more))


ZEPHYR = [
    notice(1, "MESSAGE", "PERSONAL", "PING", to="you@R"), notice(2, "MESSAGE", "x", ""), notice(5, "MESSAGE", "x", "", more=["SENT"]),
    notice(5, "MESSAGE", "x", "", more=["LOST"]), notice(6, "MESSAGE", "\x01x\xe9", "O\x7f", sender=""), notice(99, "a", "b", "c"),
    notice(0, "USER_LOCATE", "who", "USER_HIDE"), notice(0, "USER_LOCATE", "who", "USER_UNHIDE"), notice(0, "USER_LOCATE", "who", "LOCATE"),
    notice(0, "ZEPHYR_ADMIN", "", "DUMP"), notice(2, "ZEPHYR_CTL", "CLIENT", "SUBSCRIBE", more=["message", "*", ""]),
    notice(2, "ZEPHYR_CTL", "CLIENT", "SUBSCRIBE_NODEFS", more=["message", "*", "me"]), notice(2, "ZEPHYR_CTL", "CLIENT", "UNSUBSCRIBE", more=["a"]),
    notice(5, "ZEPHYR_CTL", "CLIENT", "SUBSCRIBE"), notice(2, "ZEPHYR_CTL", "CLIENT", "GIMME"), notice(2, "ZEPHYR_CTL", "CLIENT", "GIMMEDEFS"),
    notice(2, "ZEPHYR_CTL", "CLIENT", "CLEARSUB"), notice(2, "ZEPHYR_CTL", "CLIENT", "OtherWord"), notice(2, "ZEPHYR_CTL", "HM", "BOOT"),
    notice(2, "ZEPHYR_CTL", "REALM", "ADD_SUBSCRIBE"), notice(2, "ZEPHYR_CTL", "REALM", "REQ_SUBSCRIBE"), notice(2, "ZEPHYR_CTL", "REALM", "RLM_SUBSCRIBE"),
    notice(2, "ZEPHYR_CTL", "REALM", "RLM_UNSUBSCRIBE"), notice(2, "ZEPHYR_CTL", "REALM", "WHAT"), notice(2, "ZEPHYR_CTL", "OTHER", "WHAT"),
    notice(3, "HM_CTL", "Client", "ATTACH"), notice(8, "HM_STAT", "HMST_CLIENT", "GIMMESTATS"), notice(8, "HM_STAT", "x", "y"), notice(3, "WG_CTL", "Us", "Do"),
    notice(2, "LOGIN", "me", "USER_FLUSH"), notice(2, "LOGIN", "me", "REALM-VISIBLE"), notice(2, "LOGIN", "me", "USER_LOGOUT"), notice(7, "c", "i", "o", version="ZEPH0.3"),
    notice(7, "c", "i", "o", version="ZEBRA"), notice(7, "c", "i", "o", parts=9), b"ZEPH0.2", notice(1, "C" * 300, "i" * 10, "O" * 300),
]
capture("zephyr.pcap", ETHERNET, [eth(ip4(udp(z, 2103, 40000))) for z in ZEPHYR] + cuts(eth(ip4(udp(ZEPHYR[10], 40000, 2104))), first=42, step=5))

SITE, PAGE = a4("192.0.2.7"), a4("192.0.2.8") + be32(3)


def wb(kind, body=b"", flags=0):
    return eth(ip4(udp(SITE + be32(1000) + be16(1) + u8(kind, flags) + body, 40000, 4567)))


def drawing(kind, body=b"", stamp=0):
    return be32(stamp) + be16(len(body)) + u8(0, kind) + body + b"\0" * (-len(body) % 4)


OPS = drawing(2, b"12345") + drawing(9) + drawing(14, stamp=8) + drawing(77)
WB = [wb(0, PAGE + be32(5, 9) + OPS), wb(0, PAGE + be32(5, 6) + OPS, 1), wb(0, PAGE + be32(5, 5) + drawing(14, stamp=3)), wb(0, PAGE + be32(5, 5) + drawing(15, stamp=9)),
      wb(0, PAGE), wb(1, be32(9) + PAGE + be32(4) + PAGE + be16(2, 0) + (SITE + be32(7)) * 2 + b"my site\0"), wb(1, be32(9) + PAGE + be32(4) + PAGE + be16(9, 0)),
      wb(1, be32(9)), wb(2, SITE + PAGE + be32(1, 2)), wb(2), wb(3, SITE + PAGE + be32(5, 6) + OPS), wb(3), wb(4), wb(5, PAGE + be32(1, 2)), wb(5), wb(6),
      wb(7, be32(2) + (be32(4) + PAGE + be16(0x0100, 0) + SITE + be32(7)) * 2), wb(7, be32(1) + be32(4) + PAGE + be16(1, 0)), wb(7), eth(ip4(udp(b"short", 40000, 4567)))]
capture("wb.pcap", ETHERNET, WB + cuts(WB[5], first=42, step=3) + cuts(WB[0], first=60, step=5))


def msdp(*messages):
    return eth(ip4(tcp(b"".join(messages), 639, 40000)))


def sa(kind, *entries, data=b""):
    body = u8(len(entries)) + a4("192.0.2.1") + b"".join(u8(0, 0, 0, 32) + a4(g) + a4(s) for g, s in entries) + data
    return u8(kind) + be16(3 + len(body)) + body


SA = sa(1, ("224.1.1.1", "198.51.100.1"), ("224.1.1.2", "198.51.100.2"))
MSDP = [msdp(u8(4) + be16(3)), msdp(SA), msdp(sa(3, ("224.1.1.1", "198.51.100.1"))), msdp(sa(1, ("224.1.1.1", "198.51.100.1"), data=PLAIN)),
        msdp(u8(2) + be16(8) + u8(0) + a4("224.1.1.1")), msdp(u8(5) + be16(5) + u8(1, 2)), msdp(u8(6) + be16(4) + u8(1)), msdp(u8(4) + be16(3), SA, u8(4) + be16(3)),
        msdp(u8(4) + be16(9) + bytes(6)), msdp(u8(4) + be16(3), u8(4)), msdp(u8(0) + be16(3)), msdp(u8(9) + be16(3)), msdp(u8(4) + be16(2)), msdp(u8(4) + be16(1501)),
        msdp(u8(1) + be16(1450) + u8(0)), msdp(u8(1) + be16(5) + u8(0, 0))]
capture("msdp.pcap", ETHERNET, MSDP + cuts(MSDP[3], first=54, step=4))


def lwapp(flags, body=b"", length=None, ap=b"", ports=(40000, 12223)):
    return eth(ip4(udp(ap + u8(flags, 3) + be16(len(body) if length is None else length, 0) + body, *ports)))


AP = mac("02:00:00:00:00:77")


def lwapp_message(kind, body=b"", length=None):
    return u8(kind, 9) + be16(len(body) if length is None else length) + be32(0xDEADBEEF) + body


LWAPP = [lwapp(0x14, b"".join(lwapp_message(k) for k in range(1, 42)), ap=AP), lwapp(0x04, lwapp_message(2, b"abc"), ports=(12223, 40000)),
         lwapp(0x07, lwapp_message(1), ap=AP), lwapp(0x44, ap=AP), lwapp(0x04, lwapp_message(1, length=40), ap=AP), lwapp(0x04, b"abcd", ap=AP),
         lwapp(0x00, b"802.11 frame", 18, ports=(12222, 40000)), lwapp(0x03, b"x", 4, ports=(40000, 12222)), lwapp(0x80, ports=(12222, 12222))]
capture("lwapp.pcap", ETHERNET, LWAPP + cuts(LWAPP[2], first=42) + cuts(LWAPP[6], first=42, step=3))


def ring(payload, route=b"", fc=0x40):
    return u8(0x18, fc) + mac(MAC_B) + (u8(0x82) + mac(MAC_A)[1:] if route else mac(MAC_A)) + route + payload


INSIDE = snap(0, 0x0800, ip4(udp(b"hello", 1000, 9)))
RINGS = [ring(INSIDE), ring(INSIDE, be16(0x0670, 0x0012, 0x0020)), ring(INSIDE, be16(0x8690, 0x0012, 0x0020)), ring(INSIDE, be16(0xC220)), ring(INSIDE, be16(0x0020)),
         ring(b"some MAC frame", fc=0x00), ring(llc(0xF0, 0xF0, 3, b"x" * 20)), ring(llc(0x12, 0x12, 3, b"unknown"))]
capture("token_ring.pcap", 6, RINGS + cuts(RINGS[1], first=1, step=2))
