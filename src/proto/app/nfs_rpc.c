/* ONC RPC version 2, RFC 5531, and its port mapper, RFC 1833 section 3: what -T rpc shows. */
#include "proto/app/nfs.h"

enum { CALL = 0, ACCEPTED = 0, DENIED = 1, MISMATCH = 0, AUTH_ERROR = 1, PMAP_PORT = 111, VERSION_2 = 2 };

static const struct name ways[] = { { 0, "Call" }, { 1, "Reply" }, { 0, NULL } };
static const struct name pmap_procs[] = {
	{ 0, "null" }, { 1, "set" }, { 2, "unset" }, { 3, "getport" }, { 4, "dump" }, { 5, "call" }, { 0, NULL }
};
const struct name rpc_accept_names[] = {
	{ 1, "PROG_UNAVAIL" }, { 2, "PROG_MISMATCH" }, { 3, "PROC_UNAVAIL" }, { 4, "GARBAGE_ARGS" },
	{ 5, "SYSTEM_ERR" }, { 0, NULL }
};
static const struct name auth_errors[] = {
	{ 0, "OK" }, { 1, "Bogus Credentials (seal broken)" },
	{ 2, "Rejected Credentials (client should begin new session)" }, { 3, "Bogus Verifier (seal broken)" },
	{ 4, "Verifier expired or was replayed" }, { 5, "Credentials are too weak" },
	{ 6, "Bogus response verifier" }, { 7, "Unknown failure" }, { 0, NULL }
};
/* Programs as /etc/rpc has them, the usual ones. */
static const struct name programs[] = {
	{ 100000, "portmapper" }, { 100001, "rstatd" }, { 100002, "rusersd" }, { 100003, "nfs" }, { 100004, "ypserv" },
	{ 100005, "mountd" }, { 100007, "ypbind" }, { 100008, "walld" }, { 100009, "yppasswdd" },
	{ 100011, "rquotad" }, { 100012, "sprayd" }, { 100017, "rexd" }, { 100020, "llockmgr" },
	{ 100021, "nlockmgr" }, { 100023, "statmon" }, { 100024, "status" }, { 100026, "bootparam" },
	{ 100028, "ypupdated" }, { 100029, "keyserv" }, { 100068, "rpc.cmsd" }, { 100069, "ypxfrd" },
	{ 100083, "ttdbserverd" }, { 150001, "pcnfsd" }, { 300019, "amd" }, { 0, NULL }
};

enum { XID, WAY, VERSION, PROGRAM, PROG_VERSION, PROC, STATUS, ACCEPT, REJECT, AUTH };
static const struct field F[] = {
	[XID] = { "rpc.xid", U32, .help = "Transaction" },
	[WAY] = { "rpc.msgtyp", U32, .names = ways, .help = "Call or reply" },
	[VERSION] = { "rpc.version", U32, .help = "Version of RPC" },
	[PROGRAM] = { "rpc.program", U32, .names = programs, .help = "Program" },
	[PROG_VERSION] = { "rpc.programversion", U32, .help = "Version of the program" },
	[PROC] = { "rpc.procedure", U32, .help = "Procedure" },
	[STATUS] = { "rpc.replystat", U32, .help = "Accepted (0) or denied" },
	[ACCEPT] = { "rpc.state_accept", U32, .names = rpc_accept_names, .help = "How an accepted call went" },
	[REJECT] = { "rpc.state_reject", U32, .help = "Why a call was denied" },
	[AUTH] = { "rpc.state_auth", U32, .names = auth_errors, .help = "What was wrong with the authentication" },
};

extern const struct proto proto_rpc;

static void
put_reply(struct dis *d, const uint8_t *rpc)
{
	uint32_t n;

	put_field(d, &F[STATUS], rpc + RPC_STATUS, 4);
	if (!have(d, rpc, RPC_REASON + 4))
		return;
	n = raw32(rpc + RPC_REASON);
	if (raw32(rpc + RPC_STATUS) == ACCEPTED) {
		n = (n > 400 ? 400 : n + 3) & ~3u;	/* RFC 5531 section 8.2: no longer */
		put_field(d, &F[ACCEPT], rpc + RPC_VERIFIER + 8 + n, 4);
		return;
	}
	put_field(d, &F[REJECT], rpc + RPC_REJECT, 4);
	if (raw32(rpc + RPC_REJECT) == AUTH_ERROR)
		put_field(d, &F[AUTH], rpc + RPC_REASON, 4);
}

void
rpc_put_header(struct dis *d, const uint8_t *rpc)
{
	if (d->sink == NULL)
		return;
	enter(d, &proto_rpc);
	put_field(d, &F[XID], rpc, 4);
	put_field(d, &F[WAY], rpc + RPC_WAY, 4);
	if (have(d, rpc, RPC_STATUS) && raw32(rpc + RPC_WAY) == CALL) {
		put_field(d, &F[VERSION], rpc + RPC_VERSION, 4);
		put_field(d, &F[PROGRAM], rpc + RPC_PROGRAM, 4);
		put_field(d, &F[PROG_VERSION], rpc + RPC_PROG_VERSION, 4);
		put_field(d, &F[PROC], rpc + RPC_PROC, 4);
	} else {
		put_reply(d, rpc);
	}
}

static void
say_denied(struct dis *d, const uint8_t *rpc, uint32_t len)
{
	uint32_t why;

	text_fmt(d, "reply ERR %u: ", len);
	if (!have(d, rpc + RPC_REJECT, 4)) {
		text_trunc(d);
		return;
	}
	why = raw32(rpc + RPC_REJECT);
	if (why == MISMATCH && have(d, rpc + RPC_REASON, 8))
		text_fmt(d, "RPC Version mismatch (%u-%u)", raw32(rpc + RPC_REASON), raw32(rpc + RPC_REASON + 4));
	else if (why == AUTH_ERROR && have(d, rpc + RPC_REASON, 4))
		text(d, "Auth "), text_name(d, auth_errors, raw32(rpc + RPC_REASON), "Invalid failure code %u");
	else if (why == MISMATCH || why == AUTH_ERROR)
		text_trunc(d);
	else
		text_fmt(d, "Unknown reason for rejecting rpc message %u", why);
}

void
rpc_say_reply(struct dis *d, const uint8_t *rpc, uint32_t len)
{
	uint32_t status;

	nfs_enter(d);
	if (!have(d, rpc + RPC_STATUS, 4)) {
		text_trunc(d);
		return;
	}
	status = raw32(rpc + RPC_STATUS);
	switch (status) {
	case ACCEPTED:
		text(d, "reply ok "), text_u(d, len);
		nfs_results(d, rpc, len);
		break;
	case DENIED:
		say_denied(d, rpc, len);
		break;
	default:
		text_fmt(d, "reply Unknown rpc response code=%u %u", status, len);
		break;
	}
}

static void
say_end(struct dis *d, const uint8_t *addr)
{
	if (d->net.version)
		text_addr(d, addr);
	else
		text_char(d, '?');
}

/* With -T rpc the ends are addresses and the transaction or the service; calls are taken for the port mapper's. */
static void
rpc(struct dis *d, const uint8_t *p, uint32_t len)
{
	bool call = be32(d, p + RPC_WAY) == CALL;
	uint32_t proc;

	rpc_put_header(d, p);
	mark(d, call ? "sunrpc" : "nfs");
	say_end(d, d->net.src);
	if (!call) {
		text(d, d->n ? ".2049 > " : ".nfs > ");
		say_end(d, d->net.dst);
		text_fmt(d, ".%u: ", raw32(p));
		rpc_say_reply(d, p, len);
		return;
	}
	text_fmt(d, ".0x%x > ", raw32(p));
	say_end(d, d->net.dst);
	if (d->n)
		text_fmt(d, ".0x%x: %u", PMAP_PORT, len);
	else
		text_fmt(d, ".sunrpc: %u", len);
	proc = be32(d, p + RPC_PROC);
	text_char(d, ' ');
	text_name(d, pmap_procs, proc, " proc #%u");
	if (raw32(p + RPC_VERSION) != VERSION_2)
		text_fmt(d, " [rpcver %u]", raw32(p + RPC_VERSION));
	/* Those that are about a program. */
	if (proc == 0 || proc == 4 || proc > 5)
		return;
	text_char(d, ' ');
	if (d->n)
		text_u(d, raw32(p + RPC_PROGRAM));
	else
		text_name(d, programs, raw32(p + RPC_PROGRAM), "#%u");
	text_fmt(d, ".%u", raw32(p + RPC_PROG_VERSION));
}

const struct proto proto_rpc = PROTO("rpc", "sunrpc", "Remote Procedure Call", rpc, F);
