#include "cmd/intake.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/expression.h"
#include "cmd/privilege.h"
#include "cmd/sandbox.h"
#include "cmd/say.h"
#include "cmd/signals.h"
#include "io/merge.h"

void
intake_say_link(uint32_t link)
{
	const char *name = pcap_datalink_val_to_name((int)link);

	if (name)
		fprintf(stderr, ", link-type %s (%s)", name, pcap_datalink_val_to_description((int)link));
	else
		fprintf(stderr, ", link-type %u", link);
}

/* The list's next name, which stays in i->path; NULL after the last. */
static const char *
list_next(struct intake *i)
{
	if (!fgets(i->path, sizeof i->path, i->list))
		return NULL;
	i->path[strcspn(i->path, "\n")] = '\0';
	return i->path;
}

/* Opens the next file of the list. False with e->text empty: there is none. */
static bool
open_next(struct intake *i, struct err *e)
{
	int fd = -1;

	e->text[0] = '\0';
	if (i->list ? !list_next(i) : !aide_next(i->aide, i->path, sizeof i->path, &fd, e))
		return false;
	i->source = fd >= 0 ? source_take_file(fd, i->path, e) : source_open_by(i->path, false, privilege_raise, e);
	if (i->source && i->o.opened)
		i->o.opened(i->source);
	return i->source != NULL;
}

static void
tell_opened(void *ctx, const struct source *s)
{
	const struct intake *i = ctx;

	if (i->o.opened)
		i->o.opened(s);
}

static void
say_damaged(void *ctx, const struct err *e)
{
	struct intake *i = ctx;

	i->damaged = true;
	say_error("%s", e->text);
}

/* --- who may do what --------------------------------------------------------------------------------------------------- */

static struct filter_options
filter_options(const struct intake *i)
{
	return (struct filter_options) { .expression = i->expression, .optimize = i->o.optimize, .netmask = i->mask,
		.file = intake_from_files(i), .interpret = i->o.interpret };
}

/* A list that may still be written: its names are not known before. */
static bool
is_growing(const char *list)
{
	struct stat st;

	return (strcmp(list, "-") == 0 ? fstat(STDIN_FILENO, &st) : stat(list, &st)) == 0 && !S_ISREG(st.st_mode);
}

static bool
start_aide(struct intake *i, struct err *e)
{
	const struct filter_options filter = filter_options(i);
	struct aide_options o = { .user = i->user, .no_sandbox = i->o.no_sandbox, .report = i->o.report,
		.command = i->o.command, .written = i->o.write };

	if (!i->o.no_sandbox) {
		o.names = i->o.names;
		/* An interface's is compiled before the sandbox. */
		if (intake_from_files(i) && i->expression && expression_has_names(i->expression))
			o.filter = &filter;
		if (i->o.read_list && is_growing(i->o.read_list))
			i->list_by_aide = (o.list = i->o.read_list) != NULL;
	}
	if (!o.names && !o.command && !o.filter && !o.list)
		return true;
	i->aide = aide_start(&o, e);
	i->names_by_aide = i->aide && o.names;
	return i->aide != NULL;
}

/* The files of -V's list may be read. */
static bool
may_read_listed(struct intake *i, struct sandbox *s)
{
	bool ok = true;

	while (ok && list_next(i))
		ok = sandbox_read(s, i->path);
	rewind(i->list);
	return ok;
}

static bool
may_read(struct intake *i, struct sandbox *s)
{
	/* What the C library may look at for a date's sake. */
	bool ok = sandbox_read(s, "/etc/localtime") && sandbox_read(s, "/usr/share/zoneinfo");
	const char *path;

	for (size_t k = 0; ok && i->files && (path = reads_at(i->files, k)) != NULL; k++)
		ok = sandbox_read(s, path);
	if (ok && i->list)
		ok = may_read_listed(i, s);
	if (ok && i->source && i->source->live) {
		int fds[LIVE_DESCRIPTORS_MAX];
		size_t n = live_descriptors(i->source, fds, LIVE_DESCRIPTORS_MAX);
		char counts[64];

		for (size_t k = 0; ok && k < n; k++)
			ok = sandbox_capture(s, fds[k]);

		snprintf(counts, sizeof counts, "/sys/class/net/%.16s/statistics", i->source->name);
		ok = ok && sandbox_read(s, counts) && sandbox_read(s, "/proc/net/dev");
	}
	return ok;
}

static bool
confine(struct intake *i, struct err *e)
{
	static const char title[] = "the process that reads packets";
	struct sandbox *s;
	bool ok;

	if (i->aide && !aide_await(i->aide, e))
		return false;
	if (i->o.no_sandbox) {
		say_warning("--no-sandbox: what is wrong with a packet may become what is wrong with this machine");
		if (i->o.report)
			sandbox_report_none(i->o.report, title, "--no-sandbox");
		return true;
	}
	s = sandbox_new(SANDBOX_READER);
	ok = s && (!i->aide || aide_sandbox(i->aide, s)) && may_read(i, s) &&
	    (!i->o.write || sandbox_write(s, i->o.write, i->o.several)) &&
	    (!i->o.write_in || sandbox_write_in(s, i->o.write_in));
	if (!ok)
		err_set(e, "out of memory");
	else
		ok = sandbox_enter(s, i->o.report, title, e);
	sandbox_free(s);
	return ok;
}

/* -r's files, or -V's list. */
static bool
find_files(struct intake *i, struct err *e)
{
	const struct reads_options reads = {
		.args = i->o.reads, .n = i->o.n_reads, .plain = i->o.plain, .ctx = i, .opened = tell_opened,
		.damaged = say_damaged, .privilege = privilege_raise,
	};

	if (!i->o.read_list) {
		i->files = reads_find(&reads, e);
		return i->files != NULL;
	}
	if (i->list_by_aide)
		return true;
	i->list = strcmp(i->o.read_list, "-") == 0 ? stdin : fopen(i->o.read_list, "re");
	return i->list || err_set(e, "Unable to open file: %s", strerror(errno));
}

bool
intake_begin(struct intake *i, struct err *e)
{
	if (intake_from_files(i))
		privilege_real();
	/* What is wrong with it is told when its turn has come. */
	privilege_lend(true);
	i->expression = expression_text(i->o.filter_file, i->o.expression, &i->unreadable);
	privilege_lend(false);
	i->user = privilege_user(i->o.user, &i->nobody);
	return start_aide(i, e);
}

/* Somebody who is to be become has to be there. */
static bool
knows_user(const struct intake *i, struct err *e)
{
	if (i->user || !i->nobody.text[0])
		return true;
	*e = i->nobody;
	return false;
}

bool
intake_enter(struct intake *i, struct err *e)
{
	unsigned keep = i->o.write || i->o.write_in ? KEEP_READ | KEEP_WRITE | KEEP_GIVE : KEEP_READ;

	return !intake_from_files(i) ||
	    (find_files(i, e) && knows_user(i, e) && privilege_drop(i->user, keep, e) && confine(i, e));
}

bool
intake_settle(struct intake *i, struct err *e)
{
	bool later = i->o.read_list || (i->source && merge_reopens(i->source)) || (i->files && !i->o.write);
	unsigned keep = (i->o.write && (i->o.several || i->o.write_later)) || i->o.write_in ? KEEP_WRITE : 0;

	if (intake_from_files(i)) {
		privilege_settle(keep | (later ? KEEP_READ : 0));
		return true;
	}
	return knows_user(i, e) && privilege_drop(i->user, keep, e) && confine(i, e);
}

/* --- opening --------------------------------------------------------------------------------------------------------------- */

bool
intake_open_files(struct intake *i, struct err *e)
{
	if (!i->files && !open_next(i, e))
		return e->text[0] ? false : err_set(e, "Nothing in %s", i->o.read_list);
	if (!i->files)
		return true;
	i->source = reads_open(i->files, e);
	return i->source != NULL;
}

bool
intake_next(struct intake *i, struct err *e)
{
	e->text[0] = '\0';
	return i->o.read_list && open_next(i, e);
}

bool
intake_open_live(struct intake *i, struct err *e)
{
	const struct live_options *l = &i->o.live;
	char text[PCAP_ERRBUF_SIZE];
	struct err warning;
	uint32_t got;

	i->device = i->o.device ? strdup(i->o.device) : live_default_device(e);
	if (!i->device)
		return i->o.device ? err_set(e, "out of memory") : false;
	i->source = live_open(i->device, l, &warning, e);
	if (!i->source)
		return false;
	if (warning.text[0])
		say_warning("%s", warning.text);
	privilege_real();
	if (i->o.properties)
		return true;
	if (l->link >= 0)
		fprintf(stderr, "%s: data link type %s\n", say_name(), pcap_datalink_val_to_name(l->link));
	got = i->source->ifaces[0].snaplen;
	if (l->snaplen != 0 && got != (uint32_t)l->snaplen)
		say_warning("snaplen %s from %d to %u", got > (uint32_t)l->snaplen ? "raised" : "lowered", l->snaplen, got);
	if (i->o.foreign && pcap_lookupnet(i->source->name, &i->net, &i->mask, text) < 0)
		say_warning("foreign (-f) flag used but: %s", text);
	return true;
}

bool
intake_compile(struct intake *i, struct err *e)
{
	const struct source *s = i->source;
	struct filter_options o = filter_options(i);

	if (!i->expression) {
		*e = i->unreadable;
		return false;
	}
	if (i->aide && o.file && expression_has_names(i->expression)) {
		o.compile = aide_compile;
		o.ctx = i->aide;
	}
	i->filter = filter_new(&o);
	if (!i->filter)
		return err_set(e, "out of memory");
	if (s && s->live)
		return filter_compile_live(i->filter, live_handle(i->source), e);
	if (s)
		return filter_compile(i->filter, s->n_ifaces ? s->ifaces[0].link : DLT_EN10MB,
		    s->n_ifaces ? s->ifaces[0].snaplen : 0, e);
	if (i->o.live.link < 0)
		fprintf(stderr, "Warning: assuming Ethernet\n");
	return filter_compile(i->filter, i->o.live.link < 0 ? DLT_EN10MB : (uint32_t)i->o.live.link,
	    (uint32_t)i->o.live.snaplen, e);
}

void
intake_shut(struct intake *i)
{
	signals_wake(NULL);
	if (i->source && i->source->live)
		i->over = i->source;
	else
		source_close(i->source);
	i->source = NULL;
}

void
intake_free(struct intake *i)
{
	intake_shut(i);
	source_close(i->over);
	filter_free(i->filter);
	reads_free(i->files);
	aide_free(i->aide);
	if (i->list && i->list != stdin)
		fclose(i->list);
	free(i->expression);
	free(i->device);
	*i = (struct intake) { 0 };
}
