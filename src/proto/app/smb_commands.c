/* What is in the commands of SMB version 1 ([MS-CIFS] section 2.2.4), row by row, and the names of their parts. */
#include "proto/app/smb.h"

/* Kinds of row, short enough for tables. */
enum {
	GATE = SMB_GATE, EACH = SMB_EACH, SKIP = SMB_SKIP, N8 = SMB_DEC8, N16 = SMB_DEC16, N32 = SMB_DEC32, N64 = SMB_DEC64,
	INT = SMB_INT32, X8 = SMB_HEX8, X16 = SMB_HEX16, X32 = SMB_HEX32, ATTR = SMB_ATTR16, BUFFER = SMB_BUFFER,
	STRING = SMB_STRING, FIXED = SMB_FIXED, TIME = SMB_DATE_DOS, NTTIME = SMB_FILETIME, WORDS = SMB_WORDS,
};
#define SMB_ROWS_OF(name) static const struct smb_row name[] =

/* Paths and names. */
SMB_ROWS_OF(a_path) { { BUFFER, 0, "Path=", .field = F_SMB_PATH }, { 0 } };
SMB_ROWS_OF(two_paths) {
	{ BUFFER, 0, "OldPath=", .field = F_SMB_PATH }, { BUFFER, 0, "NewPath=", .field = F_SMB_PATH }, { 0 }
};
SMB_ROWS_OF(copy_paths) {
	{ STRING, 0, "Path=", .field = F_SMB_PATH }, { STRING, 0, "NewPath=", .field = F_SMB_PATH }, { 0 }
};
SMB_ROWS_OF(open_path) { { STRING, 0, "Path=", .field = F_SMB_PATH }, { 0 } };
SMB_ROWS_OF(create_path) { { SMB_COUNTED, 0, "Path=", .field = F_SMB_PATH }, { 0 } };
SMB_ROWS_OF(error_string) { { GATE }, { STRING, 0, "ErrStr=" }, { 0 } };
SMB_ROWS_OF(ident) { { BUFFER, 0, "Ident=" }, { 0 } };
SMB_ROWS_OF(ends) { { BUFFER, 0, "Source=" }, { BUFFER, 0, "Dest=" }, { 0 } };
SMB_ROWS_OF(service) { { SMB_ASCII, 0, "ServiceType=", .field = F_SMB_SERVICE }, { 0 } };
SMB_ROWS_OF(tree) {
	{ BUFFER, 0, "Path=", .field = F_SMB_PATH }, { BUFFER, 0, "Password=" },
	{ BUFFER, 0, "Device=", .field = F_SMB_SERVICE }, { 0 }
};

/* What several commands consist of. */
SMB_ROWS_OF(handle) { { N16, 0, "Handle=" }, { 0 } };
SMB_ROWS_OF(count) { { N16, 0, "Count=" }, { 0 } };
SMB_ROWS_OF(group) { { N16, 0, "GroupID=" }, { 0 } };
SMB_ROWS_OF(attributes) { { ATTR, 0, "Attrib=" }, { 0 } };
SMB_ROWS_OF(attributes_time) { { ATTR, 0, "Attrib=" }, { TIME, 0, "Time=", "" }, { 0 } };
SMB_ROWS_OF(transfer) {
	{ N16, 0, "Handle=" }, { N16, 0, "ByteCount=" }, { INT, 0, "Offset=" }, { N16, 0, "CountLeft=" }, { 0 }
};
SMB_ROWS_OF(transferred) { { N16, 0, "Count=" }, { WORDS, 4, "Res=(", ")\n" }, { 0 } };
SMB_ROWS_OF(lock) { { N16, 0, "Handle=" }, { N32, 0, "Count=" }, { INT, 0, "Offset=" }, { 0 } };
SMB_ROWS_OF(copy) { { N16, 0, "TreeID2=" }, { X16, 0, "OFun=" }, { X16, 0, "Flags=" }, { 0 } };

/* Attributes and times. */
SMB_ROWS_OF(getatr) {
	{ ATTR, 0, "Attribute=" }, { TIME, 0, "Time=", "" }, { N32, 0, "Size=" }, { WORDS, 5, "Res=(", ")\n" }, { 0 }
};
SMB_ROWS_OF(setatr) { { ATTR, 0, "Attribute=" }, { TIME, 0, "Time=", "" }, { WORDS, 5, "Res=(", ")\n" }, { 0 } };
SMB_ROWS_OF(set_times) {
	{ N16, 0, "Handle=" }, { TIME, 0, "CreationTime=", "" }, { TIME, 0, "AccessTime=", "" },
	{ TIME, 0, "ModifyTime=", "" }, { 0 }
};
SMB_ROWS_OF(got_times) {
	{ TIME, 0, "CreationTime=", "" }, { TIME, 0, "AccessTime=", "" }, { TIME, 0, "ModifyTime=", "" },
	{ N32, 0, "Size=" }, { N32, 0, "AllocSize=" }, { ATTR, 0, "Attribute=" }, { 0 }
};
SMB_ROWS_OF(disk) {
	{ N16, 0, "TotalUnits=" }, { N16, 0, "BlocksPerUnit=" }, { N16, 0, "BlockSize=" }, { N16, 0, "FreeUnits=" },
	{ X16, 0, "Media=" }, { 0 }
};

/* Opening and closing. */
SMB_ROWS_OF(open_mode) { { X16, 0, "Mode=" }, { ATTR, 0, "Attribute=" }, { 0 } };
SMB_ROWS_OF(opened) {
	{ N16, 0, "Handle=" }, { ATTR, 0, "OAttrib=" }, { TIME, 0, "Time=", "" }, { N32, 0, "Size=" },
	{ X16, 0, "Access=" }, { 0 }
};
SMB_ROWS_OF(close_) { { N16, 0, "Handle=" }, { TIME, 0, "Time=", "" }, { 0 } };
SMB_ROWS_OF(open_x) {
	{ X16, 0, "Com2=" }, { N16, 0, "Off2=" }, { X16, 0, "Flags=" }, { X16, 0, "Mode=" }, { ATTR, 0, "SearchAttrib=" },
	{ ATTR, 0, "Attrib=" }, { TIME, 0, "Time=", "" }, { X16, 0, "OFun=" }, { N32, 0, "Size=" },
	{ INT, 0, "TimeOut=" }, { X32, 0, "Res=" }, { 0 }
};
SMB_ROWS_OF(opened_x) {
	{ X16, 0, "Com2=" }, { N16, 0, "Off2=" }, { N16, 0, "Handle=" }, { ATTR, 0, "Attrib=" }, { TIME, 0, "Time=", "" },
	{ N32, 0, "Size=" }, { X16, 0, "Access=" }, { X16, 0, "Type=" }, { X16, 0, "State=" }, { X16, 0, "Action=" },
	{ X32, 0, "FileID=" }, { X16, 0, "Res=" }, { 0 }
};
SMB_ROWS_OF(create_x) {
	{ X16, 0, "Com2=" }, { N16, 0, "Off2=" }, { N8, 0, "Res=" }, { SMB_COUNT16, 0, "NameLen=" }, { X32, 0, "Flags=" },
	{ N32, 0, "RootDirectoryFid=" }, { X32, 0, "AccessMask=" }, { N64, 0, "AllocationSize=" },
	{ X32, 0, "ExtFileAttributes=" }, { X32, 0, "ShareAccess=" }, { X32, 0, "CreateDisposition=" },
	{ X32, 0, "CreateOptions=" }, { X32, 0, "ImpersonationLevel=" }, { N8, 0, "SecurityFlags=" }, { 0 }
};
SMB_ROWS_OF(created_x) {
	{ X16, 0, "Com2=" }, { N16, 0, "Off2=" }, { N8, 0, "OplockLevel=" }, { N16, 0, "Fid=" }, { X32, 0, "CreateAction=" },
	{ NTTIME, 0, "CreateTime=", "" }, { NTTIME, 0, "LastAccessTime=", "" }, { NTTIME, 0, "LastWriteTime=", "" },
	{ NTTIME, 0, "ChangeTime=", "" }, { X32, 0, "ExtFileAttributes=" }, { N64, 0, "AllocationSize=" },
	{ N64, 0, "EndOfFile=" }, { X16, 0, "FileType=" }, { X16, 0, "DeviceState=" }, { N8, 0, "Directory=" }, { 0 }
};

/* Reading and writing. */
SMB_ROWS_OF(seek) { { N16, 0, "Handle=" }, { X16, 0, "Mode=" }, { INT, 0, "Offset=" }, { 0 } };
SMB_ROWS_OF(sought) { { INT, 0, "Offset=" }, { 0 } };
SMB_ROWS_OF(read_raw) {
	{ N16, 0, "Handle=" }, { INT, 0, "Offset=" }, { N16, 0, "MaxCount=" }, { N16, 0, "MinCount=" },
	{ INT, 0, "TimeOut=" }, { N16, 0, "Res=" }, { 0 }
};
SMB_ROWS_OF(read_mpx) {
	{ N16, 0, "Handle=" }, { INT, 0, "Offset=" }, { N16, 0, "MaxCount=" }, { N16, 0, "MinCount=" },
	{ INT, 0, "TimeOut=" }, { X16, 0, "Res=" }, { 0 }
};
SMB_ROWS_OF(read_mpx_reply) {
	{ INT, 0, "Offset=" }, { N16, 0, "TotCount=" }, { N16, 0, "Remaining=" }, { WORDS, 2, "Res=(", ")\n" },
	{ N16, 0, "DataSize=" }, { N16, 0, "DataOff=" }, { 0 }
};
SMB_ROWS_OF(write_raw) {
	{ N16, 0, "Handle=" }, { N16, 0, "TotalCount=" }, { X16, 0, "Res=" }, { INT, 0, "Offset=" }, { INT, 0, "TimeOut=" },
	{ X16, 0, "WMode=" }, { X32, 0, "Res2=" }, { GATE }, { N16, 0, "DataSize=" }, { N16, 0, "DataOff=" }, { 0 }
};
SMB_ROWS_OF(write_raw_reply) { { SMB_TEXT, 0, "WriteRawAck" }, { 0 } };
SMB_ROWS_OF(write_mpx) {
	{ N16, 0, "Handle=" }, { N16, 0, "TotCount=" }, { X16, 0, "Res=" }, { INT, 0, "Offset=" }, { INT, 0, "TimeOut=" },
	{ X16, 0, "WMode=" }, { X32, 0, "Res2=" }, { N16, 0, "DataSize=" }, { N16, 0, "DataOff=" }, { 0 }
};
SMB_ROWS_OF(remaining) { { N16, 0, "Remaining=" }, { 0 } };
SMB_ROWS_OF(write_mpx_more) {
	{ N16, 0, "Handle=" }, { N16, 0, "TotCount=" }, { INT, 0, "Offset=" }, { X32, 0, "Res=" }, { N16, 0, "DataSize=" },
	{ N16, 0, "DataOff=" }, { 0 }
};
SMB_ROWS_OF(write_close) {
	{ N16, 0, "Handle=" }, { N16, 0, "Count=" }, { INT, 0, "Offset=" }, { TIME, 0, "Time=", "" },
	{ WORDS, 6, "Res=(", ")" }, { 0 }
};
SMB_ROWS_OF(read_x) {
	{ X16, 0, "Com2=" }, { N16, 0, "Off2=" }, { N16, 0, "Handle=" }, { INT, 0, "Offset=" }, { N16, 0, "MaxCount=" },
	{ N16, 0, "MinCount=" }, { INT, 0, "TimeOut=" }, { N16, 0, "CountLeft=" }, { 0 }
};
SMB_ROWS_OF(read_x_reply) {
	{ X16, 0, "Com2=" }, { N16, 0, "Off2=" }, { N16, 0, "Remaining=" }, { X32, 0, "Res=" }, { N16, 0, "DataSize=" },
	{ N16, 0, "DataOff=" }, { WORDS, 4, "Res=(", ")\n" }, { 0 }
};
SMB_ROWS_OF(write_x) {
	{ X16, 0, "Com2=" }, { N16, 0, "Off2=" }, { N16, 0, "Handle=" }, { INT, 0, "Offset=" }, { INT, 0, "TimeOut=" },
	{ X16, 0, "WMode=" }, { N16, 0, "CountLeft=" }, { X16, 0, "Res=" }, { N16, 0, "DataSize=" },
	{ N16, 0, "DataOff=" }, { 0 }
};
SMB_ROWS_OF(write_x_reply) {
	{ X16, 0, "Com2=" }, { N16, 0, "Off2=" }, { N16, 0, "Count=" }, { N16, 0, "Remaining=" }, { X32, 0, "Res=" }, { 0 }
};

/* Searching. */
SMB_ROWS_OF(search) { { N16, 0, "Count=" }, { ATTR, 0, "Attrib=" }, { 0 } };
#define SEARCH_KEY \
	{ X8, 0, "Res1=" }, { FIXED, 11, "Mask=" }, { X8, 0, "Srv1=" }, { N16, 0, "DirIndex=" }, { X16, 0, "Srv2=" }
SMB_ROWS_OF(search_for) {
	{ BUFFER, 0, "Path=", .field = F_SMB_PATH }, { X8, 0, "BlkType=" }, { N16, 0, "BlkLen=" }, { GATE },
	SEARCH_KEY, { X32, 0, "Res2=" }, { 0 }
};
SMB_ROWS_OF(find_for) {
	{ BUFFER, 0, "Path=", .field = F_SMB_PATH }, { X8, 0, "BlkType=" }, { N16, 0, "BlkLen=" }, { GATE },
	SEARCH_KEY, { 0 }
};
SMB_ROWS_OF(found) {
	{ X8, 0, "BlkType=" }, { N16, 0, "BlkLen=" }, { EACH }, { SMB_TEXT, 0, "\n" }, SEARCH_KEY, { X32, 0, "Res2=" },
	{ SMB_ATTR8, 0, "Attrib=" }, { SMB_DOS_DATE, 0, "Time=", "" }, { N32, 0, "Size=" }, { FIXED, 13, "Name=" }, { 0 }
};

/* Printing, sessions, trees. */
SMB_ROWS_OF(spool) { { N16, 0, "SetupLen=" }, { X16, 0, "Mode=" }, { 0 } };
SMB_ROWS_OF(queue) { { N16, 0, "MaxCount=" }, { N16, 0, "StartIndex=" }, { 0 } };
SMB_ROWS_OF(queued) { { N16, 0, "Count=" }, { N16, 0, "Index=" }, { 0 } };
SMB_ROWS_OF(jobs) {
	{ EACH }, { TIME, 0, "Time=", "" }, { X8, 0, "Status=" }, { N16, 0, "JobID=" }, { N32, 0, "Size=" },
	{ X8, 0, "Res=", "" }, { FIXED, 16, "Name=" }, { 0 }
};
SMB_ROWS_OF(tree_reply) { { N16, 0, "MaxXmit=" }, { N16, 0, "TreeId=" }, { 0 } };
SMB_ROWS_OF(tree_x) {
	{ X16, 0, "Com2=" }, { N16, 0, "Off2=" }, { X16, 0, "Flags=" }, { N16, 0, "PassLen=" },
	{ SMB_TEXT, 0, "Passwd&Path&Device=\n" }, { 0 }
};
SMB_ROWS_OF(and_x) { { X16, 0, "Com2=" }, { N16, 0, "Off2=" }, { 0 } };
SMB_ROWS_OF(echo) { { N16, 0, "ReverbCount=" }, { 0 } };
SMB_ROWS_OF(echoed) { { N16, 0, "SequenceNum=" }, { 0 } };
SMB_ROWS_OF(copied) { { N16, 0, "CopyCount=" }, { 0 } };
SMB_ROWS_OF(moved) { { N16, 0, "MoveCount=" }, { 0 } };

const struct smb_command smb_unknown = { .name = "SMBunknown" };

/* In order of code. */
const struct smb_command smb_commands[] = {
	{ 0x00, .name = "SMBmkdir", .ask_bytes = a_path },
	{ 0x01, .name = "SMBrmdir", .ask_bytes = a_path },
	{ 0x02, .name = "SMBopen", .ask_words = open_mode, .ask_bytes = a_path, .tell_words = opened },
	{ 0x03, .name = "SMBcreate", .ask_words = attributes_time, .ask_bytes = a_path, .tell_words = handle },
	{ 0x04, .name = "SMBclose", .ask_words = close_ },
	{ 0x05, .name = "SMBflush", .ask_words = handle },
	{ 0x06, .name = "SMBunlink", .ask_words = attributes, .ask_bytes = a_path },
	{ 0x07, .name = "SMBmv", .ask_words = attributes, .ask_bytes = two_paths },
	{ 0x08, .name = "SMBgetatr", .ask_bytes = a_path, .tell_words = getatr },
	{ 0x09, .name = "SMBsetatr", .ask_words = setatr, .ask_bytes = a_path },
	{ 0x0a, .name = "SMBread", .ask_words = transfer, .tell_words = transferred },
	{ 0x0b, .name = "SMBwrite", .ask_words = transfer, .tell_words = count },
	{ 0x0c, .name = "SMBlock", .ask_words = lock },
	{ 0x0d, .name = "SMBunlock", .ask_words = lock },
	{ 0x0e, .name = "SMBctemp" },
	{ 0x0f, .name = "SMBmknew", .ask_words = attributes_time, .ask_bytes = a_path, .tell_words = handle },
	{ 0x10, .name = "SMBchkpth", .ask_bytes = a_path },
	{ 0x11, .name = "SMBexit" },
	{ 0x12, .name = "SMBlseek", .ask_words = seek, .ask_bytes = sought },
	{ 0x13, .name = "SMBlockread", .ask_words = transfer, .tell_words = transferred },
	{ 0x14, .name = "SMBwriteunlock", .ask_words = transfer, .tell_words = count },
	{ 0x1a, .name = "SMBreadbraw", .ask_words = read_raw },
	{ 0x1b, .name = "SMBreadBmpx", .ask_words = read_mpx, .tell_words = read_mpx_reply },
	{ 0x1c, .name = "SMBreadBs" },
	{ 0x1d, .name = "SMBwritebraw", .ask_words = write_raw, .tell_words = write_raw_reply },
	{ 0x1e, .name = "SMBwriteBmpx", .ask_words = write_mpx, .tell_words = remaining },
	{ 0x1f, .name = "SMBwriteBs", .ask_words = write_mpx_more, .tell_words = count },
	{ 0x20, .name = "SMBwritec", .tell_words = count },
	{ 0x22, .name = "SMBsetattrE", .ask_words = set_times },
	{ 0x23, .name = "SMBgetattrE", .ask_words = handle, .tell_words = got_times },
	{ 0x24, true, SMB_LOCKING, .name = "SMBlockingX" },
	{ 0x25, false, SMB_TRANS, .name = "SMBtrans" },
	{ 0x26, .name = "SMBtranss" },
	{ 0x27, .name = "SMBioctl" },
	{ 0x28, .name = "SMBioctls" },
	{ 0x29, .name = "SMBcopy", .ask_words = copy, .ask_bytes = copy_paths, .tell_words = copied, .tell_bytes = error_string },
	{ 0x2a, .name = "SMBmove", .ask_words = copy, .ask_bytes = copy_paths, .tell_words = moved, .tell_bytes = error_string },
	{ 0x2b, .name = "SMBecho", .ask_words = echo, .tell_words = echoed },
	{ 0x2c, .name = "SMBwriteclose", .ask_words = write_close, .tell_words = count },
	{ 0x2d, true, .name = "SMBopenX", .ask_words = open_x, .ask_bytes = open_path, .tell_words = opened_x },
	{ 0x2e, true, .name = "SMBreadX", .ask_words = read_x, .tell_words = read_x_reply },
	{ 0x2f, true, .name = "SMBwriteX", .ask_words = write_x, .tell_words = write_x_reply },
	{ 0x32, false, SMB_TRANS2, .name = "SMBtrans2" },
	{ 0x33, .name = "SMBtranss2" },
	{ 0x34, .name = "SMBfindclose", .ask_words = handle },
	{ 0x35, .name = "SMBfindnclose", .ask_words = handle },
	{ 0x70, .name = "SMBtcon", .ask_bytes = tree, .tell_words = tree_reply },
	{ 0x71, .name = "SMBtdis" },
	{ 0x72, false, SMB_NEGOTIATE, .name = "SMBnegprot" },
	{ 0x73, true, SMB_SETUP, .name = "SMBsesssetupX" },
	{ 0x74, true, .name = "SMBulogoffX" },
	{ 0x75, true, .name = "SMBtconX", .ask_words = tree_x, .tell_words = and_x, .tell_bytes = service },
	{ 0x80, .name = "SMBdskattr", .tell_words = disk },
	{ 0x81, .name = "SMBsearch", .ask_words = search, .ask_bytes = search_for, .tell_words = count, .tell_bytes = found },
	{ 0x82, .name = "SMBffirst", .ask_words = search, .ask_bytes = find_for, .tell_words = count, .tell_bytes = found },
	{ 0x83, .name = "SMBfunique", .ask_words = search, .ask_bytes = find_for, .tell_words = count, .tell_bytes = found },
	{ 0x84, .name = "SMBfclose", .ask_words = search, .ask_bytes = find_for, .tell_words = count, .tell_bytes = found },
	{ 0xa0, .name = "SMBnttrans" },
	{ 0xa1, .name = "SMBnttranss" },
	{ 0xa2, true, .name = "SMBntcreateX", .ask_words = create_x, .ask_bytes = create_path, .tell_words = created_x },
	{ 0xa4, .name = "SMBntcancel" },
	{ 0xc0, .name = "SMBsplopen", .ask_words = spool, .ask_bytes = ident, .tell_words = handle },
	{ 0xc1, .name = "SMBsplwr", .ask_words = handle },
	{ 0xc2, .name = "SMBsplclose", .ask_words = handle },
	{ 0xc3, .name = "SMBsplretq", .ask_words = queue, .tell_words = queued, .tell_bytes = jobs },
	{ 0xd0, .name = "SMBsends", .ask_bytes = ends },
	{ 0xd1, .name = "SMBsendb", .ask_bytes = ends },
	{ 0xd2, .name = "SMBfwdname" },
	{ 0xd3, .name = "SMBcancelf" },
	{ 0xd4, .name = "SMBgetmac" },
	{ 0xd5, .name = "SMBsendstrt", .ask_bytes = ends, .tell_words = group },
	{ 0xd6, .name = "SMBsendend", .ask_words = group },
	{ 0xd7, .name = "SMBsendtxt", .ask_words = group },
	{ 0 }
};

SMB_ROWS_OF(open2) {
	{ X16, 0, "Flags2=" }, { X16, 0, "Mode=" }, { ATTR, 0, "SearchAttrib=" }, { ATTR, 0, "Attrib=" }, { TIME, 0, "Time=" },
	{ X16, 0, "OFun=" }, { N32, 0, "Size=" }, { SMB_WORDS_APART, 5, "Res=(", ")\n" },
	{ STRING, 0, "Path=", "", .field = F_SMB_PATH }, { 0 }
};
SMB_ROWS_OF(opened2) {
	{ N16, 0, "Handle=" }, { ATTR, 0, "Attrib=" }, { TIME, 0, "Time=" }, { N32, 0, "Size=" }, { X16, 0, "Access=" },
	{ X16, 0, "Type=" }, { X16, 0, "State=" }, { X16, 0, "Action=" }, { X32, 0, "Inode=" }, { N16, 0, "OffErr=" },
	{ GATE }, { N16, 0, "EALength=" }, { 0 }
};

const struct smb_command smb_trans2[] = {
	{ 0, .name = "TRANSACT2_OPEN", .ask_words = open2, .tell_words = opened2 },
	{ 1, .name = "TRANSACT2_FINDFIRST" },
	{ 2, .name = "TRANSACT2_FINDNEXT" },
	{ 3, .name = "TRANSACT2_QFSINFO" },
	{ 4, .name = "TRANSACT2_SETFSINFO" },
	{ 5, .name = "TRANSACT2_QPATHINFO" },
	{ 6, .name = "TRANSACT2_SETPATHINFO" },
	{ 7, .name = "TRANSACT2_QFILEINFO" },
	{ 8, .name = "TRANSACT2_SETFILEINFO" },
	{ 9, .name = "TRANSACT2_FSCTL" },
	{ 10, .name = "TRANSACT2_IOCTL" },
	{ 11, .name = "TRANSACT2_FINDNOTIFYFIRST" },
	{ 12, .name = "TRANSACT2_FINDNOTIFYNEXT" },
	{ 13, .name = "TRANSACT2_MKDIR" },
	{ 0 }
};
