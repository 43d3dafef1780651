/* Server Message Block, version 1 ([MS-CIFS]), and its direct transport over TCP ([MS-SMB] section 2.1). */
#include "proto/app/smb.h"

enum {
	CMD = 4, CLASS = 5, CODE = 7, FLAGS = 9, FLAGS2 = 10, PID_HIGH = 12, SIGNATURE = 14, TID = 24, PID = 26, UID = 28,
	MID = 30, HEADER = 32,
	REPLY = 0x80, NT_ERRORS = 0x4000, UNICODE = 0x8000,
	NO_MORE = 0xff,		/* command in an AndX block */
};

enum {
	EACH = SMB_EACH, GATE = SMB_GATE, SKIP = SMB_SKIP, N8 = SMB_DEC8, N16 = SMB_DEC16, N32 = SMB_DEC32, INT = SMB_INT32,
	X8 = SMB_HEX8, X16 = SMB_HEX16, X32 = SMB_HEX32, STRING = SMB_STRING, NOTE = SMB_TEXT, NAME = SMB_PLAIN_NAME,
};
#define SMB_ROWS_OF(name) static const struct smb_row name[] =

static const struct name commands[] = {
	{ 0x00, "Create Directory" }, { 0x01, "Delete Directory" }, { 0x02, "Open" }, { 0x03, "Create" }, { 0x04, "Close" },
	{ 0x05, "Flush" }, { 0x06, "Delete" }, { 0x07, "Rename" }, { 0x08, "Query Information" },
	{ 0x09, "Set Information" }, { 0x0a, "Read" }, { 0x0b, "Write" }, { 0x0c, "Lock Byte Range" },
	{ 0x0d, "Unlock Byte Range" }, { 0x10, "Check Directory" }, { 0x12, "Seek" }, { 0x24, "Locking AndX" },
	{ 0x25, "Trans" }, { 0x2b, "Echo" }, { 0x2d, "Open AndX" }, { 0x2e, "Read AndX" }, { 0x2f, "Write AndX" },
	{ 0x32, "Trans2" }, { 0x34, "Find Close2" }, { 0x70, "Tree Connect" }, { 0x71, "Tree Disconnect" },
	{ 0x72, "Negotiate Protocol" }, { 0x73, "Session Setup AndX" }, { 0x74, "Logoff AndX" },
	{ 0x75, "Tree Connect AndX" }, { 0x80, "Query Information Disk" }, { 0x81, "Search" }, { 0xa0, "NT Trans" },
	{ 0xa2, "NT Create AndX" }, { 0xa4, "NT Cancel" }, { 0xc0, "Open Print File" }, { 0, NULL }
};

const struct field smb_fields[F_SMB_FIELDS] = {
	[F_SMB_CMD] = { "smb.cmd", U8, .names = commands, .help = "Command" },
	[F_SMB_STATUS] = { "smb.nt_status", LE32, .help = "Status as Windows NT has it" },
	[F_SMB_CLASS] = { "smb.error_class", U8, .help = "Class of an error" },
	[F_SMB_CODE] = { "smb.error_code", LE16, .help = "Error within its class" },
	[F_SMB_FLAGS] = { "smb.flags", U8, .help = "Flags" },
	[F_SMB_RESPONSE] = { "smb.flags.response", BOOL, REPLY, .help = "A reply" },
	[F_SMB_FLAGS2] = { "smb.flags2", LE16, .help = "More flags" },
	[F_SMB_UNICODE] = { "smb.flags2.string", BOOL, .help = "Strings are Unicode" },
	[F_SMB_PID_HIGH] = { "smb.pid.high", LE16, .help = "Upper half of the process" },
	[F_SMB_SIGNATURE] = { "smb.signature", BYTES, .help = "Signature" },
	[F_SMB_TID] = { "smb.tid", LE16, .help = "Tree" },
	[F_SMB_PID] = { "smb.pid", LE16, .help = "Process" },
	[F_SMB_UID] = { "smb.uid", LE16, .help = "User" },
	[F_SMB_MID] = { "smb.mid", LE16, .help = "Multiplexed message" },
	[F_SMB_WCT] = { "smb.wct", U8, .help = "Words of parameters" },
	[F_SMB_BCC] = { "smb.bcc", LE16, .help = "Bytes of data" },
	[F_SMB_PATH] = { "smb.path", STR, .help = "Path of a file or a share" },
	[F_SMB_DIALECT] = { "smb.dialect.name", STR, .help = "Dialect offered" },
	[F_SMB_OS] = { "smb.native_os", STR, .help = "Operating system" },
	[F_SMB_LANMAN] = { "smb.native_lanman", STR, .help = "LAN manager" },
	[F_SMB_DOMAIN] = { "smb.primary_domain", STR, .help = "Domain" },
	[F_SMB_SERVICE] = { "smb.service", STR, .help = "Service behind a tree" },
	[F_SMB_TRANS2] = { "smb.trans2.cmd", U16, .help = "Function of TRANS2" },
	[F_SMB_TRANS_NAME] = { "smb.trans_name", STR, .help = "Mailslot or pipe of a transaction" },
};

extern const struct proto proto_smb, proto_smb_tcp;

/* The parts of one command: its words start with their number, its bytes with theirs. */
struct part {
	const uint8_t *msg, *words, *bytes, *end;
	unsigned wct;
};

static const uint8_t *
earlier(const uint8_t *a, const uint8_t *b)
{
	return a < b ? a : b;
}

/* Bytes from p to end, at most n. */
static uint32_t
room(const uint8_t *p, const uint8_t *end, uint32_t n)
{
	return p >= end ? 0 : (ptrdiff_t)n < end - p ? n : (uint32_t)(end - p);
}

static unsigned
byte_count(struct dis *d, const struct part *c)
{
	unsigned bcc = le16(d, c->bytes);

	put_field(d, &smb_fields[F_SMB_BCC], c->bytes, 2);
	text_fmt(d, "smb_bcc=%u\n", bcc);
	return bcc;
}

/* Words and bytes of a command that has rows, perhaps, for either. */
static void
words_and_bytes(struct dis *d, struct smb_walk *w, const struct part *c, const struct smb_row *words,
    const struct smb_row *bytes)
{
	unsigned bcc;

	if (words)
		smb_rows(d, w, words, c->words + 1, earlier(c->bytes, c->end));
	else
		smb_dump(d, c->words + 1, room(c->words + 1, c->end, c->wct * 2));
	bcc = byte_count(d, c);
	if (bcc && bytes)
		smb_rows(d, w, bytes, c->bytes + 2, earlier(c->bytes + 2 + bcc, c->end));
	else if (bcc)
		smb_dump(d, c->bytes + 2, room(c->bytes + 2, c->end, bcc));
}

/* --- negotiation, sessions, locks -------------------------------------------------------------------------------- */

SMB_ROWS_OF(dialects) { { EACH }, { GATE }, { SMB_ASCII_BUFFER, 0, "Dialect=", .field = F_SMB_DIALECT }, { 0 } };
SMB_ROWS_OF(negotiated_core) { { N16, 0, "Core Protocol\nDialectIndex=", "" }, { 0 } };
SMB_ROWS_OF(negotiated_lanman) {
	{ N16, 0, "Coreplus/Lanman1/Lanman2 Protocol\nDialectIndex=" }, { X16, 0, "SecMode=" }, { N16, 0, "MaxXMit=" },
	{ N16, 0, "MaxMux=" }, { N16, 0, "MaxVcs=" }, { X16, 0, "BlkMode=" }, { X32, 0, "SessionKey=" },
	{ SMB_DOS_DATE, 0, "ServerTime=", "" }, { N16, 0, "TimeZone=" }, { X32, 0, "Res=" }, { NOTE, 0, "CryptKey=" }, { 0 }
};
SMB_ROWS_OF(negotiated_nt) {
	{ N16, 0, "NT1 Protocol\nDialectIndex=" }, { X8, 0, "SecMode=" }, { N16, 0, "MaxMux=" }, { N16, 0, "NumVcs=" },
	{ N32, 0, "MaxBuffer=" }, { N32, 0, "RawSize=" }, { X32, 0, "SessionKey=" }, { X32, 0, "Capabilities=" },
	{ SMB_FILETIME, 0, "ServerTime=", "" }, { N16, 0, "TimeZone=" }, { NOTE, 0, "CryptKey=" }, { 0 }
};

static void
negotiate(struct dis *d, struct smb_walk *w, const struct part *c)
{
	const struct smb_row *words = NULL;

	if (w->request) {
		words_and_bytes(d, w, c, NULL, dialects);
		return;
	}
	if (c->wct == 1)
		words = negotiated_core;
	else if (c->wct == 13)
		words = negotiated_lanman;
	else if (c->wct == 17)
		words = negotiated_nt;
	words_and_bytes(d, w, c, words, NULL);
}

SMB_ROWS_OF(setup_lanman) {
	{ X16, 0, "Com2=" }, { N16, 0, "Off2=" }, { N16, 0, "BufSize=" }, { N16, 0, "MpxMax=" }, { N16, 0, "VcNum=" },
	{ X32, 0, "SessionKey=" }, { N16, 0, "PassLen=" }, { N16, 0, "CryptLen=" }, { N16, 0, "CryptOff=" },
	{ NOTE, 0, "Pass&Name=\n" }, { 0 }
};
SMB_ROWS_OF(setup_nt) {
	{ X8, 0, "Com2=" }, { X8, 0, "Res1=" }, { N16, 0, "Off2=" }, { N16, 0, "MaxBuffer=" }, { N16, 0, "MaxMpx=" },
	{ N16, 0, "VcNumber=" }, { X32, 0, "SessionKey=" }, { N16, 0, "CaseInsensitivePasswordLength=" },
	{ N16, 0, "CaseSensitivePasswordLength=" }, { X32, 0, "Res=" }, { X32, 0, "Capabilities=" },
	{ NOTE, 0, "Pass1&Pass2&Account&Domain&OS&LanMan=\n" }, { 0 }
};
SMB_ROWS_OF(set_up) { { X16, 0, "Com2=" }, { N16, 0, "Off2=" }, { X16, 0, "Action=" }, { 0 } };
SMB_ROWS_OF(set_up_13) { { X8, 0, "Com2=" }, { X8, 0, "Res=" }, { N16, 0, "Off2=" }, { X16, 0, "Action=" }, { 0 } };
SMB_ROWS_OF(natives) {
	{ STRING, 0, "NativeOS=", .field = F_SMB_OS }, { STRING, 0, "NativeLanMan=", .field = F_SMB_LANMAN },
	{ STRING, 0, "PrimaryDomain=", .field = F_SMB_DOMAIN }, { 0 }
};

static void
setup(struct dis *d, struct smb_walk *w, const struct part *c)
{
	if (w->request)
		words_and_bytes(d, w, c, c->wct == 10 ? setup_lanman : setup_nt, NULL);
	else if (c->wct == 3)
		words_and_bytes(d, w, c, set_up, NULL);
	else if (c->wct == 13)
		words_and_bytes(d, w, c, set_up_13, natives);
	else
		words_and_bytes(d, w, c, NULL, NULL);
}

SMB_ROWS_OF(locking) {
	{ X16, 0, "Com2=" }, { N16, 0, "Off2=" }, { N16, 0, "Handle=" }, { X16, 0, "LockType=" }, { INT, 0, "TimeOut=" },
	{ N16, 0, "UnlockCount=" }, { N16, 0, "LockCount=" }, { 0 }
};
SMB_ROWS_OF(locked) { { X16, 0, "Com2=" }, { N16, 0, "Off2=" }, { 0 } };
SMB_ROWS_OF(ranges) { { EACH }, { N16, 0, "Process=" }, { INT, 0, "Offset=" }, { N32, 0, "Length=" }, { 0 } };
SMB_ROWS_OF(ranges_large) {
	{ EACH }, { N16, 0, "Process=" }, { SKIP, 2, NULL, "" }, { SMB_LOCK64, 0, "Offset=" }, { SMB_LOCK64, 0, "Length=" },
	{ 0 }
};

static void
lock(struct dis *d, struct smb_walk *w, const struct part *c)
{
	const struct smb_row *words = locked, *bytes = NULL;

	if (w->request) {
		words = locking;
		bytes = u8(d, c->words + 7) & 0x10 ? ranges_large : ranges;
	}
	words_and_bytes(d, w, c, c->wct ? words : NULL, bytes);
}

/* --- transactions ------------------------------------------------------------------------------------------------ */

SMB_ROWS_OF(trans_ask) {
	{ N16, 0, "TotParamCnt=" }, { N16, 0, "TotDataCnt=" }, { N16, 0, "MaxParmCnt=" }, { N16, 0, "MaxDataCnt=" },
	{ N16, 0, "MaxSCnt=" }, { X16, 0, "TransFlags=" }, { X16, 0, "Res1=" }, { X16, 0, "Res2=" }, { X16, 0, "Res3=" },
	{ N16, 0, "ParamCnt=" }, { N16, 0, "ParamOff=" }, { N16, 0, "DataCnt=" }, { N16, 0, "DataOff=" },
	{ N16, 0, "SUCnt=" }, { 0 }
};
SMB_ROWS_OF(trans_tell) {
	{ N16, 0, "TotParamCnt=" }, { N16, 0, "TotDataCnt=" }, { N16, 0, "Res1=" }, { N16, 0, "ParamCnt=" },
	{ N16, 0, "ParamOff=" }, { N16, 0, "Res2=" }, { N16, 0, "DataCnt=" }, { N16, 0, "DataOff=" }, { N16, 0, "Res3=" },
	{ N16, 0, "Lsetup=" }, { 0 }
};
SMB_ROWS_OF(trans_name) { { GATE }, { STRING, 0, "Name=", .field = F_SMB_TRANS_NAME }, { 0 } };
SMB_ROWS_OF(trans_unknown) { { GATE }, { NOTE, 0, "Unknown " }, { 0 } };
SMB_ROWS_OF(trans_param) { { GATE }, { NOTE, 0, "Param " }, { 0 } };
SMB_ROWS_OF(trans_data) { { GATE }, { NOTE, 0, "Data " }, { 0 } };
SMB_ROWS_OF(ipc_param) { { X16, 0, "Command=" }, { STRING, 0, "Str1=" }, { STRING, 0, "Str2=" }, { 0 } };
SMB_ROWS_OF(ipc_data) { { NOTE, 0, "IPC " }, { 0 } };

/* What servers tell each other about themselves, [MS-BRWS] section 2.2. */
#define BROWSE(what) { X8, 0, "BROWSE PACKET:\nType=", " (" what ")\n" }
#define SERVER \
	{ X16, 0, "UpdateCount=" }, { X8, 0, "Res1=" }, { N16, 0, "AnnounceInterval=" }, { NAME, 0, "Name=" }, \
	{ X8, 0, "MajorVersion=" }, { X8, 0, "MinorVersion=" }, { X32, 0, "ServerType=" }
#define ELECTION { X16, 0, "ElectionVersion=" }, { X16, 0, "BrowserConstant=" }
SMB_ROWS_OF(browse_param) { { NOTE, 0, "BROWSE PACKET\n" }, { GATE }, { NOTE, 0, "Param " }, { 0 } };
SMB_ROWS_OF(browse_unknown) { { NOTE, 0, "Unknown Browser Frame " }, { 0 } };
SMB_ROWS_OF(browse_host) { BROWSE("HostAnnouncement"), SERVER, ELECTION, { 0 } };
SMB_ROWS_OF(browse_request) {
	BROWSE("AnnouncementRequest"), { X8, 0, "Flags=" }, { STRING, 0, "ReplySystemName=" }, { 0 }
};
SMB_ROWS_OF(browse_election) {
	BROWSE("ElectionFrame"), { X8, 0, "ElectionVersion=" }, { X32, 0, "OSSummary=" }, { SMB_LONGS, 0, "Uptime=" },
	{ STRING, 0, "ServerName=" }, { 0 }
};
SMB_ROWS_OF(browse_get_backup) { BROWSE("GetBackupList"), { X8, 0, "ListCount?=" }, { X32, 0, "Token=" }, { 0 } };
SMB_ROWS_OF(browse_backup_list) {
	BROWSE("BackupListResponse"), { X8, 0, "ServerCount?=" }, { X32, 0, "Token=" }, { EACH }, { STRING, 0, "Name=" },
	{ 0 }
};
SMB_ROWS_OF(browse_become) { BROWSE("BecomeBackupBrowser"), { STRING, 0, "Name=" }, { 0 } };
SMB_ROWS_OF(browse_workgroup) {
	BROWSE("WorkgroupAnnouncement"), SERVER, { X32, 0, "CommentPointer=" }, { STRING, 0, "ServerName=" }, { 0 }
};
SMB_ROWS_OF(browse_master) { BROWSE("MasterAnnouncement"), { STRING, 0, "MasterName=" }, { 0 } };
SMB_ROWS_OF(browse_reset) { BROWSE("ResetBrowser"), { X8, 0, "Options=" }, { 0 } };
SMB_ROWS_OF(browse_local) { BROWSE("LocalMasterAnnouncement"), SERVER, ELECTION, { 0 } };

static const struct smb_row *const browse[] = {
	[0x1] = browse_host, [0x2] = browse_request, [0x8] = browse_election, [0x9] = browse_get_backup,
	[0xa] = browse_backup_list, [0xb] = browse_become, [0xc] = browse_workgroup, [0xd] = browse_master,
	[0xe] = browse_reset, [0xf] = browse_local,
};

/* Where a transaction's parameters and data are, as its words say. */
struct places {
	const uint8_t *param, *data;
	unsigned n_param, n_data;
};

/* The four words are in a row of two pairs: in requests from the tenth on, in replies from the fourth, a gap between. */
static struct places
places(struct dis *d, const struct smb_walk *w, const struct part *c)
{
	const uint8_t *param = c->words + 1 + (w->request ? 9 : 3) * 2;
	const uint8_t *data = param + (w->request ? 2 : 3) * 2;

	return (struct places) {
		.n_param = le16(d, param), .param = c->msg + le16(d, param + 2),
		.n_data = le16(d, data), .data = c->msg + le16(d, data + 2),
	};
}

static void
transaction(struct dis *d, struct smb_walk *w, const struct part *c)
{
	static const char mailslot[] = "\\MAILSLOT\\BROWSE", pipe[] = "\\PIPE\\LANMAN";
	const uint8_t *name = c->bytes + 2;
	struct places at;

	if (!have(d, c->words + 1 + (w->request ? 12 : 7) * 2, 2)) {
		text_trunc(d);
		return;
	}
	at = places(d, w, c);
	smb_rows(d, w, w->request ? trans_ask : trans_tell, c->words + 1, earlier(c->words + 1 + 2 * u8(d, c->words), c->end));
	if (byte_count(d, c) == 0)
		return;
	smb_rows(d, w, w->request ? trans_name : trans_unknown, name, c->end - (at.n_param + at.n_data));
	if (!have(d, name, sizeof mailslot)) {
		text_trunc(d);
		return;
	}
	if (memcmp(name, mailslot, sizeof mailslot) == 0) {
		unsigned type = u8(d, at.data);

		smb_rows(d, w, browse_param, at.param, at.param + at.n_param);
		smb_rows(d, w, type < sizeof browse / sizeof *browse && browse[type] ? browse[type] : browse_unknown, at.data,
		    at.data + at.n_data);
		return;
	}
	if (memcmp(name, pipe, sizeof pipe) == 0) {
		if (at.n_param)
			smb_rows(d, w, ipc_param, at.param, at.param + at.n_param);
		if (at.n_data)
			smb_rows(d, w, ipc_data, at.data, at.data + at.n_data);
		return;
	}
	if (at.n_param)
		smb_rows(d, w, trans_param, at.param, earlier(at.param + at.n_param, c->end));
	if (at.n_data)
		smb_rows(d, w, trans_data, at.data, earlier(at.data + at.n_data, c->end));
}

SMB_ROWS_OF(trans2_ask) {
	{ N16, 0, "TotParam=" }, { N16, 0, "TotData=" }, { N16, 0, "MaxParam=" }, { N16, 0, "MaxData=" },
	{ N8, 0, "MaxSetup=", "" }, { SKIP, 1 }, { X16, 0, "Flags=" }, { INT, 0, "TimeOut=" }, { X16, 0, "Res1=" },
	{ N16, 0, "ParamCnt=" }, { N16, 0, "ParamOff=" }, { N16, 0, "DataCnt=" }, { N16, 0, "DataOff=" },
	{ N8, 0, "SetupCnt=", "" }, { SKIP, 1 }, { 0 }
};
SMB_ROWS_OF(trans2_more) {
	{ N16, 0, "Trans2Secondary\nTotParam=" }, { N16, 0, "TotData=" }, { N16, 0, "ParamCnt=" }, { N16, 0, "ParamOff=" },
	{ N16, 0, "ParamDisp=" }, { N16, 0, "DataCnt=" }, { N16, 0, "DataOff=" }, { N16, 0, "DataDisp=" },
	{ N16, 0, "Handle=" }, { 0 }
};
SMB_ROWS_OF(trans2_tell) {
	{ N16, 0, "TotParam=" }, { N16, 0, "TotData=" }, { X16, 0, "Res1=" }, { N16, 0, "ParamCnt=" },
	{ N16, 0, "ParamOff=" }, { N16, 0, "ParamDisp" }, { N16, 0, "DataCnt=" }, { N16, 0, "DataOff=" },
	{ N16, 0, "DataDisp=" }, { N8, 0, "SetupCnt=", "" }, { SKIP, 1 }, { 0 }
};
SMB_ROWS_OF(parameters) { { NOTE, 0, "Parameters=\n" }, { 0 } };
SMB_ROWS_OF(data) { { NOTE, 0, "Data=\n" }, { 0 } };
SMB_ROWS_OF(find_ask) {
	{ SMB_ATTR16, 0, "Attribute=" }, { N16, 0, "SearchCount=" }, { X16, 0, "Flags=" }, { N16, 0, "Level=", "" },
	{ SKIP, 4 }, { STRING, 0, "File=", .field = F_SMB_PATH }, { 0 }
};
SMB_ROWS_OF(find_tell) {
	{ X16, 0, "Handle=" }, { N16, 0, "Count=" }, { X16, 0, "EOS=" }, { N16, 0, "Eoffset=" }, { X16, 0, "LastNameOfs=" },
	{ 0 }
};
SMB_ROWS_OF(level) { { N16, 0, "InfoLevel=" }, { 0 } };
SMB_ROWS_OF(unknown_level) { { NOTE, 0, "UnknownLevel\n" }, { 0 } };
SMB_ROWS_OF(allocation) {
	{ X32, 0, "idFileSystem=" }, { N32, 0, "SectorUnit=" }, { N32, 0, "Unit=" }, { N32, 0, "Avail=" },
	{ N16, 0, "SectorSize=" }, { 0 }
};
SMB_ROWS_OF(volume) {
	{ SMB_DATE_DOS, 0, "CreationTime=", "" }, { SMB_COUNT8, 0, "VolNameLength=" }, { SMB_RAW, 0, "VolumeLabel=" }, { 0 }
};
SMB_ROWS_OF(file_system) {
	{ X32, 0, "Capabilities=" }, { N32, 0, "MaxFileLen=" }, { SMB_COUNT32, 0, "VolNameLen=" },
	{ SMB_COUNTED, 0, "Volume=" }, { 0 }
};

/* A reply does not say what was asked: this is kept for every connection. */
struct asked {
	uint16_t function, level;
};

static struct asked *
asked(struct dis *d, bool make)
{
	struct {
		uint8_t tag[4], low[16], high[16];
		uint16_t low_port, high_port;
	} key = { .tag = "smb2" };
	unsigned n = d->net.version == 6 ? 16 : d->net.version == 4 ? 4 : 0;
	int order = n ? memcmp(d->net.src, d->net.dst, n) : 0;
	bool swap, fresh;

	if (order == 0)
		order = d->sport < d->dport ? -1 : 1;
	swap = order > 0;
	if (n) {
		memcpy(key.low, swap ? d->net.dst : d->net.src, n);
		memcpy(key.high, swap ? d->net.src : d->net.dst, n);
	}
	key.low_port = swap ? d->dport : d->sport;
	key.high_port = swap ? d->sport : d->dport;
	return conv_at(d, &key, sizeof key, make, &fresh);
}

static const struct smb_command *
trans2_function(unsigned n)
{
	const struct smb_command *f = smb_trans2;

	while (f->name && f->code != n)
		f++;
	return f->name ? f : smb_trans2;
}

static void
query_fs(struct dis *d, struct smb_walk *w, const struct places *at)
{
	struct asked *a;
	unsigned what = 0;

	if (w->request) {
		what = le16(d, at->param);
		if ((a = asked(d, true)) != NULL)
			a->level = (uint16_t)what;
		smb_rows(d, w, level, at->param, at->param + at->n_param);
	} else {
		if ((a = asked(d, false)) != NULL)
			what = a->level;
		smb_rows(d, w, what == 1 ? allocation : what == 2 ? volume : what == 0x105 ? file_system : unknown_level,
		    at->data, at->data + at->n_data);
	}
	if (at->n_data) {
		text(d, "data:\n");
		smb_dump(d, at->data, at->n_data);
	}
}

static void
transaction2(struct dis *d, struct smb_walk *w, const struct part *c)
{
	const struct smb_command *f;
	const struct smb_row *param, *bytes;
	struct places at;
	struct asked *a;

	if (!have(d, c->words, 1)) {
		text_trunc(d);
		return;
	}
	if (w->request) {
		if (!have(d, c->words + 1 + 14 * 2, 2)) {
			text_trunc(d);
			return;
		}
		at = places(d, w, c);
		f = trans2_function(le16(d, c->words + 1 + 14 * 2));
		put_value(d, &smb_fields[F_SMB_TRANS2], f->code);
		if ((a = asked(d, true)) != NULL)
			a->function = f->code;
	} else {
		a = asked(d, false);
		f = trans2_function(a ? a->function : 0);
		if (c->wct == 0) {
			text(d, f->name);
			text(d, "\nTrans2Interim\n");
			return;
		}
		if (!have(d, c->words + 1 + 7 * 2, 2)) {
			text_trunc(d);
			return;
		}
		at = places(d, w, c);
	}
	text_fmt(d, "%s param_length=%u data_length=%u\n", f->name, at.n_param, at.n_data);
	if (w->request && c->wct == 8) {
		smb_rows(d, w, trans2_more, c->words + 1, c->end);
		return;
	}
	if (w->request)
		smb_rows(d, w, trans2_ask, c->words + 1, c->words + 1 + 14 * 2);
	else
		smb_rows(d, w, trans2_tell, c->words + 1, c->words + 1 + 10 * 2);
	byte_count(d, c);
	switch (f->code) {
	case SMB_TRANS2_FIND:
		smb_rows(d, w, w->request ? find_ask : find_tell, at.param, at.param + at.n_param);
		if (at.n_data) {
			text(d, "data:\n");
			smb_dump(d, at.data, at.n_data);
		}
		break;
	case SMB_TRANS2_QFS:
		query_fs(d, w, &at);
		break;
	default:
		param = w->request ? f->ask_words : f->tell_words;
		bytes = w->request ? f->ask_bytes : f->tell_bytes;
		smb_rows(d, w, param ? param : parameters, at.param, at.param + at.n_param);
		smb_rows(d, w, bytes ? bytes : data, at.data, at.data + at.n_data);
		break;
	}
}

/* --- the message ------------------------------------------------------------------------------------------------- */

SMB_ROWS_OF(header) {
	{ SKIP, 4, NULL, "" }, { X8, 0, "SMB Command   =  " }, { X8, 0, "Error class   =  ", "" }, { SKIP, 1 },
	{ N16, 0, "Error code    =  " }, { X8, 0, "Flags1        =  " }, { X8, 0, "Flags2        =  ", "" }, { SKIP, 13 },
	{ N16, 0, "Tree ID       =  " }, { N16, 0, "Proc ID       =  " }, { N16, 0, "UID           =  " },
	{ N16, 0, "MID           =  " }, { N8, 0, "Word Count    =  " }, { 0 }
};

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &smb_fields[F_SMB_CMD], p + CMD, 1);
	if (have(d, p, FLAGS2 + 2)) {
		put_value(d, &smb_fields[F_SMB_UNICODE], (p[FLAGS2 + 1] & 0x80) != 0);
		if (p[FLAGS2 + 1] & 0x40) {
			put_field(d, &smb_fields[F_SMB_STATUS], p + CLASS, 4);
		} else {
			put_field(d, &smb_fields[F_SMB_CLASS], p + CLASS, 1);
			put_field(d, &smb_fields[F_SMB_CODE], p + CODE, 2);
		}
	}
	put_field(d, &smb_fields[F_SMB_FLAGS], p + FLAGS, 1);
	put_field(d, &smb_fields[F_SMB_RESPONSE], p + FLAGS, 1);
	put_field(d, &smb_fields[F_SMB_FLAGS2], p + FLAGS2, 2);
	put_field(d, &smb_fields[F_SMB_PID_HIGH], p + PID_HIGH, 2);
	put_field(d, &smb_fields[F_SMB_SIGNATURE], p + SIGNATURE, 8);
	put_field(d, &smb_fields[F_SMB_TID], p + TID, 2);
	put_field(d, &smb_fields[F_SMB_PID], p + PID, 2);
	put_field(d, &smb_fields[F_SMB_UID], p + UID, 2);
	put_field(d, &smb_fields[F_SMB_MID], p + MID, 2);
	put_field(d, &smb_fields[F_SMB_WCT], p + HEADER, 1);
}

static const struct smb_command *
find_command(unsigned code)
{
	const struct smb_command *c = smb_commands;

	while (c->name && c->code < code)
		c++;
	return c->name && c->code == code ? c : &smb_unknown;
}

/* A command without a walk of its own. */
static void
plain(struct dis *d, struct smb_walk *w, const struct smb_command *cmd, const struct part *c)
{
	const struct smb_row *words = w->request ? cmd->ask_words : cmd->tell_words;
	const struct smb_row *bytes = w->request ? cmd->ask_bytes : cmd->tell_bytes;
	const uint8_t *stop = earlier(c->bytes, c->end);
	unsigned bcc, i = 0;

	if (c->wct && words) {
		smb_rows(d, w, words, c->words + 1, c->bytes);
	} else if (c->wct) {
		for (const uint8_t *p = c->words + 1; p < stop; p += 2, i++) {
			unsigned v = le16(d, p);

			text_fmt(d, "smb_vwv[%u]=%u (0x%X)\n", i, v, v);
		}
	}
	bcc = byte_count(d, c);
	if (bcc == 0)
		return;
	if (bytes) {
		smb_rows(d, w, bytes, c->bytes + 2, c->bytes + 2 + bcc);
	} else {
		text(d, "smb_buf[]=\n");
		smb_dump(d, c->bytes + 2, room(c->bytes + 2, c->end, bcc));
	}
}

static void
walk_command(struct dis *d, struct smb_walk *w, const struct smb_command *cmd, const struct part *c)
{
	switch (cmd->special) {
	case SMB_TRANS:
		transaction(d, w, c);
		break;
	case SMB_TRANS2:
		transaction2(d, w, c);
		break;
	case SMB_NEGOTIATE:
		negotiate(d, w, c);
		break;
	case SMB_SETUP:
		setup(d, w, c);
		break;
	case SMB_LOCKING:
		lock(d, w, c);
		break;
	default:
		plain(d, w, cmd, c);
		break;
	}
}

/* The commands of a message, one behind the other as AndX blocks say. */
static void
chain(struct dis *d, struct smb_walk *w, const struct smb_command *cmd, const uint8_t *p, const uint8_t *end)
{
	unsigned at = HEADER;

	while (!d->lost) {
		struct part c = { .msg = p, .words = p + at, .end = end, .wct = u8(d, p + at) };
		unsigned code, behind;

		c.bytes = c.words + 1 + 2 * c.wct;
		w->counted = false;
		w->count = 0;
		walk_command(d, w, cmd, &c);
		if (!cmd->chained || c.wct == 0)
			return;
		code = u8(d, c.words + 1);
		if (code == NO_MORE)
			return;
		behind = le16(d, c.words + 3);
		cmd = find_command(code);
		text_fmt(d, "\nSMB PACKET: %s (%s) (CHAINED)\n", cmd->name, w->request ? "REQUEST" : "REPLY");
		if (behind <= at) {
			text_fmt(d, "Bad andX offset: %u <= %u\n", behind, at);
			return;
		}
		at = behind;
	}
}

static void
smb(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct smb_walk w = { .start = p };
	const struct smb_command *cmd;
	unsigned flags2;

	enter(d, &proto_smb);
	if (d->sink)
		put_header(d, p);
	w.request = !(u8(d, p + FLAGS) & REPLY);
	cmd = find_command(p[CMD]);
	if (d->v > 1)
		text_char(d, '\n');
	text_fmt(d, "SMB PACKET: %s (%s)", cmd->name, w.request ? "REQUEST" : "REPLY");
	if (d->v < 2)
		return;
	text_char(d, '\n');
	flags2 = le16(d, p + FLAGS2);
	w.unicode = flags2 & UNICODE;
	smb_rows(d, &w, header, p, p + HEADER + 1);
	if (flags2 & NT_ERRORS) {
		uint32_t status = le32(d, p + CLASS);

		if (status) {
			text(d, "NTError = ");
			smb_text_status(d, status);
			text_char(d, '\n');
		}
	} else if (u8(d, p + CLASS)) {
		text(d, "SMBError = ");
		smb_text_error(d, p[CLASS], le16(d, p + CODE));
		text_char(d, '\n');
	}
	chain(d, &w, cmd, p, p + len);
}

const struct proto proto_smb = { "smb", "smb", "Server Message Block", smb, smb_fields + 1, F_SMB_FIELDS - 1 };

/* Port 445: a length of three bytes, and the message. */
static void
smb_tcp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { FRAMING = 4 };
	uint32_t size, captured;

	mark(d, "smb_tcp");
	if (len < FRAMING || !have(d, p, FRAMING)) {
		text_trunc(d);
		return;
	}
	size = be24(d, p + 1);
	p += FRAMING;
	len -= FRAMING;
	captured = left(d, p);
	if (size < 4 || captured < 4 || memcmp(p, "\377SMB", 4) != 0) {
		text(d, " SMB-over-TCP packet:(raw data or continuation?)\n");
		return;
	}
	if (size > captured && size > len)
		text(d, " WARNING: Packet is continued in later TCP segments\n");
	else if (size > captured)
		text_fmt(d, " WARNING: Short packet. Try increasing the snap length by %u\n", size - captured);
	else
		text_char(d, ' ');
	next(d, D_INTERNAL, IN_SMB, p, size < captured ? size : captured);
}

const struct proto proto_smb_tcp = PROTO_NO_FIELDS("smb", "smb_tcp", "SMB over TCP", smb_tcp);
