"""TCP conversations in which everything happens that analysis tells of.

Packets are made by dice, out of what each side has said so far: data in order, again, beyond what comes next; ACKs of all of it,
of too little and too much; windows that close, fill and open; keep-alives; SYN, FIN and RST where nobody expects them;
selective acknowledgements; clocks that stand still and run back. Nothing in them is a protocol's, so that the order
and the times of segments are all that there is.
"""
import random
import struct

import wire

SPAN = 1 << 32


class Side:
    def __init__(self, dice, near_end):
        self.first = SPAN - dice.randrange(1, 3000) if near_end else dice.randrange(SPAN)
        self.next = self.first + 1
        self.sent = []          # (seq, length) of data
        self.window = dice.choice((0, 1, 10, 100, 2000, 65535))
        self.scale = dice.choice((None, 0, 2, 7, 14, 15))


class Talk:
    """One connection; packet() makes the next of its packets."""

    def __init__(self, dice, number, wild):
        self.dice, self.wild = dice, wild
        self.port = 20000 + number
        self.six = dice.random() < 0.3
        self.sides = [Side(dice, dice.random() < 0.3), Side(dice, dice.random() < 0.3)]
        self.script = []
        if dice.random() < 0.8:
            self.script = [(0, "S", 0), (1, "SA", 0), (0, "A", 0)]
            for i in range(3):      # parts of the handshake are missing, or come twice
                if dice.random() < 0.1:
                    del self.script[i % len(self.script)]
                elif dice.random() < 0.1:
                    self.script.insert(i, self.script[min(i, len(self.script) - 1)])

    def options(self, side, flags):
        o = b""
        if "S" in flags:
            o += b"\x02\x04\x05\xb4"
            if side.scale is not None:
                o += b"\x03\x03" + bytes([side.scale]) + b"\x01"
        elif self.dice.random() < 0.08:
            n = self.dice.randrange(1, 5)
            o += bytes([1, 1, 5, 2 + 8 * n])
            other = self.sides[1 - self.sides.index(side)]
            for _ in range(n):
                at = other.next + self.dice.randrange(-3000, 3000)
                o += struct.pack(">II", at % SPAN, (at + self.dice.randrange(1, 1500)) % SPAN)
        return o

    def segment(self, who, flags, seq, ack, n, window=None):
        me = self.sides[who]
        if window is not None:
            me.window = window
        head = wire.tcp(b"x" * n, *((self.port, 9) if who == 0 else (9, self.port)), seq=seq % SPAN, ack=ack % SPAN,
                        flags=flags.replace("A", "."), win=me.window, options=self.options(me, flags))
        ends = ("2001:db8::1", "2001:db8::2") if self.six else ("192.0.2.1", "192.0.2.2")
        return wire.eth((wire.ip6 if self.six else wire.ip4)(head, proto=6, src=ends[who], dst=ends[1 - who]))

    def packet(self):
        d = self.dice
        if self.script:
            who, flags, n = self.script.pop(0)
            me, other = self.sides[who], self.sides[1 - who]
            return self.segment(who, flags, me.first if "S" in flags else me.next,
                                0 if flags == "S" else other.first + 1, n)
        who = d.randrange(2)
        me, other = self.sides[who], self.sides[1 - who]
        size = d.choice((1, 1, 2, 10, 100, 536, 1400))
        what = d.random()
        if d.random() > self.wild:
            # As it should be: more data, or an acknowledgement of what came.
            if d.random() < 0.6:
                seq, me.next = me.next, me.next + size
                me.sent.append((seq, size))
                return self.segment(who, "PA" if d.random() < 0.3 else "A", seq, other.next, size)
            return self.segment(who, "A", me.next, other.next, 0)
        ack = other.next
        if d.random() < 0.4 and other.sent:
            ack = d.choice(other.sent[-8:])[0]
        if what < 0.15 and me.sent:                     # again
            seq, n = d.choice(me.sent[-10:])
            return self.segment(who, "A", seq, ack, max(1, n + d.choice((0, 0, 0, -1, 1, 200))))
        if what < 0.3:                                  # something before it is missing
            seq = me.next + d.randrange(1, 3000)
            me.next = seq + size if d.random() < 0.5 else me.next
            me.sent.append((seq, size))
            return self.segment(who, "A", seq, ack, size)
        if what < 0.4:                                  # the same ACK, several times
            return self.segment(who, "A", me.next, ack, 0)
        if what < 0.47:                                 # an ACK of what nobody saw
            return self.segment(who, "A", me.next, other.next + d.randrange(1, 5000), 0)
        if what < 0.55:                                 # windows
            return self.segment(who, "A", me.next, ack, 0, d.choice((0, 0, 1, 2, 100, 1400, 65535)))
        if what < 0.62:                                 # keep-alive, or a probe of a window
            return self.segment(who, "A", me.next - d.randrange(2), ack, d.randrange(2))
        if what < 0.68 and me.window != 65535:          # to the window's edge
            n = other.window << (other.scale or 0 if d.random() < 0.5 else 0)
            if 0 < n < 60000:
                return self.segment(who, "A", me.next, ack, n)
        if what < 0.74:
            return self.segment(who, d.choice(("FA", "F", "FPA")), me.next, ack, d.choice((0, 0, size)))
        if what < 0.79:
            return self.segment(who, d.choice(("R", "RA")), d.choice((me.next, 0, d.randrange(SPAN))), d.choice((ack, 0)), 0)
        if what < 0.85:                                 # SYNs: the same, another, with data, from the other side
            flags = d.choice(("S", "SA"))
            seq = d.choice((me.first, me.first, me.next, d.randrange(SPAN)))
            return self.segment(who, flags, seq, other.first + 1 if flags == "SA" else d.choice((0, 0, 77)), d.choice((0, 0, 0, 5)))
        if what < 0.9:
            return self.segment(who, d.choice(("", "P", "U", "A", "SF", "SR", "SFA")), me.next, ack, d.choice((0, 1, size)))
        if what < 0.95:                                 # anything
            return self.segment(who, "A", d.randrange(SPAN), d.randrange(SPAN), d.choice((0, 1, size)))
        return self.segment(who, "A", 0, 0, d.choice((0, 1)), d.choice((0, 1)))


def conversations(seed, n):
    """At least n packets, the same for the same seed."""
    dice = random.Random(seed)
    talks = [Talk(dice, i, dice.choice((0.02, 0.1, 0.3, 0.7, 1))) for i in range(dice.choice((1, 3, 10)))]
    ns = 1_700_000_000_000_000_000
    pace = dice.choice((1000, 100_000, 1_000_000, 10_000_000))
    packets = []
    while len(packets) < n:
        talk = dice.choice(talks)
        data = talk.packet()
        for _ in range(dice.choice((1,) * 20 + (2, 3, 4, 5))):      # duplicates, as ACKs are when something is lost
            what = dice.random()
            if what < 0.7:
                ns += dice.randrange(2 * pace)
            elif what < 0.8:
                ns += dice.choice((3_000_000, 2_999_999, 20_000_000, 19_999_999, 200_000_000))
            elif what < 0.81:
                ns -= dice.randrange(5_000_000)
            packets.append(wire.At(ns // 1000 * 1000 if seed % 2 else ns, data))
    return packets

