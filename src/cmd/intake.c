#include "cmd/intake.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/expression.h"
#include "cmd/privilege.h"
#include "cmd/reads.h"
#include "cmd/say.h"
#include "cmd/signals.h"

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

static bool
open_file(struct intake *i, const char *path, struct err *e)
{
	i->source = source_open_file(path, e);
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

bool
intake_open_files(struct intake *i, struct err *e)
{
	const struct reads_options reads = {
		.args = i->o.reads, .n = i->o.n_reads, .plain = i->o.plain, .ctx = i, .opened = tell_opened,
		.damaged = say_damaged, .privilege = privilege_raise,
	};
	const char *path;

	privilege_real();
	if (!i->o.read_list) {
		i->source = reads_open(&reads, e);
		return i->source != NULL;
	}
	i->list = strcmp(i->o.read_list, "-") == 0 ? stdin : fopen(i->o.read_list, "re");
	if (!i->list)
		return err_set(e, "Unable to open file: %s", strerror(errno));
	path = list_next(i);
	return path ? open_file(i, path, e) : err_set(e, "Nothing in %s", i->o.read_list);
}

bool
intake_next(struct intake *i, struct err *e)
{
	bool ok;

	e->text[0] = '\0';
	if (!i->list || !list_next(i))
		return false;
	privilege_raise(true);
	ok = open_file(i, i->path, e);
	privilege_raise(false);
	return ok;
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
	struct filter_options o = { .optimize = i->o.optimize, .netmask = i->mask, .file = s && !s->live,
		.interpret = i->o.interpret };

	i->expression = expression_text(i->o.filter_file, i->o.expression, e);
	if (!i->expression)
		return false;
	o.expression = i->expression;
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
	source_close(i->source);
	i->source = NULL;
}

void
intake_free(struct intake *i)
{
	intake_shut(i);
	filter_free(i->filter);
	if (i->list && i->list != stdin)
		fclose(i->list);
	free(i->expression);
	free(i->device);
	*i = (struct intake) { 0 };
}
