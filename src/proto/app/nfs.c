/*
 * NFS versions 2 and 3 over ONC RPC, RFC 1094, RFC 1813, RFC 5531. Replies do not say what they answer: calls are
 * remembered by addresses and transaction.
 */
#include "proto/app/nfs.h"

#include "dissect/dissect.h"

enum { PORT = 2049, CALL = 0, REPLY = 1, VERSION_3 = 3, FH_V2 = 32, FATTR_V2 = 68, FATTR_V3 = 84, V2_PROCS = 26 };

enum {
	P_NULL, P_GETATTR, P_SETATTR, P_LOOKUP, P_ACCESS, P_READLINK, P_READ, P_WRITE, P_CREATE, P_MKDIR, P_SYMLINK, P_MKNOD,
	P_REMOVE, P_RMDIR, P_RENAME, P_LINK, P_READDIR, P_READDIRPLUS, P_FSSTAT, P_FSINFO, P_PATHCONF, P_COMMIT, P_NOOP = 25
};

static const struct name procs[] = {
	{ P_NOOP, "nop" }, { P_NULL, "null" }, { P_GETATTR, "getattr" }, { P_SETATTR, "setattr" }, { P_LOOKUP, "lookup" },
	{ P_ACCESS, "access" }, { P_READLINK, "readlink" }, { P_READ, "read" }, { P_WRITE, "write" },
	{ P_CREATE, "create" }, { P_MKDIR, "mkdir" }, { P_SYMLINK, "symlink" }, { P_MKNOD, "mknod" },
	{ P_REMOVE, "remove" }, { P_RMDIR, "rmdir" }, { P_RENAME, "rename" }, { P_LINK, "link" },
	{ P_READDIR, "readdir" }, { P_READDIRPLUS, "readdirplus" }, { P_FSSTAT, "fsstat" }, { P_FSINFO, "fsinfo" },
	{ P_PATHCONF, "pathconf" }, { P_COMMIT, "commit" }, { 0, NULL }
};

/* Version 2's numbers as version 3's, RFC 1094 section 2.2; the rest of them do nothing. */
static const uint8_t from_v2[] = {
	P_NULL, P_GETATTR, P_SETATTR, P_NOOP, P_LOOKUP, P_READLINK, P_READ, P_NOOP, P_WRITE, P_CREATE, P_REMOVE, P_RENAME,
	P_LINK, P_SYMLINK, P_MKDIR, P_RMDIR, P_READDIR, P_FSSTAT
};

static const struct name statuses[] = {
	{ 1, "Operation not permitted" }, { 2, "No such file or directory" }, { 5, "Input/output error" },
	{ 6, "Device not configured" }, { 11, "Resource deadlock avoided" }, { 12, "Cannot allocate memory" },
	{ 13, "Permission denied" }, { 17, "File exists" }, { 18, "Cross-device link" },
	{ 19, "Operation not supported by device" }, { 20, "Not a directory" }, { 21, "Is a directory" },
	{ 22, "Invalid argument" }, { 26, "Text file busy" }, { 27, "File too large" },
	{ 28, "No space left on device" }, { 30, "Read-only file system" }, { 31, "Too many links" },
	{ 45, "Operation not supported" }, { 62, "Too many levels of symbolic links" }, { 63, "File name too long" },
	{ 66, "Directory not empty" }, { 69, "Disc quota exceeded" }, { 70, "Stale NFS file handle" },
	{ 71, "Too many levels of remote in path" }, { 99, "Write cache flushed to disk" },
	{ 10001, "Illegal NFS file handle" }, { 10002, "Update synchronization mismatch" },
	{ 10003, "READDIR/READDIRPLUS cookie is stale" }, { 10004, "Operation not supported" },
	{ 10005, "Buffer or request is too small" }, { 10006, "Unspecified error on server" },
	{ 10007, "Object of that type not supported" }, { 10008, "Request couldn't be completed in time" }, { 0, NULL }
};
static const struct name stable[] = { { 0, "unstable" }, { 1, "datasync" }, { 2, "filesync" }, { 0, NULL } };
static const struct name types[] = {
	{ 0, "NON" }, { 1, "REG" }, { 2, "DIR" }, { 3, "BLK" }, { 4, "CHR" }, { 5, "LNK" }, { 7, "FIFO" }, { 0, NULL }
};
static const struct name rights[] = {
	{ 0x01, "NFS_ACCESS_READ" }, { 0x02, "NFS_ACCESS_LOOKUP" }, { 0x04, "NFS_ACCESS_MODIFY" },
	{ 0x08, "NFS_ACCESS_EXTEND" }, { 0x10, "NFS_ACCESS_DELETE" }, { 0x20, "NFS_ACCESS_EXECUTE" }, { 0, NULL }
};

enum {
	PROC2, PROC3, FHANDLE, NAME, STATUS2, STATUS3, OFFSET, COUNT, ACCESS, MODE, TYPE3, UID2, GID2, SIZE2, UID3, GID3, SIZE3
};
static const struct field F[] = {
	[PROC2] = { "nfs.procedure_v2", U32, .help = "Procedure of version 2" },
	[PROC3] = { "nfs.procedure_v3", U32, .names = procs, .help = "Procedure of version 3" },
	[FHANDLE] = { "nfs.fhandle", BYTES, .help = "File handle" },
	[NAME] = { "nfs.name", STR, .help = "File name" },
	[STATUS2] = { "nfs.status2", U32, .names = statuses, .help = "Status, version 2" },
	[STATUS3] = { "nfs.status3", U32, .names = statuses, .help = "Status, version 3" },
	[OFFSET] = { "nfs.offset3", U64, .help = "Offset" },
	[COUNT] = { "nfs.count3", U32, .help = "Count" },
	[ACCESS] = { "nfs.access_rights", U32, .help = "Access rights" },
	[MODE] = { "nfs.mode", U32, .help = "Mode" },
	[TYPE3] = { "nfs.fattr3.type", U32, .names = types, .help = "File type" },
	[UID2] = { "nfs.fattr.uid", U32, .help = "Owner" },
	[GID2] = { "nfs.fattr.gid", U32, .help = "Group" },
	[SIZE2] = { "nfs.fattr.size", U32, .help = "Size" },
	[UID3] = { "nfs.fattr3.uid", U32, .help = "Owner" },
	[GID3] = { "nfs.fattr3.gid", U32, .help = "Group" },
	[SIZE3] = { "nfs.fattr3.size", U64, .help = "Size" },
};

extern const struct proto proto_nfs;

/* A place in a message. Functions that move it give false when the message is cut short there. */
struct place {
	const uint8_t *p;
	bool v3;
	bool quiet;	/* an error has been said: no mark for what is missing */
};

static uint32_t
take(struct dis *d, struct place *m)
{
	uint32_t v = be32(d, m->p);

	m->p += 4;
	return v;
}

static void
say_time(struct dis *d, const char *label, const uint8_t *p)
{
	need(d, p, 8);
	text_fmt(d, "%s%u.%06u", label, raw32(p), raw32(p + 4));
}

static bool
take_handle(struct dis *d, struct place *m)
{
	uint32_t words = m->v3 ? take(d, m) / 4 : FH_V2 / 4;

	if (left(d, m->p) / 4 < words)
		return false;
	put_field(d, &F[FHANDLE], m->p, words * 4);
	nfs_text_handle(d, m->p, words);
	m->p += words * 4;
	return true;
}

static bool
take_name(struct dis *d, struct place *m)
{
	uint32_t n = take(d, m), padded = (n + 3) & ~3u;

	if (n > UINT32_MAX - 3) {
		text(d, "[cannot pad to 32-bit boundaries]");
		text_invalid(d);
		return false;
	}
	if (left(d, m->p) < padded)
		return false;
	put_field(d, &F[NAME], m->p, n);
	text_char(d, '"');
	text_str_soft(d, m->p, n);
	text_char(d, '"');
	m->p += padded;
	return true;
}

static bool
take_entry(struct dis *d, struct place *m)
{
	if (!take_handle(d, m))
		return false;
	text_char(d, ' ');
	return take_name(d, m);
}

/* --- calls ----------------------------------------------------------------------------------------------------- */

/* What a call of version 3 wants of a new node, RFC 1813 section 2.5.1 (sattr3); each present or not. */
struct wanted {
	uint32_t has_mode, mode, has_uid, uid, has_gid, gid;
	const uint8_t *atime, *mtime;
};

static const uint8_t *
take_client_time(struct dis *d, struct place *m)
{
	enum { TO_CLIENT = 2 };
	const uint8_t *p;

	if (take(d, m) != TO_CLIENT)
		return NULL;
	p = m->p;
	take(d, m);
	take(d, m);
	return p;
}

static void
take_wanted(struct dis *d, struct place *m, struct wanted *w)
{
	*w = (struct wanted){ 0 };
	if ((w->has_mode = take(d, m)))
		w->mode = take(d, m);
	if ((w->has_uid = take(d, m)))
		w->uid = take(d, m);
	if ((w->has_gid = take(d, m)))
		w->gid = take(d, m);
	/* The size is of 64 bits, but tcpdump goes on behind the first 32. */
	if (take(d, m))
		take(d, m);
	w->atime = take_client_time(d, m);
	w->mtime = take_client_time(d, m);
}

static void
say_wanted(struct dis *d, const struct wanted *w)
{
	if (w->has_mode)
		text_fmt(d, " mode %o", w->mode);
	if (w->has_uid)
		text(d, " uid "), text_u(d, w->uid);
	if (w->has_gid)
		text(d, " gid "), text_u(d, w->gid);
	if (d->v > 1 && w->atime)
		say_time(d, " atime ", w->atime);
	if (d->v > 1 && w->mtime)
		say_time(d, " mtime ", w->mtime);
}

/* Steps over an authentication (RFC 5531 section 8.2), of which *len bytes are left in the message. */
static bool
take_auth(struct dis *d, struct place *m, const char *what, uint32_t *len)
{
	uint32_t n, whole;

	if (*len < 8)
		return false;
	n = be32(d, m->p + 4);
	if (n > *len) {
		text_fmt(d, " [%s length %u > %u]", what, n, *len);
		text_invalid(d);
		return false;
	}
	whole = 8 + ((n + 3) & ~3u);
	if (left(d, m->p + 8) < whole - 8 || whole > *len)
		return false;
	m->p += whole;
	*len -= whole;
	return true;
}

static void
say_range(struct dis *d, const uint8_t *p, unsigned count_at, const char *fmt)
{
	need(d, p, count_at + 4);
	put_field(d, &F[OFFSET], p, 8);
	put_field(d, &F[COUNT], p + count_at, 4);
	text_fmt(d, fmt, raw32(p + count_at), be64(d, p));
}

static bool
say_write_call(struct dis *d, const uint8_t *p, bool v3)
{
	if (!v3) {
		need(d, p, 16);
		text_fmt(d, " %u (%u) bytes @ %u (%u)", raw32(p + 12), raw32(p + 8), raw32(p + 4), raw32(p));
		return true;
	}
	need(d, p, 20);
	put_field(d, &F[OFFSET], p, 8);
	put_field(d, &F[COUNT], p + 8, 4);
	text_fmt(d, " %u (%u) bytes @ %llu", raw32(p + 16), raw32(p + 8), (unsigned long long)be64(d, p));
	if (d->v) {
		text(d, " <"), text_name(d, stable, raw32(p + 12), NULL);
		text_char(d, '>');
	}
	return true;
}

static void
say_access_call(struct dis *d, const uint8_t *p)
{
	enum { ALL = 0x3f };
	uint32_t want = be32(d, p);

	put_field(d, &F[ACCESS], p, 4);
	if (want & ~(uint32_t)ALL) {
		text_char(d, ' '), text_x(d, want, 4);
	} else if (want == ALL) {
		text(d, " NFS_ACCESS_FULL");
	} else if (want) {
		text_char(d, ' ');
		text_bits(d, rights, want, "|", "");
	}
}

static bool
say_mknod_call(struct dis *d, struct place *m)
{
	enum { BLOCK = 3, CHARACTER = 4 };
	struct wanted w;
	uint32_t type;

	if (!take_entry(d, m))
		return false;
	type = take(d, m);
	take_wanted(d, m, &w);
	text_char(d, ' ');
	text_name(d, types, type, "unk-ft %u");
	if (d->v && (type == BLOCK || type == CHARACTER)) {
		need(d, m->p, 8);
		text_fmt(d, " %u/%u", raw32(m->p), raw32(m->p + 4));
	}
	if (d->v)
		say_wanted(d, &w);
	return true;
}

static bool
say_arguments(struct dis *d, struct place *m, uint32_t proc)
{
	const uint8_t *p;
	struct wanted w;

	switch (proc) {
	case P_GETATTR: case P_SETATTR: case P_READLINK: case P_FSSTAT: case P_FSINFO: case P_PATHCONF:
		return take_handle(d, m);
	case P_LOOKUP: case P_CREATE: case P_MKDIR: case P_REMOVE: case P_RMDIR:
		return take_entry(d, m);
	case P_MKNOD:
		return say_mknod_call(d, m);
	case P_SYMLINK:
		if (!take_entry(d, m))
			return false;
		text(d, " ->");
		if (m->v3)
			take_wanted(d, m, &w);
		if (!take_name(d, m))
			return false;
		if (m->v3 && d->v)
			say_wanted(d, &w);
		return true;
	case P_RENAME:
	case P_LINK:
		if (!(proc == P_RENAME ? take_entry(d, m) : take_handle(d, m)))
			return false;
		text(d, " ->");
		return take_entry(d, m);
	case P_ACCESS: case P_READ: case P_WRITE: case P_READDIR: case P_READDIRPLUS: case P_COMMIT:
		break;
	default:
		return true;
	}
	if (!take_handle(d, m))
		return false;
	p = m->p;
	switch (proc) {
	case P_ACCESS:
		say_access_call(d, p);
		return true;
	case P_WRITE:
		return say_write_call(d, p, m->v3);
	case P_COMMIT:
		say_range(d, p, 8, " %u bytes @ %llu");
		return true;
	default:
		break;
	}
	if (!m->v3 && proc != P_READDIRPLUS) {
		need(d, p, 8);
		text_fmt(d, " %u bytes @ %u", raw32(p + 4), raw32(p));
		return true;
	}
	if (proc == P_READ) {
		say_range(d, p, 8, " %u bytes @ %llu");
		return true;
	}
	/* Directories: cookie, its verifier, size, and with attributes another size. */
	say_range(d, p, 16, " %u bytes @ %lld");
	if (d->v) {
		if (proc == P_READDIRPLUS)
			text_be(d, " max ", p + 20, 4);
		text_fmt(d, " verf %08x%08x", raw32(p + 8), raw32(p + 12));
	}
	return true;
}

/* --- what calls leave for their replies ------------------------------------------------------------------------- */

struct call_key {
	uint8_t what, version, server[16], client[16], xid[4];
};

struct call {
	uint32_t proc, program_version;
};

static struct call *
call_at(struct dis *d, const uint8_t *xid, bool make)
{
	unsigned n = d->net.version == 4 ? 4 : 16;
	struct call_key key = { .what = 'N', .version = (uint8_t)d->net.version };
	bool fresh;

	if (d->net.version != 4 && d->net.version != 6)
		return NULL;
	memcpy(key.client, make ? d->net.src : d->net.dst, n);
	memcpy(key.server, make ? d->net.dst : d->net.src, n);
	memcpy(key.xid, xid, sizeof key.xid);
	return conv_at(d, &key, sizeof key, make, &fresh);
}

static uint32_t
common_proc(uint32_t proc, bool v3)
{
	if (v3 || proc >= V2_PROCS)
		return proc;
	return proc < sizeof from_v2 ? from_v2[proc] : P_NOOP;
}

void
nfs_call(struct dis *d, const uint8_t *rpc, uint32_t len)
{
	struct place m = { rpc + RPC_CRED, false, false };
	struct call *call;
	uint32_t proc;

	enter(d, &proto_nfs);
	text_u(d, len);
	if (!have(d, rpc + RPC_PROC, 4)) {
		text_trunc(d);
		return;
	}
	m.v3 = raw32(rpc + RPC_PROG_VERSION) == VERSION_3;
	proc = raw32(rpc + RPC_PROC);
	put_value(d, &F[m.v3 ? PROC3 : PROC2], proc);
	if ((call = call_at(d, rpc, true)) != NULL)
		*call = (struct call){ proc, raw32(rpc + RPC_PROG_VERSION) };
	proc = common_proc(proc, m.v3);
	text_char(d, ' ');
	text_name(d, procs, proc, "proc-%u");
	if (proc == P_NULL || proc > P_COMMIT)
		return;
	if (!take_auth(d, &m, "credentials", &len) || !take_auth(d, &m, "verifier", &len) || len == 0 ||
	    !say_arguments(d, &m, proc))
		text_trunc(d);
}

/* --- replies ---------------------------------------------------------------------------------------------------- */

/* The status of a reply: 0, or an error, which is said. */
static uint32_t
take_status(struct dis *d, struct place *m)
{
	uint32_t status = be32(d, m->p);

	put_field(d, &F[m->v3 ? STATUS3 : STATUS2], m->p, 4);
	m->p += 4;
	if (status) {
		if (!d->q)
			text(d, " ERROR: "), text_name(d, statuses, status, "unk %u");
		m->quiet = true;
	}
	return status;
}

static void
put_attributes(struct dis *d, const uint8_t *p, bool v3)
{
	put_field(d, &F[TYPE3], p, 4);
	put_field(d, &F[MODE], p + 4, 4);
	put_field(d, &F[v3 ? UID3 : UID2], p + 12, 4);
	put_field(d, &F[v3 ? GID3 : GID2], p + 16, 4);
	put_field(d, &F[v3 ? SIZE3 : SIZE2], p + 20, v3 ? 8 : 4);
}

static bool
take_attributes(struct dis *d, struct place *m, bool v3, int verbose)
{
	const uint8_t *p = m->p;
	uint32_t size = v3 ? FATTR_V3 : FATTR_V2;

	if (!have(d, p, 20))
		return false;
	if (d->sink)
		put_attributes(d, p, v3);
	if (verbose) {
		text_char(d, ' ');
		text_name(d, types, raw32(p), "unk-ft %u ");
		text_fmt(d, " %o ids %d/%d", raw32(p + 4), (int)raw32(p + 12), (int)raw32(p + 16));
		text_be(d, " sz ", p + 20, v3 ? 8 : 4);
	}
	if (verbose > 1) {
		if (!have(d, p, size))
			return false;
		text_be(d, " nlink ", p + 8, 4);
		if (v3) {
			text_fmt(d, " rdev %u/%u", raw32(p + 36), raw32(p + 40));
			text_be_x(d, " fsid ", p + 44, 8, 0);
			text_be_x(d, " fileid ", p + 52, 8, 0);
			text(d, " a/m/ctime");
		} else {
			text_fmt(d, " rdev 0x%x fsid 0x%x nodeid 0x%x a/m/ctime", raw32(p + 28), raw32(p + 36), raw32(p + 40));
		}
		for (unsigned i = 3; i; i--)
			say_time(d, " ", p + size - i * 8);
	}
	m->p += size;
	return true;
}

/* Attributes after the operation, RFC 1813 section 2.6: they may be missing. Without -v they are stepped over. */
static bool
take_post(struct dis *d, struct place *m)
{
	if (!take(d, m))
		return true;
	if (d->v)
		return take_attributes(d, m, true, d->v);
	m->p += FATTR_V3;
	return true;
}

static bool
take_before_after(struct dis *d, struct place *m)
{
	enum { BEFORE = 24 };

	if (d->v > 1)
		text(d, " PRE:");
	if (take(d, m)) {
		if (!have(d, m->p, BEFORE))
			return false;
		if (d->v > 1) {
			text_be(d, " sz ", m->p, 8);
			say_time(d, " mtime ", m->p + 8);
			say_time(d, " ctime ", m->p + 16);
		}
		m->p += BEFORE;
	}
	if (d->v)
		text(d, " POST:");
	return take_post(d, m);
}

static bool
say_attr_status(struct dis *d, struct place *m, int verbose)
{
	return take_status(d, m) || take_attributes(d, m, m->v3, verbose);
}

/* Version 2: a handle and attributes. */
static bool
say_found_v2(struct dis *d, struct place *m)
{
	return take_status(d, m) || (take_handle(d, m) && take_attributes(d, m, false, d->v));
}

static bool
say_found(struct dis *d, struct place *m)
{
	if (!take_status(d, m)) {
		if (!take_handle(d, m) || !take_post(d, m))
			return false;
	}
	if (d->v < 2)
		return true;
	text(d, " post dattr:");
	return take_post(d, m);
}

static bool
say_created(struct dis *d, struct place *m)
{
	if (take_status(d, m))
		return take_before_after(d, m);
	if (!take(d, m))
		return true;
	if (!take_handle(d, m))
		return false;
	if (!d->v)
		return true;
	if (!take_post(d, m))
		return false;
	if (d->v > 1) {
		text(d, " dir attr:");
		return take_before_after(d, m);
	}
	return true;
}

static bool
say_statfs(struct dis *d, struct place *m)
{
	enum { V2 = 20, V3 = 52 };
	const uint8_t *p;

	if (take_status(d, m) && !m->v3)
		return true;
	if (d->q)
		return true;
	if (m->v3) {
		if (d->v)
			text(d, " POST:");
		if (!take_post(d, m))
			return false;
	}
	p = m->p;
	if (!have(d, p, m->v3 ? V3 : V2))
		return false;
	if (!m->v3) {
		text_fmt(d, " tsize %u bsize %u blocks %u bfree %u bavail %u", raw32(p), raw32(p + 4), raw32(p + 8),
			raw32(p + 12), raw32(p + 16));
		return true;
	}
	text_be(d, " tbytes ", p, 8);
	text_be(d, " fbytes ", p + 8, 8);
	text_be(d, " abytes ", p + 16, 8);
	if (d->v) {
		text_be(d, " tfiles ", p + 24, 8);
		text_be(d, " ffiles ", p + 32, 8);
		text_be(d, " afiles ", p + 40, 8);
		text_be(d, " invar ", p + 48, 4);
	}
	return true;
}

/* The status and the attributes that several replies begin with; *error is the status. */
static bool
take_status_post(struct dis *d, struct place *m, const char *label, uint32_t *error)
{
	*error = take_status(d, m);
	if (d->v)
		text(d, label);
	return take_post(d, m);
}

static bool
say_directory(struct dis *d, struct place *m, bool v3)
{
	uint32_t error;

	if (v3) {
		if (!take_status_post(d, m, " POST:", &error))
			return false;
		if (!error && d->v) {
			need(d, m->p, 8);
			text_fmt(d, " verf %08x%08x", raw32(m->p), raw32(m->p + 4));
		}
		return true;
	}
	if (take_status(d, m) || d->q)
		return true;
	need(d, m->p, 8);
	text_fmt(d, " offset 0x%x size %u ", raw32(m->p), raw32(m->p + 4));
	if (be32(d, m->p + 8))
		text(d, " eof");
	return true;
}

static bool
say_fsinfo(struct dis *d, struct place *m)
{
	enum { SIZE = 48 };
	uint32_t error;
	const uint8_t *p;

	if (!take_status_post(d, m, " POST:", &error))
		return false;
	p = m->p;
	if (error)
		return true;
	if (!have(d, p, SIZE))
		return false;
	text_fmt(d, " rtmax %u rtpref %u wtmax %u wtpref %u dtpref %u", raw32(p), raw32(p + 4), raw32(p + 12),
		raw32(p + 16), raw32(p + 24));
	if (d->v) {
		text_fmt(d, " rtmult %u wtmult %u maxfsz %llu", raw32(p + 8), raw32(p + 20),
			(unsigned long long)be64(d, p + 28));
		say_time(d, " delta ", p + 36);
		text_char(d, ' ');
	}
	return true;
}

static bool
say_pathconf(struct dis *d, struct place *m)
{
	static const char *const can[] = { "notrunc", "chownres", "igncase", "keepcase" };
	enum { SIZE = 24 };
	uint32_t error;

	if (!take_status_post(d, m, " POST:", &error))
		return false;
	if (error)
		return true;
	if (!have(d, m->p, SIZE))
		return false;
	text_fmt(d, " linkmax %u namemax %u", raw32(m->p), raw32(m->p + 4));
	for (unsigned i = 0; i < sizeof can / sizeof *can; i++) {
		text_char(d, ' ');
		if (raw32(m->p + 8 + i * 4))
			text(d, can[i]);
	}
	return true;
}

/* READ, WRITE and ACCESS of version 3. */
static bool
say_transfer(struct dis *d, struct place *m, uint32_t proc)
{
	uint32_t error;

	if (proc == P_WRITE) {
		error = take_status(d, m);
		if (!take_before_after(d, m))
			return false;
	} else if (!take_status_post(d, m, proc == P_ACCESS ? " attr:" : "", &error)) {
		return false;
	}
	if (error)
		return true;
	if (proc == P_ACCESS) {
		put_field(d, &F[ACCESS], m->p, 4);
		text_be_x(d, " c ", m->p, 4, 4);
		return true;
	}
	if (!d->v)
		return true;
	put_field(d, &F[COUNT], m->p, 4);
	text_be(d, " ", m->p, 4);
	text(d, " bytes");
	if (proc == P_READ) {
		if (be32(d, m->p + 4))
			text(d, " EOF");
	} else if (d->v > 1) {
		need(d, m->p + 4, 4);
		text(d, " <"), text_name(d, stable, raw32(m->p + 4), NULL), text_char(d, '>');
		text_be_x(d, " verf ", m->p + 8, 8, 0);
	}
	return true;
}

/* RENAME and LINK of version 3: two sets of attributes, with -v. */
static bool
say_pair(struct dis *d, struct place *m, uint32_t proc)
{
	take_status(d, m);
	if (!d->v)
		return true;
	text(d, proc == P_RENAME ? " from:" : " file POST:");
	if (!(proc == P_RENAME ? take_before_after(d, m) : take_post(d, m)))
		return false;
	text(d, proc == P_RENAME ? " to:" : " dir:");
	return take_before_after(d, m);
}

static bool
say_link_target(struct dis *d, struct place *m)
{
	if (take_status(d, m))
		return true;
	if (m->v3 && !take_post(d, m))
		return false;
	text_char(d, ' ');
	return take_name(d, m);
}

static bool
say_results(struct dis *d, struct place *m, uint32_t proc)
{
	switch (proc) {
	case P_GETATTR:
		return say_attr_status(d, m, !d->q);
	case P_LOOKUP:
		return m->v3 ? say_found(d, m) : say_found_v2(d, m);
	case P_ACCESS:
		return say_transfer(d, m, proc);
	case P_READLINK:
		return say_link_target(d, m);
	case P_READ:
	case P_WRITE:
		return m->v3 ? say_transfer(d, m, proc) : say_attr_status(d, m, d->v);
	case P_CREATE:
	case P_MKDIR:
		return m->v3 ? say_created(d, m) : say_found_v2(d, m);
	case P_MKNOD:
		return say_created(d, m);
	case P_READDIR:
	case P_READDIRPLUS:
		return say_directory(d, m, m->v3 || proc == P_READDIRPLUS);
	case P_FSSTAT:
		return say_statfs(d, m);
	case P_FSINFO:
		return say_fsinfo(d, m);
	case P_PATHCONF:
		return say_pathconf(d, m);
	case P_COMMIT:
		take_status(d, m);
		if (!take_before_after(d, m))
			return false;
		if (d->v > 1)
			text_be_x(d, " verf ", m->p, 8, 0);
		return true;
	case P_SETATTR:
		if (!m->v3)
			return say_attr_status(d, m, !d->q);
		break;
	default:
		break;
	}
	if (m->v3 && proc == P_SYMLINK)
		return say_created(d, m);
	if (m->v3 && (proc == P_RENAME || proc == P_LINK))
		return say_pair(d, m, proc);
	take_status(d, m);
	return !m->v3 || take_before_after(d, m);
}

void
nfs_results(struct dis *d, const uint8_t *rpc, uint32_t len)
{
	struct place m = { rpc + RPC_VERIFIER, false, false };
	const struct call *call = call_at(d, rpc, false);
	uint32_t proc, n;

	if (call == NULL)
		return;
	m.v3 = call->program_version == VERSION_3;
	put_value(d, &F[m.v3 ? PROC3 : PROC2], call->proc);
	proc = common_proc(call->proc, m.v3);
	text_char(d, ' ');
	text_name(d, procs, proc, "proc-%u");
	if (proc == P_NULL || proc > P_COMMIT)
		return;
	n = be32(d, m.p + 4);
	if (n >= len) {
		text_trunc(d);
		return;
	}
	m.p += 8;
	need(d, m.p, (n + 3) & ~3u);
	m.p += (n + 3) & ~3u;
	n = be32(d, m.p);
	if (n) {
		text_char(d, ' ');
		text_name(d, rpc_accept_names, n, "ar_stat %u");
		return;
	}
	m.p += 4;
	if (!say_results(d, &m, proc) && !m.quiet)
		text_trunc(d);
}

void
nfs_enter(struct dis *d)
{
	enter(d, &proto_nfs);
}

/* Whether an RPC message between these ports is NFS, and which way it goes; said as such when it is. */
static bool
walk_message(struct dis *d, const uint8_t *rpc, uint32_t len, const char *before)
{
	uint32_t way;

	if (!have(d, rpc + RPC_WAY, 4))
		return false;
	way = raw32(rpc + RPC_WAY);
	if (!(d->dport == PORT && way == CALL) && !(d->sport == PORT && way == REPLY))
		return false;
	text(d, before);
	text(d, way == CALL ? "NFS request xid " : "NFS reply xid ");
	text_u(d, raw32(rpc)), text_char(d, ' ');
	rpc_put_header(d, rpc);
	if (way == CALL)
		nfs_call(d, rpc, len);
	else
		rpc_say_reply(d, rpc, len);
	return true;
}

/* Over UDP; refused when it is something else. */
static void
nfs(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (!walk_message(d, p, len, ""))
		d->refused = true;
}

/* Over TCP: behind a record mark, RFC 5531 section 11. */
static void
nfs_tcp(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t fragment;

	if (len < 4 || !have(d, p, 4))
		return;
	fragment = raw32(p) & 0x7fffffff;
	walk_message(d, p + 4, fragment < len - 4 ? fragment : len - 4, ": ");
}

const struct proto proto_nfs = PROTO("nfs", "nfs", "Network File System", nfs, F);
const struct proto proto_nfs_tcp = PROTO("nfs", "nfs", "Network File System", nfs_tcp, F);
