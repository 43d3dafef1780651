"""TLS: records, hellos, a certificate message, alerts; over ports that have a protocol of their own, and cut short."""
from wire import *


def segment(payload, port=443, back=False):
    a, b = ("192.0.2.1", 40000), ("192.0.2.2", port)
    if back:
        a, b = b, a
    return eth(ip4(tcp(payload, a[1], b[1], ack=1, flags="P."), src=a[0], dst=b[0]))


def vector(size, *parts):
    body = b"".join(parts)
    return len(body).to_bytes(size, "big") + body


def u16s(*values):
    return b"".join(v.to_bytes(2, "big") for v in values)


def record(kind, body, version=0x0303):
    return bytes([kind]) + u16s(version) + vector(2, body)


def message(kind, body):
    return bytes([kind]) + vector(3, body)


def extension(kind, body=b""):
    return u16s(kind) + vector(2, body)


RANDOM = bytes(range(32))
CLIENT = message(1, u16s(0x0303) + RANDOM + vector(1, bytes(range(100, 132))) + vector(2, u16s(
    0x1A1A, 0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013, 0xC014, 0x009C, 0x009D, 0x002F,
    0x0035)) + b"\x01\x00" + vector(
    2,
    extension(0xDADA), extension(27, b"\x02\x00\x02"), extension(0, vector(2, b"\x00", vector(2, b"www.example.com"))),
    extension(51, vector(2, u16s(29), vector(2, bytes(32)))), extension(16, vector(2, vector(1, b"h2"), vector(1, b"http/1.1"))),
    extension(0x4469, b"\x00\x03\x02h2"), extension(23), extension(45, b"\x01\x01"),
    extension(13, vector(2, u16s(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601))),
    extension(5, bytes(5)), extension(35), extension(18), extension(43, vector(1, u16s(0x7A7A, 0x0304, 0x0303))),
    extension(0xFF01, b"\x00"), extension(11, b"\x01\x00"), extension(10, vector(2, u16s(0x2A2A, 29, 23, 24))),
    extension(21, bytes(20)), extension(0x4A4A, b"\x00")))
SERVER12 = message(2, u16s(0x0303) + RANDOM[::-1] + vector(1, b"") + u16s(0xC02F) + b"\x00" + vector(
    2, extension(0xFF01, b"\x00"), extension(16, vector(2, vector(1, b"h2")))))
SERVER13 = message(2, u16s(0x0303) + RANDOM[::-1] + vector(1, bytes(range(100, 132))) + u16s(0x1301) + b"\x00" + vector(
    2, extension(43, u16s(0x0304)), extension(51, u16s(29) + vector(2, bytes(32)))))
OLD = message(1, u16s(0x0300) + RANDOM + vector(1, b"") + vector(2, u16s(5, 4)) + b"\x01\x00")
CERTIFICATE = message(11, vector(3, vector(3, b"0\x82one"), vector(3, b"0\x82two")))

capture("tls.pcap", ETHERNET, [
    segment(record(22, CLIENT, 0x0301)),
    segment(record(22, SERVER12 + CERTIFICATE) + record(22, message(14, b"")), back=True),
    segment(record(22, message(16, bytes(33))) + record(20, b"\x01") + record(22, b"\x5b" * 40)),
    segment(record(22, SERVER13) + record(20, b"\x01") + record(23, bytes(60)), back=True),
    segment(record(22, OLD, 0x0300), port=8883),
    segment(record(21, b"\x02\x30")),
    segment(record(21, b"\x5b" * 26)),
    segment(record(23, bytes(20)) + record(23, b"") + record(24, bytes(30)), port=993),
    segment(record(22, CLIENT, 0x0301), port=25),
    segment(b"220 ready\r\n", port=25, back=True),
    # Not TLS: an unknown type, a version too far, an empty handshake, too long; and a message longer than its record.
    segment(record(25, bytes(4))), segment(record(22, CLIENT, 0x0305)), segment(record(22, b"")),
    segment(b"\x17\x03\x03\x48\x01" + bytes(20)), segment(record(22, CLIENT[:60])),
    # The rest of a record that began elsewhere.
    segment(CLIENT[100:200]),
])
capture("tls-cuts.pcap", ETHERNET, cuts(segment(record(22, CLIENT, 0x0301)), step=9, first=54))
