"""Radio: IEEE 802.11 and the capture headers in front of it."""
from wire import *

WLAN, PRISM, RADIOTAP, AVS = 105, 119, 127, 163

IP = ip4(udp(b"hello", 1000, 9))
AP, STA, FAR = "02:00:00:00:00:a0", MAC_A, MAC_B
ALL = "ff:ff:ff:ff:ff:ff"
LLC_IP = llc(0xaa, 0xaa, 3, b"\0\0\0\x08\0" + IP)


def le16(*v):
    return b"".join(struct.pack("<H", x & 0xffff) for x in v)


def le32(*v):
    return b"".join(struct.pack("<I", x & 0xffffffff) for x in v)


def le64(*v):
    return b"".join(struct.pack("<Q", x) for x in v)


# --- 802.11 ---

TODS, FROMDS, MORE, RETRY, POWER, DATA_MORE, PROTECTED, ORDER = 1, 2, 4, 8, 16, 32, 64, 128


def wlan(kind, subtype, flags=0, body=b"", a1=AP, a2=STA, a3=AP, a4=None, seq=0x1230, duration=44):
    return u8(kind << 2 | subtype << 4, flags) + le16(duration) + mac(a1) + mac(a2) + mac(a3) + le16(seq) + \
        (mac(a4) if a4 else b"") + body


def manage(subtype, body, flags=0):
    return wlan(0, subtype, flags, body, ALL if subtype in (4, 8) else STA, AP, AP)


def control(subtype, body, flags=0, duration=0):
    return u8(1 << 2 | subtype << 4, flags) + le16(duration) + body


def el(kind, body, length=None):
    return u8(kind, len(body) if length is None else length) + body


SSID, RATES = el(0, b"corner shop"), el(1, u8(0x82, 0x84, 0x8b, 0x96, 12, 18, 24, 36))
RSN = el(48, le16(1) + h("000fac04") + le16(2) + h("000fac04 000fac02") + le16(1) + h("000fac02") + le16(0xc0))
ELEMENTS = SSID + RATES + el(3, u8(11)) + el(5, u8(1, 3, 0, 0)) + el(7, b"DE " + u8(1, 13, 20)) + \
    el(11, le16(7) + u8(99) + le16(0)) + el(32, u8(3)) + el(42, u8(4)) + el(50, u8(48, 72)) + RSN + \
    el(45, le16(0x12c) + bytes(24)) + el(61, u8(11) + bytes(21)) + el(54, le16(0x1234) + u8(1)) + \
    el(114, b"mesh") + el(191, le32(0x12345678) + bytes(8)) + el(192, u8(1, 42, 0) + le16(0)) + \
    el(221, h("0050f2 04 104a"))
FIXED = le64(123456789) + le16(100)
BEACON = manage(8, FIXED + le16(0x0431) + ELEMENTS)

capture("wlan-manage.pcap", WLAN, [
    BEACON,
    manage(8, FIXED + le16(2) + SSID),
    manage(8, FIXED + le16(1) + el(0, b"") + el(1, b"") + RATES + el(0, b"second")),
    manage(8, FIXED + le16(1) + el(0, b"a\0b") + el(3, b"12") + el(6, le16(5))),
    manage(8, FIXED + le16(1) + RATES + el(0, b"x" * 33) + el(3, u8(1))),
    manage(8, FIXED + le16(1) + SSID + el(1, bytes(17))),
    manage(8, FIXED + le16(1) + SSID + el(5, bytes(255))),
    manage(8, FIXED + le16(1) + SSID + el(16, bytes(254))),
    manage(8, FIXED + le16(1) + SSID + el(200, b"x", 9)),
    manage(8, FIXED + le16(1) + SSID + u8(9)),
    manage(8, FIXED),
    manage(5, FIXED + le16(0x11) + ELEMENTS),
    manage(4, SSID + RATES),
    manage(4, b""),
    manage(0, le16(0x11, 10) + SSID + RATES),
    manage(2, le16(0x11, 10) + mac(FAR) + SSID + RATES),
    manage(1, le16(0x11, 0, 0xc005) + RATES),
    manage(3, le16(0x01, 17, 0xc005) + RATES),
    manage(1, le16(0x01, 103, 1)), manage(1, le16(0x01, 66, 1)), manage(1, le16(0x01, 108, 1)),
    manage(9, b""), manage(6, b"?"), manage(14, b"?"), manage(15, b"?"),
    manage(10, le16(8)), manage(12, le16(56)), manage(12, le16(65)), manage(12, le16(66)), manage(10, le16(41)),
    manage(12, u8(1)),
    manage(11, le16(0, 1, 0)), manage(11, le16(0, 2, 13)), manage(11, le16(1, 2, 0) + el(16, b"c" * 128)),
    manage(11, le16(1, 3, 1) + el(16, b"c" * 128)), manage(11, le16(1, 4, 0)), manage(11, le16(3, 1, 0)),
    manage(11, le16(2, 0x11, 200)), manage(11, le16(0, 1)),
    manage(11, u8(1, 2, 3, 0x43, 9, 9), PROTECTED), manage(12, b"12", PROTECTED),
] + [manage(13, u8(c, a)) for c, a in ((0, 4), (1, 0), (2, 1), (3, 0), (3, 1), (3, 2), (3, 3), (4, 7), (7, 0), (7, 1),
     (7, 2), (13, 0), (13, 10), (13, 11), (14, 0), (14, 1), (14, 2), (15, 0), (15, 1), (15, 5), (127, 1))] + [
    manage(13, u8(3)),
])
capture("wlan-reasons.pcap", WLAN, [manage(10, le16(i)) for i in range(70)] +
        [manage(1, le16(0, i, 0)) for i in range(110)])

A1, A12 = mac(AP), mac(AP) + mac(STA)
capture("wlan-control.pcap", WLAN, [
    control(7, A1 + le16(0x1234) + le32(0), DATA_MORE), control(8, A12 + le16(5, 0x1230)),
    control(9, A12 + le16(5, 0x1230) + bytes(8)), control(10, A12, POWER, 0xc007), control(11, A12, 0, 300),
    control(12, A1, RETRY, 300), control(13, A1), control(14, A12), control(15, A12, ORDER | MORE),
    control(0, A12), control(6, A12), u8(0x0c, 0) + bytes(40), u8(0xd4), control(13, A1[:5]), control(11, A12[:9]),
])

DATA = [
    wlan(2, 0, 0, LLC_IP), wlan(2, 0, TODS, LLC_IP, AP, STA, FAR), wlan(2, 0, FROMDS, LLC_IP, STA, AP, FAR),
    wlan(2, 0, TODS | FROMDS, LLC_IP, AP, "02:00:00:00:00:a1", FAR, STA),
    wlan(2, 8, FROMDS | RETRY, le16(0x0007) + LLC_IP, STA, AP, FAR),
    wlan(2, 8, TODS | FROMDS, le16(0x0080) + LLC_IP, AP, "02:00:00:00:00:a1", FAR, STA),
    wlan(2, 1, TODS, LLC_IP), wlan(2, 2, TODS, LLC_IP), wlan(2, 3, TODS, LLC_IP), wlan(2, 11, TODS, le16(0) + LLC_IP),
    wlan(2, 4, TODS | POWER), wlan(2, 12, TODS, le16(0)), wlan(2, 14, TODS, le16(0)), wlan(2, 5, TODS),
    wlan(2, 0, TODS | PROTECTED, h("123456e0") + bytes(20)), wlan(2, 8, TODS | PROTECTED, le16(0) + b"123"),
    wlan(2, 0, FROMDS, llc(0xaa, 0xaa, 3, b"\0\0\0\x88\x8e" + h("01030005 0203040506")), STA, AP, FAR),
    wlan(2, 0, FROMDS, llc(0xf4, 0xf2, 3, b"what is this"), STA, AP, FAR),
    wlan(2, 0, FROMDS, b"??", STA, AP, FAR), wlan(2, 0, FROMDS, b"", STA, AP, FAR),
]
capture("wlan-data.pcap", WLAN, DATA)
QOS = wlan(2, 8, FROMDS, le16(5), STA, AP, FAR)
capture("wlan-mesh.pcap", WLAN, [
    QOS + u8(0, 31) + le32(77) + LLC_IP, QOS + u8(1, 31) + le32(77) + mac(FAR) + LLC_IP,
    QOS + u8(2, 31) + le32(77) + mac(FAR) + mac(STA) + LLC_IP,
    QOS + u8(3, 31) + le32(77) + mac(FAR) + mac(STA) + mac(AP) + LLC_IP, QOS + u8(4, 31) + LLC_IP, QOS, QOS + u8(3, 1),
])
capture("wlan-cuts.pcap", WLAN, cuts(manage(8, FIXED + le16(0x0431) + SSID + RATES + RSN)) +
        cuts(wlan(2, 8, TODS | FROMDS, le16(7) + LLC_IP, AP, STA, FAR, MAC_B)) +
        cuts(control(8, A12 + le16(5, 0x1230))) + cuts(control(10, A12)) +
        cuts(manage(1, le16(1, 17, 1))) + cuts(manage(13, u8(3, 0))))


# --- what captures put in front ---

def radiotap(present, fields, frame=BEACON, length=None):
    words = le32(*present) if isinstance(present, (list, tuple)) else le32(present)
    n = 4 + len(words) + len(fields) if length is None else length
    return u8(0, 0) + le16(n) + words + fields + frame


def bit(*n):
    return sum(1 << x for x in n)


ACK = control(13, A1)
EVERYTHING = bit(*range(0, 15), 19)
VALUES = le64(0x123456789a) + u8(0x0f, 11) + le16(2412, 0x0480) + u8(3, 4, 0xc8, 0xa1) + le16(77, 0xfff0) + \
    u8(5, 20, 1, 40) + u8(9, 0) + le16(2) + u8(0x3f, 0x35, 7)
CHANNELS = [(2412, 0x0880), (5180, 0x0140), (5180, 0x4140), (5180, 0x8140), (2412, 0x00c0), (2412, 0x40c0),
            (2412, 0x8480), (2437, 0x00a0), (2437, 0x04b0), (900, 0)]
capture("radiotap.pcap", RADIOTAP, [
    radiotap(0, b"", ACK),
    radiotap(EVERYTHING, VALUES, ACK),
    radiotap(bit(1), u8(0x72), DATA[4][:26] + bytes(2) + DATA[4][26:] + b"fcs!"),
    radiotap(bit(1), u8(0x10), ACK + b"fcs!"), radiotap(bit(1), u8(0x10), ACK[:3]), radiotap(bit(1), u8(0x10), b"fcs!1"),
    radiotap(bit(2), u8(0x8f), ACK), radiotap(bit(2), u8(0x90), ACK), radiotap(bit(2), u8(0), ACK),
] + [radiotap(bit(3), le16(*c), ACK) for c in CHANNELS] + [
    radiotap(bit(3, 18), le16(2412, 0x80) + le32(0x10480) + le16(2412) + u8(1, 40), ACK),
    radiotap(bit(18), le32(0x20140) + le16(5180) + u8(36, 40), ACK),
    radiotap(bit(18), le32(0x40140) + le16(5180) + u8(36, 40), ACK),
    radiotap(bit(3, 19), le16(2412, 0x480) + u8(0x07, 0x01, 15), ACK),
] + [radiotap(bit(19), u8(known, flags, index), ACK) for known, flags, index in (
    (2, 0, 7), (3, 0, 7), (6, 4, 7), (0x7f, 0x7f, 31), (7, 0, 32), (7, 1, 32), (7, 5, 32), (7, 2, 76), (7, 7, 77),
    (0, 0, 0), (0x38, 0x68, 3))] + [
    radiotap(bit(20), le32(9) + le16(4) + u8(0, 0), ACK),
    radiotap(bit(21), le16(0x1ff) + u8(0x04, 4, 0x92, 0, 0x31, 0, 1, 63) + le16(0), ACK),
    radiotap(bit(21), le16(0x44) + u8(0, 21, 0, 0, 0, 0, 0, 0) + le16(0), ACK),
    radiotap(bit(21), le16(0x40) + u8(0, 30, 0, 0, 0, 0, 0, 0) + le16(0), ACK),
    radiotap(bit(16, 5), u8(0xd0), ACK), radiotap(bit(22), bytes(12), ACK),
    radiotap([bit(5, 31), bit(5)], u8(0xd0), ACK),
    radiotap([bit(5, 29, 31), bit(5, 11)], u8(0xd0, 0xd1, 2), ACK),
    radiotap([bit(5, 30, 31), bit(0, 31, 29), bit(11)], u8(0xd0) + h("001122 33") + b"\0" + le16(3) + b"xyz" + u8(7), ACK),
    radiotap([bit(5, 30, 31), bit(0)], u8(0xd0) + h("001122 33") + b"\0" + le16(99) + b"xyz", ACK),
    radiotap([bit(30, 31), bit(0)], u8(1), ACK), radiotap([bit(30, 31), bit(0)], u8(1, 2), ACK),
    radiotap([bit(30, 31), bit(0)], u8(1, 2, 3, 4, 5), ACK), radiotap([bit(29, 30, 31), bit(11)], u8(7), ACK),
    radiotap(bit(0), bytes(4), ACK), radiotap(bit(3), bytes(2), ACK), radiotap(bit(18), bytes(7), ACK),
    radiotap([bit(31)] * 3, b"", ACK, 16), radiotap([bit(31)] * 3, b"", b""), radiotap(0, b"", ACK, 7),
    radiotap(0, b"", ACK, 99), u8(0, 0, 8),
] + [radiotap(bit(19), u8(7, f, i), ACK) for i in range(77) for f in (0, 1, 4, 5)])
capture("radiotap-cuts.pcap", RADIOTAP, cuts(radiotap(EVERYTHING, VALUES, DATA[4])))

AVS_HEADER = be32(0x80211001, 64) + be64(1, 2) + be32(4, 11, 110, 1, 0, 0, -40, -90, 0, 0)
capture("avs.pcap", AVS, [
    AVS_HEADER + DATA[4], be32(0x80211001, 8) + ACK, be32(0x80211001, 7) + ACK, be32(0x80211001, 70) + ACK, AVS_HEADER[:6],
])
capture("prism.pcap", PRISM, [
    le32(0x44, 144) + b"wlan0" + bytes(131) + DATA[4], le32(0x44, 144) + bytes(100), AVS_HEADER + BEACON,
    be32(0x80211002, 64) + AVS_HEADER[8:] + ACK, u8(1, 2, 3), le32(0x44, 144) + bytes(136) + ACK[:1],
])


# --- 802.15.4 ---

WPAN, WPAN_NOFCS, WPAN_TAP, HCI = 195, 230, 283, 201


def crc(data, poly):
    c = 0
    for b in data:
        c ^= b
        for _ in range(8):
            c = c >> 1 ^ poly if c & 1 else c >> 1
    return c


def fcs(frame):
    return frame + le16(crc(frame, 0x8408))


def fcs4(frame):
    return frame + le32(crc(frame, 0xedb88320))


SHORT, LONG = 2, 3
S1, S2, L1, L2 = le16(0x0001), le16(0xfffe), le64(0x0011223344556677), le64(0x8899aabbccddeeff)
ADDRS = {0: (b"", b""), 1: (b"", b""), SHORT: (S1, S2), LONG: (L1, L2)}
SECURED, WAITING, WANTED, COMPRESSED, UNNUMBERED, ELEMENTED = 8, 16, 32, 64, 256, 512


def wpan(kind, body=b"", flags=COMPRESSED, version=0, dst=SHORT, src=SHORT, pans=1):
    fc = kind | flags | dst << 10 | version << 12 | src << 14
    head = le16(fc) + (b"" if flags & UNNUMBERED else u8(0x77))
    head += (le16(0x1234) if pans & 1 else b"") + ADDRS[dst][0]
    return head + (le16(0x5678) if pans & 2 else b"") + ADDRS[src][1] + body


def hie(kind, body=b"", length=None, bit=0):
    return le16(bit << 15 | kind << 7 | (len(body) if length is None else length)) + body


def pie(kind, body=b"", length=None, bit=1):
    return le16(bit << 15 | kind << 11 | (len(body) if length is None else length)) + body


def sub(kind, body=b"", length=None):
    return le16(kind << 8 | (len(body) if length is None else length)) + body


def long_sub(kind, body=b""):
    return le16(1 << 15 | kind << 11 | len(body)) + body


BEACON4 = wpan(0, le16(0xcf35) + u8(0) + u8(0), 0, dst=0, pans=2)
frames = [
    fcs(wpan(1, b"hello")), fcs4(wpan(1, b"hello")), wpan(1, b"hello"), fcs(le16(2) + u8(9)), le16(2) + u8(9), le16(2),
    fcs(wpan(1, b"x", SECURED | WAITING | WANTED | COMPRESSED, 1)[:-1]), fcs(wpan(4)), fcs(wpan(6)), fcs(wpan(7)), u8(1),
    fcs(wpan(1, b"x", UNNUMBERED)), fcs(wpan(1, b"x", UNNUMBERED | COMPRESSED, 2)), fcs(wpan(1, b"x", 0, 0, 1)),
    fcs(wpan(1, b"x", 0, 0, 2, 1)),
] + [
    fcs(wpan(1, b"payload of a frame", c, v, dst, src, 3)) for v in (0, 1, 2, 3) for c in (0, COMPRESSED)
    for dst in (0, SHORT, LONG) for src in (0, SHORT, LONG)
] + [fcs(wpan(1, flags=0, pans=3)[:n]) for n in range(3, 11)]
frames += [
    BEACON4, fcs(BEACON4), fcs(wpan(0, le16(0x1000), 0, dst=0, pans=2)), fcs(wpan(0, le16(0), 0, 2, dst=0, pans=2)),
    fcs(wpan(0, b"\0", 0, dst=0, pans=2)), fcs(wpan(0, le16(0x1000) + u8(0), 0, dst=0, pans=2)),
    fcs(wpan(0, le16(0x4000) + u8(2, 3) + S1 + u8(0x31) + S2 + u8(0x42) + u8(0x11) + S1 + L1 + b"beacon", 0, dst=0, pans=2)),
    fcs(wpan(0, le16(0x4000) + u8(2, 3) + S1, 0, dst=0, pans=2)),
    fcs(wpan(0, le16(0x4000) + u8(0) + u8(0x22) + S1, 0, dst=0, pans=2)),
]
frames += [fcs(wpan(3, c)) for c in (
    b"", u8(1, 0xfe), u8(1, 0), u8(1), u8(1, 2, 3), u8(2) + S1 + u8(0), u8(2) + S1 + u8(3), u8(2) + S1 + u8(0x80),
    u8(2) + S1 + u8(9), u8(2, 1), u8(3, 0), u8(3, 1), u8(3, 2), u8(3, 7), u8(3, 1, 2), u8(4), u8(4, 1), u8(5), u8(6), u8(7),
    u8(8) + S1 + S2 + u8(11) + S1, u8(8) + S1 + S2 + u8(11) + S1 + u8(3), u8(8) + S1 + S2 + u8(11) + S1 + u8(0x81),
    u8(8, 1), u8(9, 0x35), u8(9, 0x05), u8(9, 1, 2), u8(0x13, 1, 2, 3), u8(0x24), u8(0x2f, 1), u8(0x30, 1), u8(0xff))]
capture("wpan.pcap", WPAN, frames)


def secure(control, rest, body=b"secret"):
    return fcs(wpan(1, u8(control) + rest + body, SECURED | COMPRESSED, 1))


COUNT = le32(0x01020304)
capture("wpan-secured.pcap", WPAN, [
    secure(0x00, COUNT), secure(0x05, COUNT, b"secret" + b"mic!"), secure(0x0e, COUNT + u8(1), b"secret" + b"m" * 8),
    secure(0x17, COUNT + S1 + S2 + u8(2), b"secret" + b"m" * 16), secure(0x1d, COUNT + L1 + u8(3), b"secret" + b"mic!"),
    secure(0x25, b"", b"secret" + b"mic!"), secure(0x20, b"", b""), secure(0x00, b"123", b""), secure(0x10, COUNT + S1, b""),
    secure(0x18, COUNT + S1, b""), secure(0x08, COUNT, b""), secure(0x07, COUNT, b"short"),
    fcs(wpan(1, b"", SECURED | COMPRESSED, 1)), fcs(wpan(1, u8(0x25) + hie(0x7e) + b"mic!", SECURED | COMPRESSED | ELEMENTED, 2)),
])

DSME = le16(0xc035) + u8(0)
SYNC = bytes(range(6)) + le16(9)
SDX = le16(3, 2) + b"\xaa\xbb" + u8(1, 2) + le16(5) + le16(1)
HIES = [hie(0, h("aabbcc 0102")), hie(0, b"12"), hie(5, b"123"), hie(0x1a, le16(1, 2)), hie(0x1a, le16(1, 2, 3)),
        hie(0x1a, le16(1, 2) + b"1"), hie(0x1a, b"123"), hie(0x1b, u8(1, 2) + le16(3)), hie(0x1b, b"123"),
        hie(0x1d, le16(1, 2)), hie(0x1d, le16(1)), hie(0x1e, le16(0x8fff)), hie(0x1e, le16(0x07ff)), hie(0x1e, b"1"),
        hie(0x1c, b"1"), hie(0x1c, le16(0)), hie(0x1c, DSME), hie(0x1c, DSME + u8(0xd3)), hie(0x1c, DSME + u8(0xd3) + SYNC),
        hie(0x1c, DSME + u8(0x03) + SYNC + le16(3, 9) + b"1"), hie(0x1c, DSME + u8(0x03) + SYNC + SDX + b"\xcc"),
        hie(0x1c, le16(0) + u8(0x12) + S1), hie(0x1c, le16(0) + u8(0x11) + S1 + L1 + u8(0)),
        hie(0x21, DSME + u8(1)), hie(0x21, DSME + le16(0x1d22) + SYNC + SDX + b"\xcc" + u8(2) + le16(1, 0x234)),
        hie(0x21, DSME + le16(0x1d22) + SYNC + SDX[:-1] + b"\0"), hie(0x21, DSME + le16(0x1000) + SYNC + SDX + b"\xcc" + u8(9)),
        hie(0x22, b"12"), hie(0x2a), hie(0x90, b"1"), hie(3, b"1", bit=1), hie(3, b"1", 9), b"1"]
MPX = [u8(0x08) + le16(0x888e) + b"abc", u8(0x08), u8(0x11) + b"abc", u8(0x0a, 0) + le16(9, 0x888e) + b"a", u8(0x0a, 1) + b"a",
       u8(0x0a), u8(0x0a, 0, 1), u8(0x0c, 2) + b"z", u8(0x0e), u8(0x0e) + le16(99), u8(0x0e, 1), u8(0x0b) + b"?"]
HOP = u8(1, 9) + le16(9) + le32(0xdeadbeef) + b"\xff\x01" + le16(2, 1, 0x20) + le16(7)
SUBS = [long_sub(8, h("aabbcc 01")), long_sub(8, b"1"), long_sub(9, u8(5)), long_sub(9, HOP), long_sub(9, HOP[:-1]),
        long_sub(9, HOP[:-5]), long_sub(9, HOP[:9]), long_sub(9, HOP[:6]), long_sub(9, u8(1, 0) + HOP[2:8] + le16(0) + le16(1)),
        long_sub(9, u8(1, 0) + HOP[2:8] + b"1"), long_sub(3, b"1"), long_sub(12), sub(0x1a, u8(5, 4, 3, 2, 1, 9)),
        sub(0x1a, b"12345") + b"6789", sub(0x1b, u8(1, 0) + le16(101) + u8(2) + le16(0, 1) + u8(0x0f) + le16(5, 6) + u8(0x11)),
        sub(0x1b, u8(2, 0) + le16(101) + u8(2) + le16(0, 1) + u8(3)), sub(0x1b, u8(1, 2, 3)), sub(0x1c, u8(4)),
        sub(0x1c, u8(1) + le16(*range(100, 112))), sub(0x1c, u8(1) + le16(*range(100, 110)) + b"\1\2\3\4\5\6"), sub(0x1c, b"12"),
        sub(0x1e, b"12"), sub(0x05, b"1"), sub(0x12, b"1"), sub(0x36, b""), sub(0x1e, b"12", 9), b"1"]
PIES = [pie(1, s) for s in SUBS] + [pie(3, m) for m in MPX] + [
    pie(0, b"12"), pie(2, h("aabbcc 01")), pie(2, b"12"), pie(5, u8(0xc9, 1, 2)), pie(4), pie(9, b"1"), pie(15) + b"rest",
    pie(1, b"12", bit=0), pie(1, b"12", 99), b"1", pie(5, b"1") + pie(15) + b"rest"]
capture("wpan-ie.pcap", WPAN, [fcs(wpan(1, x, COMPRESSED | ELEMENTED, 2)) for x in HIES] +
        [fcs(wpan(1, hie(0x1e, le16(5)) + hie(0x7f) + b"rest", COMPRESSED | ELEMENTED, 2))] +
        [fcs(wpan(1, hie(0x7e) + x, COMPRESSED | ELEMENTED, 2)) for x in PIES])


def multi(body, fc):
    return fcs((le16(fc) if fc & 8 else u8(fc)) + body)


capture("wpan-multi.pcap", WPAN, [
    multi(u8(9) + b"x", 5), multi(u8(9) + S1 + S2 + b"xyz", 0xa5), multi(u8(9) + L1 + L2, 0xf5), multi(u8(9) + b"x", 0x15),
    multi(u8(9) + b"x", 0x45), multi(u8(9) + le16(0x1234) + S1 + S2 + b"xyz", 0x59ad), multi(b"xyz", 0x040d),
    multi(u8(9) + u8(0x20) + b"xyz", 0x020d), multi(u8(9) + hie(0x7f) + b"xyz", 0x800d), multi(u8(9) + S1, 0xa5), multi(u8(9), 0xa5),
    multi(u8(9), 0x010d), u8(5, 1), u8(5, 1, 2), fcs(b"\5"), u8(0x0d, 1, 2), fcs4(u8(5, 1, 2) + b"xyz"),
])
capture("wpan-nofcs.pcap", WPAN_NOFCS, [wpan(1, b"hello"), le16(1)])
capture("wpan-tap.pcap", WPAN_TAP, [
    u8(0, 0) + le16(12) + le16(0, 1) + le32(1) + fcs(wpan(1, b"hello")), u8(0, 0) + le16(4) + fcs(BEACON4),
    u8(1, 0) + le16(4) + BEACON4, u8(0, 0) + le16(3) + BEACON4, u8(0, 0) + le16(99) + BEACON4, u8(0, 0, 4), u8(0, 0, 4, 0, 1),
])
capture("wpan-cuts.pcap", WPAN, cuts(fcs(wpan(1, u8(0x0d) + COUNT + u8(1) + hie(0x1a, le16(1, 2)) + hie(0x7e) +
        pie(1, SUBS[12]) + b"xyzmic!", SECURED | COMPRESSED | ELEMENTED, 2))) + cuts(BEACON4))

# --- ZEP ---

V1 = b"EX" + u8(1, 11) + be16(0x1234)
V2 = b"EX" + u8(2, 1, 11) + be16(0x1234)
NTP = be32(3908988800, 0x80000001)
FRAME = fcs(wpan(1, b"hello"))


def zep(data):
    return eth(ip4(udp(data, 17754, 17754)))


ZEP2 = V2 + u8(0, 200) + NTP + be32(77) + bytes(10) + u8(len(FRAME)) + FRAME
zeps = [
    zep(V1 + u8(0, 200) + bytes(7) + u8(len(FRAME)) + FRAME), zep(V1 + u8(1, 0) + bytes(7) + u8(0)), zep(ZEP2),
    zep(V2 + u8(1, 0) + be32(0, 5) + be32(78) + bytes(10) + u8(0) + b"left"), zep(b"EX" + u8(2, 2) + be32(79)),
    zep(b"EX" + u8(2, 2) + be32(79) + b"left"), zep(b"EY" + u8(2, 2)), zep(b"\1\xff" + u8(2, 2)),
    zep(V1 + u8(0, 200) + bytes(7) + u8(4) + le16(4) + b"??"), zep(V1 + u8(0, 200) + bytes(7) + u8(99) + FRAME),
    zep(V1 + u8(0, 200)), zep(V2 + u8(0, 200) + NTP), zep(V1 + u8(0, 200) + bytes(7) + u8(1) + b"1"), zep(b"EX" + u8(2, 2) + b"1"),
]
capture("zep-wpan.pcap", ETHERNET, zeps)
capture("zep-wpan-cuts.pcap", ETHERNET, cuts(zep(ZEP2), first=42))

# --- Bluetooth ---

capture("hci.pcap", HCI, [be32(0) + h("01 030c00"), be32(1) + h("04 0e0401030c00"), be32(1), u8(0, 0, 1)])


# --- vehicles ---

def geonet(nh, ht, body=b"", hops=1, kind=0x8947, version=0):
    return eth(u8(version << 4 | nh, ht, 0, 0) + be16(len(body)) + u8(0, hops) + h("8001 02000000000a") + be32(1234) +
               be32(521000000, -1) + be32(0, 0) + body, kind)


CAM = be16(2001, 0) + u8(1, 0) + b"cam"
capture("geonet.pcap", ETHERNET, [geonet(2, t, CAM) for t in
        (0x00, 0x10, 0x20, 0x30, 0x31, 0x32, 0x33, 0x40, 0x41, 0x42, 0x4f, 0x50, 0x60, 0x61, 0x62, 0x70, 0x52)] + [
    geonet(1, 0x51, bytes(32) + CAM), geonet(1, 0x51, bytes(31)), geonet(1, 0x50, b"123"), geonet(1, 0x50, be16(1, 2)),
    geonet(1, 0x50, be16(1, 2) + u8(1)), geonet(1, 0x50, be16(1, 2) + u8(1, 150)), geonet(1, 0x50, be16(1, 2) + u8(1, 99)),
    geonet(0, 0x10, b"rest"), geonet(3, 0x50, b"rest"), geonet(9, 0x50, b"rest"), geonet(2, 0x50, CAM, 9, 0x0707, 1),
    eth(bytes(20), 0x8947), eth(u8(3, 4) + b"fast", 0x1111), eth(u8(3, 4), 0x1111), eth(u8(3), 0x1111), eth(b"", 0x1111),
] + cuts(geonet(1, 0x51, bytes(32) + CAM), first=14) + cuts(eth(u8(3, 4) + b"fast", 0x1111), first=14))
