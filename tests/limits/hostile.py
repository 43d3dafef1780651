"""Conversations that are made to cost time, packets of up to 64 KiB.

scenes() gives for each a name and its packets: (bytes, judged). Those that are not judged (0) prepare what the judged ones
then do. A judged one has 1, or how many packets' time it may take: what waited for it, in large packets, goes on with it.
"""
import ctypes
import ctypes.util
import gzip
import itertools
import struct
import sys
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
sys.dont_write_bytecode = True
import capture  # noqa: E402
from talk import ACK, FIN, PSH, SYN, Tcp, ip, udp  # noqa: E402

WHOLE = 65535 - 20
ROOM = WHOLE - 20			# a segment's bytes


def filled(unit, n=ROOM):
    """As many whole units as n bytes have room for."""
    return unit * (n // len(unit))


numbers = itertools.count()


def several(unit, n=ROOM):
    """As filled, each unit with another number in it."""
    out = b""
    while len(out) < n - len(unit) - 8:
        out += unit % next(numbers)
    return out


class Talk(Tcp):
    """A connection of its own ports, whose packets come judged or not."""

    ports = 10000

    def __init__(self, port=80):
        Talk.ports += 1
        super().__init__(client=("10.0.0.1", Talk.ports), server=("10.0.0.2", port), mss=ROOM)
        self.judged = {}
        self.open()

    def judge(self, side, data, worth=1, **kw):
        self.judged[len(self.out)] = worth
        self.seg(side, PSH | ACK, data, **kw)
        if not kw:
            self.next[side] += len(data)

    def packets(self):
        return [(p, self.judged.get(i, 0)) for i, p in enumerate(self.out)]


# --- bodies that grow ------------------------------------------------------------------------------------------------

def zstd_zeros(n):
    """RFC 8878: blocks of one byte repeated, four bytes for each 128 KiB."""
    size = 128 << 10
    block = struct.pack("<I", 1 << 1 | size << 3)[:3] + b"\0"
    last = struct.pack("<I", 1 | 1 << 1 | size << 3)[:3] + b"\0"
    return bytes.fromhex("28b52ffd0068") + block * (n // size - 1) + last


def brotli_zeros(n):
    """None where there is nobody to do it."""
    name = ctypes.util.find_library("brotlienc") or "libbrotlienc.so.1"
    try:
        lib = ctypes.CDLL(name)
    except OSError:
        return None
    out, size = ctypes.create_string_buffer(n), ctypes.c_size_t(n)
    ok = lib.BrotliEncoderCompress(5, 22, 0, ctypes.c_size_t(n), bytes(n), ctypes.byref(size), out)
    return out.raw[:size.value] if ok else None


def deflate_bomb(n, wbits):
    z = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return z.compress(bytes(n)) + z.flush()


def chunks(data, size):
    return b"".join(b"%x\r\n%s\r\n" % (len(data[i:i + size]), data[i:i + size]) for i in range(0, len(data), size))


def bomb(coding, body, chunk=0):
    """A response whose body is a bomb; each of its segments is judged."""
    t = Talk()
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n" % coding
    head += b"Transfer-Encoding: chunked\r\n\r\n" if chunk else b"Content-Length: 99999999\r\n\r\n"
    t.say(0, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    t.say(1, head)
    data = chunks(body, chunk) if chunk else body
    for i in range(0, min(len(data), 4 * ROOM), ROOM):
        t.judge(1, data[i:i + ROOM])
    return t.packets()


def bombs():
    many = 256 << 20
    zeros = {b"gzip": deflate_bomb(many, 31), b"deflate": deflate_bomb(many // 2, -15), b"zstd": zstd_zeros(2 << 30)}
    br = brotli_zeros(2 << 20)		# as much as there is a window for
    if br:
        zeros[b"br"] = br + bytes(ROOM)
    else:
        print("skipped: nobody can make brotli's bomb")
    for coding, body in zeros.items():
        yield coding.decode() + " bomb", bomb(coding, body)
        yield coding.decode() + " bomb in chunks of one byte", bomb(coding, body, 1)
    twice = zeros[b"gzip"]
    for n in (2, 3):
        twice = gzip.compress(twice, 9)
        yield f"{n} codings on top of each other", bomb(b", ".join([b"gzip"] * n), twice)
    yield "gzip under zstd", bomb(b"gzip, zstd", raw_zstd(zeros[b"gzip"]))
    for text, coding, small in (
        ("many small bombs", b"gzip", deflate_bomb(200000, 31)), ("many small br bombs", b"br", br),
        ("many small zstd bombs", b"zstd", zstd_zeros(2 << 20)), ("many small bodies", b"gzip", gzip.compress(b"a")),
        ("many small br bodies", b"br", bytes.fromhex("0b008061 03".replace(" ", ""))),
        ("many small zstd bodies", b"zstd", raw_zstd(b"a")),
        ("many small bodies with four codings", b"zstd, zstd, zstd, zstd", raw_zstd(raw_zstd(raw_zstd(raw_zstd(b"a"))))),
    ):
        if small:
            small = b"HTTP/1.1 200 \nContent-Encoding:%s\nContent-Length:%d\n\n%s" % (coding, len(small), small)
            yield text, said(1, filled(small), first=filled(b"GET / HTTP/1.1\n\n"))
    yield "empty gzip members", bomb(b"gzip", filled(gzip.compress(b"", 9)))
    # Three codings that only carry the fourth's.
    yield "4 codings on top of each other", bomb(b"zstd, zstd, zstd, zstd", raw_zstd(raw_zstd(raw_zstd(zeros[b"zstd"][:60000]))))


def raw_zstd(data):
    """A frame of blocks as they are."""
    out, size = bytes.fromhex("28b52ffd0068"), 128 << 10
    for i in range(0, len(data), size):
        part = data[i:i + size]
        out += struct.pack("<I", (i + size >= len(data)) | len(part) << 3)[:3] + part
    return out


# --- HTTP ------------------------------------------------------------------------------------------------------------

def response(body, head=b"Transfer-Encoding: chunked", port=80):
    t = Talk(port)
    t.say(0, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    t.say(1, b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n")
    for i in range(0, len(body), ROOM):
        t.judge(1, body[i:i + ROOM])
    return t.packets()


def said(side, data, port=80, first=b""):
    t = Talk(port)
    if first:
        t.say(not side, first)
    for i in range(0, len(data), ROOM):
        t.judge(side, data[i:i + ROOM])
    return t.packets()


def http():
    ask = filled(b"GET / HTTP/1.0\n\n")
    yield "chunks of one byte", response(filled(b"1\n\1\n") + filled(b"1\n\xff\n"))
    yield "chunks of one line end", response(filled(b"1\n\n\n"))
    yield "chunks with long sizes", response(filled(b"%0512x\r\n\r\r\n" % 1))
    yield "a chunk extension", response(b"1;" + b"a" * (ROOM - 2))
    yield "a trailer", response(b"0\n" + filled(b"a:b\n", ROOM - 2))
    yield "header lines", said(0, b"GET / HTTP/1.1\r\n" + filled(b"a:\n", ROOM - 18) + b"\n")
    yield "folded header lines", said(0, b"GET / HTTP/1.1\r\na: b\r\n" + filled(b" \n", ROOM - 24) + b"\r\n")
    yield "a list of lengths", said(0, b"GET / HTTP/1.1\r\n" + filled(b"Content-Length:%s\n" % (b"1," * 100), ROOM - 18) + b"\n")
    yield "a list of codings", said(0, b"GET / HTTP/1.1\r\nTransfer-Encoding:" + b"," * (ROOM - 40) + b"\r\n\r\n")
    yield "requests", said(0, ask)
    yield "responses", said(1, filled(b"HTTP/1.0 204 \n\n"), first=ask)
    yield "errors", said(1, filled(b"HTTP/1.1 404 \nContent-Length:0\n\n"), first=ask)
    yield "errors of many causes", said(1, several(b"HTTP/1.1 404 %x\nContent-Length:0\n\n"), first=ask)
    t = Talk()
    for _ in range(4):
        t.judge(0, several(b"GET /%x HTTP/1.0\n\n"))
        t.judge(1, filled(b"HTTP/1.1 404 \nContent-Length:0\n\n"))
    yield "errors on many pages", t.packets()
    yield "interim responses", said(1, filled(b"HTTP/1.1 100 \n\n"), first=ask)
    yield "line ends before a request", said(0, filled(b"\r\n"))
    yield "half a request", said(0, b"GET /" + b"a" * (ROOM - 5))


# --- TLS -------------------------------------------------------------------------------------------------------------

def record(kind, body):
    return struct.pack(">BHH", kind, 0x0303, len(body)) + body


def records(kind, body):
    return b"".join(record(kind, body[i:i + 16384]) for i in range(0, len(body), 16384))


def message(kind, body):
    return bytes([kind]) + struct.pack(">I", len(body))[1:] + body


def hello(kind, ciphers, extensions):
    chosen = struct.pack(">H", len(ciphers)) + ciphers + b"\1\0" if kind == 1 else b"\0\x2f\0"
    return message(kind, b"\3\3" + bytes(32) + b"\0" + chosen + struct.pack(">H", len(extensions)) + extensions)


def der(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    size = bytes([n]) if n < 128 else bytes([0x82]) + struct.pack(">H", n) if n < 65536 else \
        bytes([0x83]) + struct.pack(">I", n)[1:]
    return bytes([tag]) + size + body


def certificate(name, extensions=b""):
    rsa = der(0x30, bytes.fromhex("06092a864886f70d01010b0500"))
    dates = der(0x30, der(0x17, b"240101000000Z"), der(0x17, b"340101000000Z"))
    key = der(0x30, der(0x30, bytes.fromhex("06092a864886f70d0101010500")), der(3, b"\0" + der(0x30, b"\2\1\3\2\1\3")))
    more = der(0xA3, der(0x30, extensions)) if extensions else b""
    tbs = der(0x30, bytes.fromhex("a003020102"), b"\2\1\1", rsa, der(0x30, name), dates, der(0x30, name), key, more)
    return der(0x30, tbs, rsa, der(3, b"\0" + bytes(8)))


def sends(cert):
    one = struct.pack(">I", len(cert))[1:] + cert
    return records(22, message(11, struct.pack(">I", len(one))[1:] + one))[:ROOM]


def tls():
    part = der(0x31, der(0x30, bytes.fromhex("0603550406"), der(0x13, b"\\")))
    names = der(0x30, bytes.fromhex("0603551d11"), der(4, der(0x30, filled(b"\x82\1a", 60000))))
    other = der(0x30, bytes.fromhex("0603551d11"), der(4, der(0x30, filled(b"\x87\4\1\2\3\4", 60000))))
    deep = b"\0"
    while len(deep) < 30000:
        deep = der(0x30, deep)
    yield "alerts", said(0, filled(record(21, b"\1\x5a")), 443)
    yield "empty records", said(0, filled(record(22, b"")), 443)
    yield "records of one byte", said(0, filled(record(22, b"\1")), 443)
    yield "empty messages", said(0, records(22, filled(b"\0\0\0\0", 65000)), 443)
    yield "hellos", said(0, filled(record(22, hello(1, b"\0\x2f", b"")), ROOM), 443)
    yield "ciphers", said(0, records(22, hello(1, filled(b"\xc0\x2f", 65000), b"")), 443)
    yield "extensions", said(0, records(22, hello(1, b"\0\x2f", filled(b"\x12\x34\0\0", 65000))), 443)
    yield "protocols", said(0, records(22, hello(1, b"\0\x2f", b"\0\x10" + struct.pack(">HH", 60002, 60000) + filled(b"\1a", 60000))), 443)
    yield "groups", said(0, records(22, hello(1, b"\0\x2f", b"\0\x0a" + struct.pack(">HH", 60002, 60000) + filled(b"\0\x1d", 60000))), 443)
    yield "a name in pieces", said(1, sends(certificate(filled(part, 28000))), 443)
    yield "a long name", said(1, sends(certificate(der(0x31, der(0x30, bytes.fromhex("0603550403"), der(0x1E, b"\0\1" * 14000))))), 443)
    yield "alternative names", said(1, sends(certificate(b"", names)), 443)
    yield "alternative addresses", said(1, sends(certificate(b"", other)), 443)
    yield "nested values", said(1, sends(deep), 443)


# --- DNS, SCTP, ICMP, fragments --------------------------------------------------------------------------------------

def dns(flags, questions, answers, body):
    return struct.pack(">HHHHHH", 7, flags, questions, answers, 0, 0) + body


def names():
    at, loop = 12, b"\xc0\x0c"
    far = b"".join(struct.pack(">H", 0xC000 | 12 + 2 * i + 2) for i in range(2000)) + b"\0"
    answer = loop + struct.pack(">HHIH", 1, 1, 60, 4) + b"\1\2\3\4"
    small = dns(0x8183, 1, 0, b"\1a\0\0\1\0\1")
    question = dns(0x0100, 1, 0, b"\1a\0\0\1\0\1")
    long = b"".join(b"\x3f" + bytes([1 + i]) * 63 for i in range(3)) + b"\x3d" + b"\xff" * 61 + b"\0"
    chained = b"".join(b"\x01\x01" + struct.pack(">H", 0xC000 | max(12, at + 4 * i - 4)) for i in range(4000))
    for text, body in (
        ("pointers", dns(0x8180, 1, 6000, b"\1a\0\0\1\0\1" + filled(answer, 60000))),
        ("a chain of pointers", dns(0x8180, 1, 0xffff, far + filled(answer, 50000))),
        ("names that point to each other", dns(0x8180, 0, 0xffff, chained + filled(answer, 40000))),
        ("a long name again and again", dns(0x8180, 1, 5000, long + b"\0\1\0\1" + filled(answer, 60000))),
        ("questions", dns(0x0100, 0xffff, 0, filled(b"\0\0\1\0\1", 65000))),
    ):
        Talk.ports += 1
        yield text, [(udp(53, Talk.ports, body, "10.0.0.2", "10.0.0.1"), 1)]
    new = b""
    while len(new) < 65000:
        name = b"%08x" % next(numbers)
        m = dns(0x8183, 1, 0, bytes([len(name)]) + name + b"\0\0\1\0\1")
        new += struct.pack(">H", len(m)) + m
    yield "new names over TCP", said(1, new, 53)
    for text, one in (("questions", question), ("NXDOMAIN", small), ("empty ones", dns(0x8180, 0, 0, b""))):
        yield text + " over TCP", said(0 if one == question else 1, filled(struct.pack(">H", len(one)) + one), 53)


def sctp():
    def packet(chunk):
        Talk.ports += 1
        body = b"".join(chunk(i) for i in range((WHOLE - 12) // len(chunk(0))))
        return [(ip(132, struct.pack(">HHII", Talk.ports, 80, 7, 0) + body, "10.0.0.1", "10.0.0.2"), 1)]

    yield "chunks of one byte", packet(lambda i: struct.pack(">BBHIHHIB3x", 0, 3, 17, i, 0, i & 0xffff, 0, i & 255))
    yield "chunks that say the same", packet(lambda i: struct.pack(">BBHIHHIB3x", 0, 3, 17, 1, 0, 0, 0, 1))
    yield "empty chunks", packet(lambda i: struct.pack(">BBH", 9, 0, 4))


def fragment(data, offset, more, ident, proto=17):
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(data), ident, more << 13 | offset // 8, 64, proto, 0)
    return capture.eth(head + bytes([10, 0, 0, 1, 10, 0, 0, 2]) + data)


def fragments():
    whole = struct.pack(">HHHH", 5000, 53, 65000, 0) + filled(b"\1a\0", 64992)
    out = [(fragment(whole[i:i + 8], i, 1, 1), 0) for i in range(0, 64000, 16)]
    yield "every other fragment, and one over all", out + [(fragment(whole[:64992], 0, 1, 1), 1),
                                                           (fragment(whole[64992:], 64992, 0, 1), 1)]
    out = [(fragment(whole[i:i + 8], i, 1, 2), 0) for i in range(8, 64992, 8)] + \
        [(fragment(whole[64992:], 64992, 0, 2), 0)]
    yield "a datagram of eight bytes each", out + [(fragment(whole[:8], 0, 1, 2), 1)]
    out = []
    for i in range(40):
        out.append((fragment(bytes([i]) * 60000, 0, 1, 3), 1))
    yield "the same with other bytes", out
    inner = fragment(b"\0" * 1000, 0, 0, 4)[14:]
    out = []
    for i in range(20):
        inner = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(inner), 9, 0, 64, 4, 0) + bytes([10, 0, 0, 1, 10, 0, 0, 2]) + inner
    yield "tunnels", out + [(capture.eth(inner + bytes(50000)), 1)]


def icmp():
    quoted = capture.tcp(1, 80, 2)[:28]
    bad = b"\3\3\0\0\0\0\0\0" + quoted
    yield "errors", [(ip(1, bad + bytes(60000), "10.0.0.9", "10.0.0.1"), 1)] * 2


# --- segments that overlap, holes -------------------------------------------------------------------------------------

def segments():
    t = Talk(9)
    for i in range(1, 20000, 2):
        t.seg(0, ACK, b"\1", seq=1001 + i)
    t.judge(0, b"\2" * (ROOM - 2), seq=1003)
    t.judge(0, b"\2\2", seq=1001)
    yield "thousands of holes, then one over all", t.packets()

    t = Talk(9)
    for i in range(10000):
        t.seg(0, ACK, b"\1", seq=1002 + i)
    t.judge(0, b"\2", seq=1001)
    yield "thousands of bytes that wait", t.packets()

    t = Talk(9)
    for i in range(10000):
        t.seg(0, ACK, b"\1", seq=1002 + 2 * i)
    t.judged[len(t.out)] = 1
    t.seg(1, ACK, ack=1001 + 20000)
    yield "thousands of holes acknowledged", t.packets()

    t = Talk(9)
    for i in range(30):
        t.judge(0, bytes([i]) * ROOM, seq=1001)
    yield "the same segment with other bytes", t.packets()

    t = Talk(9)
    for i in range(30):
        t.judge(0, bytes([i]) * ROOM, seq=1002)
    yield "the same with other bytes, early", t.packets()

    t = Talk(9)
    for i in range(9990):
        t.seg(0, ACK, b"\1", seq=1001 + 20000 - 2 * i)
    for i in range(5):
        t.judged[len(t.out)] = 1
        t.seg(1, ACK, ack=1001 + 3 * i)
    yield "segments from the end on", t.packets()

    for text, byte, port in (("a megabyte that waits", b"\1", 9), ("a megabyte of text that waits", b"a", 9)):
        t = Talk(port)
        for i in range(16):
            t.seg(0, ACK, byte * ROOM, seq=1002 + i * ROOM)
        t.judge(0, byte, worth=17, seq=1001)
        yield text, t.packets()


# --- what searches do not like ---------------------------------------------------------------------------------------

def texts():
    for text, body in (
        ("a row of letters", b"a" * ROOM), ("rows of letters", filled(b"a" * 20 + b"x")), ("rows of 14", filled(b"a" * 14 + b"!")),
        ("blanks", b" " * ROOM), ("line ends", b"\n" * ROOM), ("zeros", bytes(ROOM)), ("words", filled(b"word ")),
        ("commas", filled(b"a,")), ("at signs", filled(b"a@a.")), ("quotes", filled(b"\"\\")), ("high bytes", b"\xff" * ROOM),
        ("escapes", filled(b"\x1b[31m")), ("characters of two bytes", filled("é".encode())),
    ):
        yield text, said(0, body, 7)
        Talk.ports += 1
        yield text + " in a datagram", [(udp(Talk.ports, 7, body[:65000]), 1)]


def scenes():
    for group in (bombs, http, tls, names, sctp, fragments, icmp, segments, texts):
        for name, packets in group():
            yield f"{group.__name__}: {name}", packets
