/* The calls of the AFS services, as their interface definitions have them (afsint.xg, ptint.xg, vldbint.xg and so on). */
#include "proto/app/rx.h"

enum { ANY = 0, NAMES = 256, PR_NAME = 64, VL_NAME = 65, KA_NAME = 64, OPAQUE = 1024 };

/* What an argument is. */
enum kind {
	END,
	SAY,		/* only the label */
	INT, UINT, WIDE, DATE,
	STRING,		/* at most `most` bytes */
	SKIP_BYTES,	/* counted bytes, not shown */
	CHARS,		/* `most` characters of 32 bits each */
	FID,		/* volume, vnode, uniquifier */
	STATUS,		/* what to change of a file's status */
	ACL,
	UUID,
	VERSION,	/* of a replicated database, or a transaction */
	SERVER,
	YES_NO,
	IDLE,		/* a number nobody is interested in */
	VOLUME_TYPE,
	FIDS, INTS, NAMES_OF, CALLBACKS, SERVERS, VOLUMES,	/* lists */
	PLACES,		/* where a volume is: most servers at the most, UUID instead of addresses if most is 0 */
	PAUSE,		/* 4 bytes that must be there */
};

struct arg {
	uint8_t kind;
	uint16_t most;
	const char *label;
};

/* A procedure with what is shown of its arguments and results; the same name and arguments may stand for several. */
struct procedure {
	uint32_t code;
	const char *name;	/* NULL: none, but arguments nevertheless */
	const struct arg *in, *out;
};

struct service {
	uint16_t port;
	const char *name, *cut;
	const struct procedure *procedures;
	size_t n;
	const struct name *errors;	/* what an abort means; NULL: a number */
	bool replicated;		/* procedures of Ubik, too */
};

#define ARGS(name) static const struct arg name[] =

/* Arguments that many have. */
ARGS(id) { { INT, 0, " id" }, { END } };
ARGS(ids) { { INTS, 0, " ids:" }, { END } };
ARGS(list_of_ints) { { INTS }, { END } };
ARGS(codes_names) { { NAMES_OF }, { END } };
ARGS(uid_gid) { { INT, 0, " uid" }, { INT, 0, " gid" }, { END } };
ARGS(plain_int) { { INT }, { END } };
ARGS(plain_uint) { { UINT }, { END } };
ARGS(fid) { { FID }, { END } };
ARGS(new_fid) { { FID, 0, " new" }, { END } };
ARGS(fids) { { FIDS }, { END } };
ARGS(uuid) { { UUID, 0, " afsuuid" }, { END } };
ARGS(bare_uuid) { { UUID }, { END } };
ARGS(trans) { { UINT, 0, " trans" }, { END } };
ARGS(volid) { { UINT, 0, " volid" }, { END } };

/* Files. */
ARGS(fetch) { { FID }, { UINT, 0, " offset" }, { UINT, 0, " length" }, { END } };
ARGS(store) {
	{ FID }, { STATUS }, { UINT, 0, " offset" }, { UINT, 0, " length" }, { UINT, 0, " flen" }, { END }
};
ARGS(fetch64) { { FID }, { WIDE, 0, " offset" }, { WIDE, 0, " length" }, { END } };
ARGS(store64) { { FID }, { STATUS }, { WIDE, 0, " offset" }, { WIDE, 0, " length" }, { WIDE, 0, " flen" }, { END } };
ARGS(acl) { { ACL }, { END } };
ARGS(fid_acl) { { FID }, { ACL }, { END } };
ARGS(fid_status) { { FID }, { STATUS }, { END } };
ARGS(fid_name) { { FID }, { STRING, NAMES }, { END } };
ARGS(fid_name_status) { { FID }, { STRING, NAMES }, { STATUS }, { END } };
ARGS(two_fid_names) { { FID, 0, " old" }, { STRING, NAMES }, { FID, 0, " new" }, { STRING, NAMES }, { END } };
ARGS(symlink) { { FID }, { STRING, NAMES }, { STRING, NAMES, " link to" }, { END } };
ARGS(link) { { FID }, { STRING, NAMES }, { FID, 0, " link to" }, { END } };
ARGS(name) { { STRING, NAMES }, { END } };
ARGS(volname) { { STRING, NAMES, " volname" }, { END } };
ARGS(root) { { STRING, NAMES, " root volume" }, { END } };
ARGS(date) { { DATE }, { END } };
ARGS(addr) { { UINT, 0, " addr" }, { END } };

static const struct procedure fs[] = {
	{ 130, "fetch-data", fetch, NULL }, { 131, "fetch-acl", fid, acl }, { 132, "fetch-status", fid, NULL },
	{ 133, "store-data", store, NULL }, { 134, "store-acl", fid_acl, NULL }, { 135, "store-status", fid_status, NULL },
	{ 136, "remove-file", fid_name, NULL }, { 137, "create-file", fid_name_status, new_fid },
	{ 138, "rename", two_fid_names, NULL }, { 139, "symlink", symlink, NULL }, { 140, "link", link, NULL },
	{ 141, "makedir", fid_name_status, new_fid }, { 142, "rmdir", fid_name, NULL }, { 143, "oldsetlock", fid, NULL },
	{ 144, "oldextlock", fid, NULL }, { 145, "oldrellock", fid, NULL }, { 146, "get-stats", NULL, NULL },
	{ 147, "give-cbs", NULL, NULL }, { 148, "get-vlinfo", name, NULL }, { 149, "get-vlstats", volid, NULL },
	{ 150, "set-vlstats", volid, NULL }, { 151, "get-rootvl", NULL, root }, { 152, "check-token", NULL, NULL },
	{ 153, "get-time", NULL, date }, { 154, "nget-vlinfo", volname, NULL }, { 155, "bulk-stat", fids, NULL },
	{ 156, "setlock", fid, NULL }, { 157, "extlock", fid, NULL }, { 158, "rellock", fid, NULL },
	{ 159, "xstat-ver", NULL, NULL }, { 160, "get-xstat", NULL, NULL }, { 161, "dfs-lookup", NULL, NULL },
	{ 162, "dfs-flushcps", NULL, NULL }, { 163, "dfs-symlink", NULL, NULL }, { 220, "residency", NULL, NULL },
	{ 65536, "inline-bulk-status", fids, NULL }, { 65537, "fetch-data-64", fetch64, NULL },
	{ 65538, "store-data-64", store64, NULL }, { 65539, "give-up-all-cbs", NULL, NULL },
	{ 65540, "get-caps", NULL, NULL }, { 65541, "cb-rx-conn-addr", addr, NULL },
};
static const struct name fs_errors[] = {
	{ 101, "salvage volume" }, { 102, "no such vnode" }, { 103, "no such volume" }, { 104, "volume exist" },
	{ 105, "no service" }, { 106, "volume offline" }, { 107, "voline online" }, { 108, "diskfull" },
	{ 109, "diskquota exceeded" }, { 110, "volume busy" }, { 111, "volume moved" }, { 112, "AFS IO error" },
	{ (uint32_t)-100, "restarting fileserver" }, { 0, NULL }
};

/* Callbacks from file servers to their clients. */
ARGS(callbacks) { { FIDS }, { CALLBACKS }, { END } };
static const struct procedure cb[] = {
	{ 204, "callback", callbacks, NULL }, { 205, "initcb", NULL, NULL }, { 206, "probe", NULL, NULL },
	{ 207, "getlock", NULL, NULL }, { 208, "getce", NULL, NULL }, { 209, "xstatver", NULL, NULL },
	{ 210, "getxstat", NULL, NULL }, { 211, "initcb2", NULL, NULL }, { 212, "whoareyou", NULL, NULL },
	{ 213, "initcb3", NULL, bare_uuid }, { 214, "probeuuid", uuid, NULL }, { 215, "getsrvprefs", NULL, NULL },
	{ 216, "getcellservdb", NULL, NULL }, { 217, "getlocalcell", NULL, NULL }, { 218, "getcacheconf", NULL, NULL },
	{ 65536, "getce64", NULL, NULL }, { 65537, "getcellbynum", NULL, NULL }, { 65538, "tellmeaboutyourself", NULL, NULL },
};

/* Users and groups. */
ARGS(new_user) { { STRING, PR_NAME }, { INT, 0, " id" }, { INT, 0, " oldid" }, { END } };
ARGS(pos) { { INT, 0, " pos" }, { END } };
ARGS(new_entry) { { STRING, PR_NAME }, { INT, 0, " flag" }, { INT, 0, " oid" }, { END } };
ARGS(set_max) { { INT, 0, " id" }, { INT, 0, " gflag" }, { END } };
ARGS(change_entry) {
	{ INT, 0, " id" }, { STRING, PR_NAME }, { INT, 0, " oldid" }, { INT, 0, " newid" }, { END }
};
ARGS(update_entry) { { INT, 0, " id" }, { STRING, PR_NAME }, { END } };
ARGS(maxima) { { INT, 0, " maxuid" }, { INT, 0, " maxgid" }, { END } };
static const struct procedure pt[] = {
	{ 500, "new-user", new_user, NULL }, { 501, "where-is-it", id, NULL }, { 502, "dump-entry", pos, NULL },
	{ 503, "add-to-group", uid_gid, NULL }, { 504, "name-to-id", codes_names, ids }, { 505, "id-to-name", ids, codes_names },
	{ 506, "delete", id, NULL }, { 507, "remove-from-group", uid_gid, NULL }, { 508, "get-cps", id, list_of_ints },
	{ 509, "new-entry", new_entry, NULL }, { 510, "list-max", NULL, maxima }, { 511, "set-max", set_max, NULL },
	{ 512, "list-entry", id, NULL }, { 513, "change-entry", change_entry, NULL },
	{ 514, "list-elements", id, list_of_ints }, { 515, "same-mbr-of", uid_gid, NULL },
	{ 516, "set-fld-sentry", NULL, NULL }, { 517, "list-owned", id, list_of_ints },
	{ 518, "get-cps2", id, list_of_ints }, { 519, "get-host-cps", id, list_of_ints },
	{ 520, "update-entry", update_entry, NULL }, { 521, "list-entries", NULL, NULL },
	{ 530, "list-super-groups", id, NULL },
};

/* Where volumes are. */
ARGS(vl_chars) { { CHARS, VL_NAME }, { END } };
ARGS(vl_name) { { STRING, VL_NAME }, { END } };
ARGS(vl_id) { { INT, 0, " volid" }, { VOLUME_TYPE }, { END } };
ARGS(vl_replace) { { INT, 0, " volid" }, { VOLUME_TYPE }, { CHARS, VL_NAME }, { END } };
ARGS(vl_bump) { { INT, 0, " bump" }, { END } };
ARGS(vl_index) { { INT, 0, " index" }, { END } };
ARGS(vl_entry) { { CHARS, VL_NAME }, { PAUSE }, { PLACES, 8 }, { END } };
ARGS(vl_list) {
	{ INT, 0, " count" }, { INT, 0, " nextindex" }, { CHARS, VL_NAME }, { PAUSE }, { PLACES, 8 }, { END }
};
ARGS(vl_entry_n) { { CHARS, VL_NAME }, { PLACES, 13 }, { END } };
ARGS(vl_list_n) { { INT, 0, " count" }, { INT, 0, " nextindex" }, { CHARS, VL_NAME }, { PLACES, 13 }, { END } };
ARGS(vl_entry_u) { { CHARS, VL_NAME }, { PLACES, 0 }, { END } };
ARGS(vl_new) { { UINT, 0, " newvol" }, { END } };
static const struct procedure vldb[] = {
	{ 501, "create-entry", vl_chars, NULL }, { 502, "delete-entry", vl_id, NULL },
	{ 503, "get-entry-by-id", vl_id, vl_entry }, { 504, "get-entry-by-name", vl_name, vl_entry },
	{ 505, "get-new-volume-id", vl_bump, vl_new }, { 506, "replace-entry", vl_replace, NULL },
	{ 507, "update-entry", vl_id, NULL }, { 508, "setlock", vl_id, NULL }, { 509, "releaselock", vl_id, NULL },
	{ 510, "list-entry", vl_index, vl_list }, { 511, "list-attrib", NULL, NULL }, { 512, "linked-list", NULL, NULL },
	{ 513, "get-stats", NULL, NULL }, { 514, "probe", NULL, NULL }, { 515, "get-addrs", NULL, NULL },
	{ 516, "change-addr", NULL, NULL }, { 517, "create-entry-n", vl_chars, NULL },
	{ 518, "get-entry-by-id-n", vl_id, vl_entry_n }, { 519, "get-entry-by-name-n", vl_name, vl_entry_n },
	{ 520, "replace-entry-n", vl_replace, NULL }, { 521, "list-entry-n", vl_index, vl_list_n },
	{ 522, "list-attrib-n", NULL, NULL }, { 523, "linked-list-n", NULL, NULL },
	{ 524, "update-entry-by-name", vl_name, NULL }, { 525, "create-entry-u", NULL, NULL },
	{ 526, "get-entry-by-id-u", NULL, vl_entry_u }, { 527, "get-entry-by-name-u", vl_name, vl_entry_u },
	{ 528, "replace-entry-u", NULL, NULL }, { 529, "list-entry-u", NULL, vl_list_n },
	{ 530, "list-attrib-u", NULL, NULL }, { 531, "linked-list-u", NULL, NULL }, { 532, "regaddr", NULL, NULL },
	{ 533, "get-addrs-u", NULL, NULL }, { 534, "list-attrib-n2", NULL, NULL },
};

/* Authentication. */
ARGS(principal) { { STRING, KA_NAME, " principal" }, { STRING, KA_NAME }, { END } };
ARGS(ticket) {
	{ INT, 0, " kvno" }, { STRING, KA_NAME, " domain" }, { SKIP_BYTES }, { STRING, KA_NAME, " principal" },
	{ STRING, KA_NAME }, { END }
};
ARGS(set_password) { { STRING, KA_NAME, " principal" }, { STRING, KA_NAME }, { INT, 0, " kvno" }, { END } };
ARGS(ka_name) { { STRING, KA_NAME, " name" }, { END } };
static const struct procedure kauth[] = {
	{ 1, "auth-old", principal, NULL }, { 2, "change-pw", principal, NULL }, { 3, "get-ticket-old", ticket, NULL },
	{ 4, "set-pw", set_password, NULL }, { 5, "set-fields", principal, NULL }, { 6, "create-user", principal, NULL },
	{ 7, "delete-user", principal, NULL }, { 8, "get-entry", principal, NULL }, { 9, "list-entry", NULL, NULL },
	{ 10, "get-stats", NULL, NULL }, { 11, "debug", NULL, NULL }, { 12, "get-pw", ka_name, NULL },
	{ 13, "get-random-key", NULL, NULL }, { 14, "unlock", principal, NULL }, { 15, "lock-status", principal, NULL },
	{ 21, "authenticate", principal, NULL }, { 22, "authenticate-v2", principal, NULL }, { 23, "get-ticket", ticket, NULL },
};

/* Volumes. */
ARGS(vol_create) {
	{ UINT, 0, " partition" }, { STRING, NAMES, " name" }, { UINT, 0, " type" }, { UINT, 0, " parent" }, { END }
};
ARGS(vol_created) { { UINT, 0, " volid" }, { UINT, 0, " trans" }, { END } };
ARGS(vol_restore) { { UINT, 0, " totrans" }, { UINT, 0, " flags" }, { END } };
ARGS(vol_forward) {
	{ UINT, 0, " fromtrans" }, { DATE, 0, " fromdate" }, { SERVER }, { INT, 0, " desttrans" }, { END }
};
ARGS(vol_forward_all) { { UINT, 0, " fromtrans" }, { DATE, 0, " fromdate" }, { SERVERS }, { END } };
ARGS(vol_clone) {
	{ UINT, 0, " trans" }, { UINT, 0, " purgevol" }, { UINT, 0, " newtype" }, { STRING, NAMES, " newname" }, { END }
};
ARGS(vol_cloned) { { UINT, 0, " newvol" }, { END } };
ARGS(vol_flags) { { UINT, 0, " trans" }, { UINT, 0, " flags" }, { END } };
ARGS(vol_begin) { { UINT, 0, " vol" }, { UINT, 0, " partition" }, { UINT, 0, " flags" }, { END } };
ARGS(vol_dump) { { UINT, 0, " fromtrans" }, { DATE, 0, " fromdate" }, { END } };
ARGS(vol_dump2) { { UINT, 0, " fromtrans" }, { DATE, 0, " fromdate" }, { UINT, 0, " flags" }, { END } };
ARGS(vol_index) { { UINT, 0, " index" }, { END } };
ARGS(vol_nth) { { UINT, 0, " volume" }, { UINT, 0, " partition" }, { END } };
ARGS(vol_forwarding) { { UINT, 0, " tid" }, { UINT, 0, " newsite" }, { END } };
ARGS(vol_tid_alone) { { SAY, 0, " tid" }, { END } };
ARGS(vol_tid) { { UINT, 0, " tid" }, { END } };
ARGS(vol_signal) {
	{ STRING, NAMES, " name" }, { UINT, 0, " type" }, { UINT, 0, " pid" }, { UINT, 0, " cloneid" }, { END }
};
ARGS(vol_partition) { { UINT, 0, " partition" }, { UINT, 0, " flags" }, { END } };
ARGS(vol_types) {
	{ UINT, 0, " tid" }, { STRING, NAMES, " name" }, { UINT, 0, " type" }, { UINT, 0, " pid" }, { UINT, 0, " clone" },
	{ UINT, 0, " backup" }, { END }
};
ARGS(vol_name) { { STRING, NAMES, " name" }, { END } };
ARGS(vol_one) { { UINT, 0, " partid" }, { UINT, 0, " volid" }, { END } };
ARGS(vol_date) { { UINT, 0, " tid" }, { DATE, 0, " date" }, { END } };
ARGS(vol_status) {
	{ UINT, 0, " volid" }, { UINT, 0, " nextuniq" }, { UINT, 0, " type" }, { UINT, 0, " parentid" }, { UINT, 0, " clone" },
	{ UINT, 0, " backup" }, { UINT, 0, " restore" }, { UINT, 0, " maxquota" }, { UINT, 0, " minquota" },
	{ UINT, 0, " owner" }, { DATE, 0, " create" }, { DATE, 0, " access" }, { DATE, 0, " update" },
	{ DATE, 0, " expire" }, { DATE, 0, " backup" }, { DATE, 0, " copy" }, { END }
};
ARGS(vol_list) { { VOLUMES }, { END } };
static const struct procedure vol[] = {
	{ 100, "create-volume", vol_create, vol_created }, { 101, "delete-volume", trans, NULL },
	{ 102, "restore", vol_restore, NULL }, { 103, "forward", vol_forward, NULL }, { 104, "end-trans", trans, plain_uint },
	{ 105, "clone", vol_clone, vol_cloned }, { 106, "set-flags", vol_flags, NULL }, { 107, "get-flags", trans, plain_uint },
	{ 108, "trans-create", vol_begin, trans }, { 109, "dump", vol_dump, NULL },
	{ 110, "get-nth-volume", vol_index, vol_nth }, { 111, "set-forwarding", vol_forwarding, NULL },
	{ 112, "get-name", vol_tid_alone, name }, { 113, "get-status", vol_tid_alone, vol_status },
	{ 114, "sig-restore", vol_signal, NULL }, { 115, "list-partitions", NULL, NULL },
	{ 116, "list-volumes", vol_partition, vol_list }, { 117, "set-id-types", vol_types, NULL },
	{ 118, "monitor", NULL, NULL }, { 119, "partition-info", vol_name, NULL }, { 120, "reclone", vol_tid, NULL },
	{ 121, "list-one-volume", vol_one, vol_list }, { 122, "nuke", vol_one, NULL }, { 123, "set-date", vol_date, NULL },
	{ 124, "x-list-volumes", vol_one, NULL }, { 125, "x-list-one-volume", vol_one, NULL },
	{ 126, "set-info", vol_tid, NULL }, { 127, "x-list-partitions", NULL, NULL },
	{ 128, "forward-multiple", vol_forward_all, NULL }, { 65536, "convert-ro", vol_one, NULL },
	{ 65537, "get-size", NULL, NULL }, { 65538, "dump-v2", vol_dump2, NULL },
	{ 655537, NULL, vol_dump, NULL },	/* tcpdump takes this number for get-size's */
};

/* Servers and their processes. */
ARGS(bos_create) { { STRING, NAMES, " type" }, { STRING, NAMES, " instance" }, { END } };
ARGS(bos_status) { { STRING, NAMES }, { INT, 0, " status" }, { END } };
ARGS(bos_parm) { { STRING, NAMES }, { INT, 0, " num" }, { END } };
ARGS(bos_install) { { STRING, NAMES }, { INT, 0, " size" }, { INT, 0, " flags" }, { INT, 0, " date" }, { END } };
static const struct procedure bos[] = {
	{ 80, "create-bnode", bos_create, NULL }, { 81, "delete-bnode", name, NULL }, { 82, "set-status", bos_status, NULL },
	{ 83, "get-status", name, NULL }, { 84, "enumerate-instance", plain_int, NULL }, { 85, "get-instance-info", name, NULL },
	{ 86, "get-instance-parm", bos_parm, NULL }, { 87, "add-superuser", name, NULL }, { 88, "delete-superuser", name, NULL },
	{ 89, "list-superusers", plain_int, NULL }, { 90, "list-keys", plain_int, NULL }, { 91, "add-key", plain_int, NULL },
	{ 92, "delete-key", plain_int, NULL }, { 93, "set-cell-name", name, NULL }, { 94, "get-cell-name", NULL, NULL },
	{ 95, "get-cell-host", plain_int, NULL }, { 96, "add-cell-host", name, NULL }, { 97, "delete-cell-host", name, NULL },
	{ 98, "set-t-status", bos_status, NULL }, { 99, "shutdown-all", NULL, NULL }, { 100, "restart-all", NULL, NULL },
	{ 101, "startup-all", NULL, NULL }, { 102, "set-noauth-flag", NULL, NULL }, { 103, "re-bozo", NULL, NULL },
	{ 104, "restart", name, NULL }, { 105, "start-bozo-install", bos_install, NULL }, { 106, "uninstall", name, NULL },
	{ 107, "get-dates", NULL, NULL }, { 108, "exec", name, NULL }, { 109, "prune", NULL, NULL },
	{ 110, "set-restart-time", NULL, NULL }, { 111, "get-restart-time", NULL, NULL }, { 112, "start-bozo-log", name, NULL },
	{ 113, "wait-all", NULL, NULL }, { 114, "get-instance-strings", name, NULL }, { 115, "get-restricted", NULL, NULL },
	{ 116, "set-restricted", NULL, NULL },
};

/* Ubik, which keeps the copies of a database the same. */
enum { VOTE_BEACON = 10000, VOTE_LAST = 10007, DISK_BEGIN = 20000, DISK_LAST = 20013 };
ARGS(ubik_beacon) {
	{ YES_NO, 0, " syncsite" }, { DATE, 0, " votestart" }, { VERSION, 0, " dbversion" }, { VERSION, 0, " tid" }, { END }
};
ARGS(ubik_site) { { UINT, 0, " site" }, { END } };
ARGS(ubik_tid) { { VERSION, 0, " tid" }, { END } };
ARGS(ubik_lock) {
	{ VERSION, 0, " tid" }, { INT, 0, " file" }, { INT, 0, " pos" }, { INT, 0, " length" }, { IDLE }, { END }
};
ARGS(ubik_write) { { VERSION, 0, " tid" }, { INT, 0, " file" }, { INT, 0, " pos" }, { END } };
ARGS(ubik_file) { { INT, 0, " file" }, { END } };
ARGS(ubik_send) { { INT, 0, " file" }, { INT, 0, " length" }, { VERSION, 0, " dbversion" }, { END } };
ARGS(ubik_truncate) { { VERSION, 0, " tid" }, { INT, 0, " file" }, { INT, 0, " length" }, { END } };
ARGS(ubik_set) { { VERSION, 0, " tid" }, { VERSION, 0, " oldversion" }, { VERSION, 0, " newversion" }, { END } };
ARGS(ubik_no) { { SAY, 0, " vote no" }, { END } };
ARGS(ubik_version) { { VERSION, 0, " dbversion" }, { END } };
static const struct procedure ubik_procedures[] = {
	{ 10000, "vote-beacon", ubik_beacon, ubik_no }, { 10001, "vote-debug-old", NULL, NULL },
	{ 10002, "vote-sdebug-old", NULL, NULL }, { 10003, "vote-getsyncsite", ubik_site, NULL },
	{ 10004, "vote-debug", NULL, NULL }, { 10005, "vote-sdebug", NULL, NULL }, { 10006, "vote-xdebug", NULL, NULL },
	{ 10007, "vote-xsdebug", NULL, NULL }, { 20000, "disk-begin", ubik_tid, NULL }, { 20001, "disk-commit", ubik_tid, NULL },
	{ 20002, "disk-lock", ubik_lock, NULL }, { 20003, "disk-write", ubik_write, NULL },
	{ 20004, "disk-getversion", NULL, ubik_version }, { 20005, "disk-getfile", ubik_file, NULL },
	{ 20006, "disk-sendfile", ubik_send, NULL }, { 20007, "disk-abort", ubik_tid, NULL },
	{ 20008, "disk-releaselocks", ubik_tid, NULL }, { 20009, "disk-truncate", ubik_truncate, NULL },
	{ 20010, "disk-probe", ubik_tid, NULL }, { 20011, "disk-writev", NULL, NULL },
	{ 20012, "disk-interfaceaddr", ubik_set, NULL }, { 20013, "disk-setversion", NULL, NULL },
};

#define PROCEDURES(table) table, sizeof table / sizeof *table
static const struct service services[] = {
	{ 7000, " fs", " [|fs]", PROCEDURES(fs), fs_errors, false },
	{ 7001, " cb", " [|cb]", PROCEDURES(cb), NULL, false },
	{ 7002, " pt", " [|pt]", PROCEDURES(pt), NULL, true },
	{ 7003, " vldb", " [|vldb]", PROCEDURES(vldb), NULL, true },
	{ 7004, " kauth", " [|kauth]", PROCEDURES(kauth), NULL, true },
	{ 7005, " vol", " [|vol]", PROCEDURES(vol), NULL, false },
	{ 7007, " bos", " [|bos]", PROCEDURES(bos), NULL, false },
};
static const struct service ubik = { ANY, " ubik", " [|ubik]", PROCEDURES(ubik_procedures), NULL, false };

/* --- arguments: each reads from *p on, and is false when it is cut short in a way that only it knows -------------------- */

static uint32_t
take(struct dis *d, const uint8_t **p)
{
	uint32_t v = be32(d, *p);

	*p += 4;
	return v;
}

static void
say_uint(struct dis *d, const uint8_t **p)
{
	uint32_t v = take(d, p);

	text_char(d, ' '), text_u(d, v);
}

static void
say_int(struct dis *d, const uint8_t **p)
{
	uint32_t v = take(d, p);

	text_char(d, ' '), text_i(d, (int32_t)v);
}

static void
say_date(struct dis *d, const uint8_t **p)
{
	uint32_t v = take(d, p);

	text_time(d, " %Y-%m-%d %H:%M:%S", (int32_t)v, false);
}

static bool
say_fid(struct dis *d, const uint8_t **p)
{
	if (!have(d, *p, 12))
		return false;
	text_fmt(d, " fid %u/%u/%u", raw32(*p), raw32(*p + 4), raw32(*p + 8));
	*p += 12;
	return true;
}

static bool
say_server(struct dis *d, const uint8_t **p)
{
	if (!have(d, *p, 12))
		return false;
	text_fmt(d, " server %u:%u:%u", raw32(*p), raw32(*p + 4), raw32(*p + 8));
	*p += 12;
	return true;
}

static bool
say_version(struct dis *d, const uint8_t **p)
{
	if (!have(d, *p, 8))
		return false;
	text_fmt(d, " %u.%u", raw32(*p), raw32(*p + 4));
	*p += 8;
	return true;
}

static bool
say_text(struct dis *d, const uint8_t **p, uint32_t most)
{
	uint32_t n = be32(d, *p);

	if (n > most)
		return false;
	*p += 4;
	text(d, " \"");
	if (text_str_soft(d, *p, n))
		return false;
	text_char(d, '"');
	*p += (n + 3) & ~3u;
	return true;
}

/* Every character of these has 32 bits. */
static bool
say_chars(struct dis *d, const uint8_t **p, uint32_t n)
{
	if (!have(d, *p, n * 4))
		return false;
	text(d, " \"");
	for (uint32_t i = 0; i < n && (*p)[i * 4 + 3]; i++)
		text_ascii(d, (*p)[i * 4 + 3]);
	text_char(d, '"');
	*p += n * 4;
	return true;
}

/* A UUID as eleven numbers of 32 bits: time, and clock and node byte by byte. */
static bool
say_uuid(struct dis *d, const uint8_t **p)
{
	if (!have(d, *p, 11 * 4))
		return false;
	text_fmt(d, " %08x%04x%04x", raw32(*p), raw32(*p + 4), raw32(*p + 8));
	for (unsigned i = 3; i < 11; i++)
		text_x(d, (*p)[i * 4 + 3], 2);
	*p += 11 * 4;
	return true;
}

static bool
say_status(struct dis *d, const uint8_t **p)
{
	enum { WHEN = 1, OWNER = 2, GROUP = 4, MODE = 8, SEGMENT = 16, FSYNC = 1024 };
	const uint8_t *q = *p, *when = q + 4;
	uint32_t mask;

	if (!have(d, q, 24))
		return false;
	mask = raw32(q);
	if (mask)
		text(d, " StoreStatus");
	if (mask & WHEN)
		text(d, " date"), say_date(d, &when);
	if (mask & OWNER)
		text(d, " owner "), text_u(d, raw32(q + 8));
	if (mask & GROUP)
		text(d, " group "), text_u(d, raw32(q + 12));
	if (mask & MODE)
		text_fmt(d, " mode %o", raw32(q + 16) & 07777);
	if (mask & SEGMENT)
		text(d, " segsize "), text_u(d, raw32(q + 20));
	if (mask & FSYNC)
		text(d, " fsync");
	*p += 24;
	return true;
}

/* The words of an access control list: text, with numbers in decimal. */
struct words {
	const uint8_t *p, *end;
};

static void
skip_blanks(struct words *w)
{
	while (w->p < w->end && (*w->p == ' ' || (*w->p >= '\t' && *w->p <= '\r')))
		w->p++;
}

static bool
word_number(struct words *w, int32_t *v)
{
	bool minus = false, any = false;
	uint32_t n = 0;

	skip_blanks(w);
	if (w->p < w->end && (*w->p == '-' || *w->p == '+'))
		minus = *w->p++ == '-';
	for (; w->p < w->end && *w->p >= '0' && *w->p <= '9'; w->p++, any = true)
		n = n * 10 + (*w->p - '0');
	*v = (int32_t)(minus ? -n : n);
	return any;
}

/* n lines; false when one makes no sense. */
static bool
say_rights(struct dis *d, struct words *w, int32_t n, char sign)
{
	static const struct name rights[] = {	/* in the order of the fs command */
		{ 1, "r" }, { 8, "l" }, { 4, "i" }, { 16, "d" }, { 2, "w" }, { 32, "k" }, { 64, "a" }, { 0, NULL }
	};

	for (; n > 0; n--) {
		const uint8_t *user, *user_end;
		int32_t bits;

		skip_blanks(w);
		user = w->p;
		while (w->p < w->end && w->p < user + OPAQUE && *w->p != ' ' && !(*w->p >= '\t' && *w->p <= '\r'))
			w->p++;
		user_end = w->p;
		if (user == user_end || !word_number(w, &bits))
			return false;
		skip_blanks(w);
		text_char(d, ' '), text_char(d, sign), text_char(d, '{');
		text_str_soft(d, user, (uint32_t)(user_end - user));
		text_char(d, ' ');
		for (const struct name *r = rights; r->name; r++)
			if ((uint32_t)bits & r->value)
				text(d, r->name);
		text_char(d, '}');
	}
	return true;
}

/* "<positive> <negative>" and a line "<user> <bits>" for each. */
static bool
say_acl(struct dis *d, const uint8_t **p)
{
	uint32_t n = take(d, p);
	struct words w = { .p = *p };
	int32_t positive, negative;

	if (!have(d, *p, n))
		return false;
	w.end = *p + strnlen((const char *)*p, n < OPAQUE ? n : OPAQUE);
	*p += n;
	if (!word_number(&w, &positive) || !word_number(&w, &negative))
		return true;
	skip_blanks(&w);
	if (say_rights(d, &w, positive, '+'))
		say_rights(d, &w, negative, '-');
	return true;
}

/* Lists: their length comes first. */
static bool
say_list(struct dis *d, unsigned kind, const uint8_t **p)
{
	const bool commas = kind == FIDS || kind == SERVERS || kind == VOLUMES;
	uint32_t n = take(d, p);

	if (kind == CALLBACKS && n)
		text_char(d, ';');
	for (uint32_t i = 0; i < n && !d->lost; i++) {
		bool whole = true;

		switch (kind) {
		case FIDS:
			whole = say_fid(d, p);
			break;
		case SERVERS:
			whole = say_server(d, p);
			break;
		case INTS:
			say_int(d, p);
			break;
		case NAMES_OF:
			whole = say_chars(d, p, PR_NAME);
			break;
		case CALLBACKS:
			text(d, " ver"), say_int(d, p);
			text(d, " expires"), say_date(d, p);
			take(d, p);
			break;
		default:
			text(d, " name");
			if ((whole = say_chars(d, p, 32))) {
				text(d, " volid"), say_uint(d, p);
				text(d, " type");
				*p += 21 * 4;
			}
			break;
		}
		if (!whole)
			return false;
		if (commas && i != n - 1)
			text_char(d, ',');
	}
	if (n == 0 && kind != CALLBACKS)
		text(d, " <none!>");
	return true;
}

/* Servers, their partitions and flags, and the volume's numbers. */
static bool
say_places(struct dis *d, const uint8_t **p, unsigned most)
{
	const bool uuids = most == 0;
	uint32_t n;

	if (uuids)
		most = 13;
	text(d, " numservers");
	n = be32(d, *p);
	say_uint(d, p);
	text(d, " servers");
	for (unsigned i = 0; i < most; i++) {
		if (uuids && i < n) {
			text(d, " afsuuid");
			if (!say_uuid(d, p))
				return false;
			continue;
		}
		if (!have(d, *p, uuids ? 44 : 4))
			return false;
		if (i < n)
			text_char(d, ' '), text_ip4_plain(d, *p);
		*p += uuids ? 44 : 4;
	}
	if (uuids) {
		if (!have(d, *p, 4 * most))
			return false;
		*p += 4 * most;
	}
	text(d, " partitions");
	for (unsigned i = 0; i < most; i++) {
		uint32_t partition = take(d, p);

		if (i < n && partition <= 26)
			text_char(d, ' '), text_char(d, (char)('a' + partition));
		else if (i < n)
			text_char(d, ' '), text_u(d, partition);
	}
	if (!have(d, *p, 4 * most))
		return false;
	*p += 4 * most;
	text(d, " rwvol"), say_uint(d, p);
	text(d, " rovol"), say_uint(d, p);
	text(d, " backup"), say_uint(d, p);
	return true;
}

static bool
say_arg(struct dis *d, const struct arg *a, const uint8_t **p)
{
	static const char *const volume_types[] = { " type read-write", " type read-only", " type backup" };
	uint32_t v;

	if (a->label)
		text(d, a->label);
	switch (a->kind) {
	case INT:
		say_int(d, p);
		return true;
	case UINT:
		say_uint(d, p);
		return true;
	case WIDE:
		text_fmt(d, " %llu", (unsigned long long)be64(d, *p));
		*p += 8;
		return true;
	case DATE:
		say_date(d, p);
		return true;
	case STRING:
		return say_text(d, p, a->most);
	case CHARS:
		return say_chars(d, p, a->most);
	case SKIP_BYTES:
		v = take(d, p);
		if (!have(d, *p, v))
			return false;
		*p += v;
		return true;
	case FID:
		return say_fid(d, p);
	case STATUS:
		return say_status(d, p);
	case ACL:
		return say_acl(d, p);
	case UUID:
		return say_uuid(d, p);
	case VERSION:
		return say_version(d, p);
	case SERVER:
		return say_server(d, p);
	case YES_NO:
		v = take(d, p);
		text(d, v ? " yes" : " no");
		return true;
	case VOLUME_TYPE:
		v = take(d, p);
		if (v < sizeof volume_types / sizeof *volume_types)
			text(d, volume_types[v]);
		return true;
	case IDLE:
		take(d, p);
		return true;
	case PLACES:
		return say_places(d, p, a->most);
	case PAUSE:
		if (!have(d, *p, 4))
			return false;
		*p += 4;
		return true;
	case SAY:
		return true;
	default:
		return say_list(d, a->kind, p);
	}
}

static void
say_args(struct dis *d, const struct service *s, const struct arg *a, const uint8_t *p)
{
	for (; a && a->kind != END; a++)
		if (!say_arg(d, a, &p)) {
			text(d, s->cut);
			return;
		}
}

/* --- calls and replies -------------------------------------------------------------------------------------------- */

static const struct service *
service_at(unsigned port)
{
	for (size_t i = 0; i < sizeof services / sizeof *services; i++)
		if (services[i].port == port)
			return &services[i];
	return NULL;
}

/* Says what the procedure is called; Ubik's are those of a service of their own. */
static const struct procedure *
say_procedure(struct dis *d, const struct service **s, const char *what, uint32_t code)
{
	const struct procedure *found = NULL;

	text(d, (*s)->name);
	if ((*s)->replicated && ((code >= VOTE_BEACON && code <= VOTE_LAST) || (code >= DISK_BEGIN && code <= DISK_LAST))) {
		*s = &ubik;
		text(d, ubik.name);
	}
	text(d, what);
	for (size_t i = 0; i < (*s)->n; i++)
		if ((*s)->procedures[i].code == code)
			found = &(*s)->procedures[i];
	if (found && found->name)
		text(d, found->name);
	else
		text(d, "op#"), text_u(d, code);
	return found;
}

void
rx_afs_call(struct dis *d, unsigned port, const uint8_t *p, uint32_t len)
{
	const struct service *s = service_at(port);
	const struct procedure *call;
	uint32_t code;

	if (s == NULL || len <= RX_HEADER)
		return;
	code = be32(d, p + RX_HEADER);
	call = say_procedure(d, &s, " call ", code);
	if (call)
		say_args(d, s, call->in, p + RX_HEADER + 4);
}

void
rx_afs_reply(struct dis *d, unsigned port, const uint8_t *p, uint32_t len, uint32_t opcode)
{
	const struct service *s = service_at(port);
	const struct procedure *call;
	const bool data = p[RX_TYPE] == RX_DATA;
	const uint8_t *body = p + RX_HEADER;
	uint32_t code;

	if (s == NULL || len < RX_HEADER || (len == RX_HEADER && !s->replicated))
		return;
	call = say_procedure(d, &s, " reply ", opcode);
	if (data) {
		if (call)
			say_args(d, s, call->out, body);
	} else if (s->errors) {
		code = be32(d, body);
		text(d, " error ");
		text_name(d, s->errors, code, "#%d");
	} else if (s == &ubik && opcode == VOTE_BEACON) {
		/* A vote for the one who asks. */
		text(d, " vote yes until");
		say_date(d, &body);
	} else {
		text(d, " errcode");
		say_int(d, &body);
	}
}
