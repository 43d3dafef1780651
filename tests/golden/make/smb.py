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
capture("smb_cuts.pcap", ETHERNET, cuts(over_tcp(nbt(MESSAGES[8][0])), first=54, step=3)
        + cuts(over_tcp(nbt(trans2(1, le16(0x16, 512, 6, 260) + le32(0) + utf16("\\*")))), first=54, step=3)
        + cuts(over_tcp(nbt(trans2_reply(b"", le16(0x2C21, 0x6A20) + u8(4) + b"DISK"), )), first=90, step=2)
        + cuts(over_tcp(nbt(MESSAGES[-4][0])), first=90, step=5))

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


PAD = bytes(range(1, 10))
FROM, TO = b"SENDER".ljust(15) + b"\x00", b"RECEIVER".ljust(15) + b"\x20"
capture("nbf.pcap", ETHERNET, [nbf(c, PAD + TO + FROM) for c in range(0x21)] + [
    nbf(c, PAD, payload) for c in (0x08, 0x15, 0x16) for payload in (smb(0x71), b"junk" + smb(0x71), b"none")] + [
    nbf(0x16, PAD, smb(0x71), control=0x0A0C), nbf(0x16, PAD, header=900)]
    + cuts(nbf(0x08, PAD + TO + FROM, smb(0x71)), first=14, step=6))


def ipx(payload, socket=0x455):
    return be16(0xFFFF, 30 + len(payload)) + u8(0, 20) + (be32(1) + mac(MAC_B) + be16(socket)) + (be32(1) + mac(MAC_A) + be16(socket)) + payload


capture("nbipx.pcap", ETHERNET, [eth_llc(llc(0xE0, 0xE0, 3, ipx(p))) for p in (
    smb(0x71), bytes(20) + mailslot(BROWSE[1]), bytes(60), bytes(140), bytes(126) + smb(0x71))])
