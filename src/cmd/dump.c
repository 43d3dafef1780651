#include <arpa/inet.h>
#include <pcap/pcap.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "cmd/dump.h"
#include "cmd/form.h"
#include "cmd/intake.h"
#include "cmd/jobs.h"
#include "cmd/lists.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/paste.h"
#include "cmd/privilege.h"
#include "cmd/pump.h"
#include "cmd/say.h"
#include "cmd/signals.h"
#include "cmd/usage.h"
#include "pkt/keys.h"
#include "host/names.h"
#include "io/live.h"
#include "io/merge.h"
#include "io/rotate.h"
#include "io/source.h"
#include "proto/protos.h"

/* Everything the command holds; dump_free lets go of it. */
struct dump {
	struct dump_options o;
	struct intake in;
	struct demux *demux;
	struct catalog *catalog;	/* where fields are asked for by name */
	struct conv_table *conv;
	struct keys *keys;
	struct names *names;
	struct resolver resolver;
	struct dis *dis;
	struct form form;
	struct look look;
	struct rotate *rotate;
};

static void
dump_free(struct dump *d)
{
	struct err e;

	intake_shut(&d->in);
	if (d->rotate)
		rotate_close(d->rotate, &e);	/* only after an error that has been told already */
	form_close(&d->form);
	look_close(&d->look);
	dis_free(d->dis);
	conv_free(d->conv);
	catalog_free(d->catalog);
	keys_free(d->keys);
	demux_free(d->demux);
	names_free(d->names);
	intake_free(&d->in);
	if (d->o.style.iface_socket)
		close(d->o.style.iface_socket);
}

static void
say_reading(const struct source *s)
{
	fputs("reading from file ", stderr);
	say_text(s->name);
	if (s->n_ifaces > 0) {
		intake_say_link(s->ifaces[0].link);
		fprintf(stderr, ", snapshot length %u", s->ifaces[0].snaplen);
	}
	fprintf(stderr, "\n");
	if (s->n_ifaces > 0 && s->ifaces[0].link == DLT_LINUX_SLL2)
		fprintf(stderr, "Warning: interface names might be incorrect\n");
}

/* Will packets be shown? */
static bool
is_printing(const struct dump_options *o)
{
	return (!o->write || o->print) && !o->count_only && !o->dump_code;
}

/* What the options say of where packets come from. */
static void
begin_intake(struct dump *d)
{
	struct dump_options *o = &d->o;

	/*
	 * How long the kernel may gather packets before it hands them over. Somebody who watches wants each at once;
	 * a file can wait a little.
	 */
	o->live.timeout = o->write && !o->print && !o->packet_buffered ? 100 : 10;
	o->live.cure = !o->plain;
	o->live.jobs = o->write && !o->print ? o->jobs : 1;	/* threads gather; who watches would wait for them */
	d->in.o = (struct intake_options) {
		.reads = o->reads, .n_reads = o->n_reads, .read_list = o->read_list, .plain = o->plain,
		.device = o->device, .live = o->live, .foreign = o->foreign, .properties = o->list_links,
		.filter_file = o->filter_file, .expression = o->expression, .optimize = o->optimize,
		.interpret = o->interpret, .opened = say_reading,
		.no_sandbox = o->no_sandbox, .report = o->sandbox_report ? stderr : NULL, .user = o->user,
		.names = is_printing(o) && o->style.n == 0, .command = o->write ? o->command : NULL, .write = o->write,
		.several = o->size > 0 || o->seconds > 0,
	};
}

static void
show_code(const struct dump *d)
{
	uint32_t link = DLT_EN10MB;

	if (d->in.source && d->in.source->n_ifaces)
		link = d->in.source->ifaces[0].link;
	else if (d->o.live.link >= 0)
		link = (uint32_t)d->o.live.link;
	bpf_dump(filter_program(d->in.filter, link), d->o.dump_code);
}

/* Opens -w's first file. */
static bool
open_write(struct dump *d, struct err *e)
{
	const struct dump_options *o = &d->o;
	const struct source_iface *from = d->in.source->n_ifaces ? &d->in.source->ifaces[0] : NULL;
	struct rotate_options r = {
		.name = o->write, .size = o->size, .seconds = o->seconds, .files = o->files,
		.finished = o->command ? aide_run : NULL, .ctx = d->in.aide, .privilege = privilege_raise,
		.source = d->in.source,
	};

	if (o->write) {
		writer_options_by_name(o->write, &r.writer);
		r.writer.link = from ? from->link : DLT_EN10MB;
		r.writer.link_ext = from ? from->link_ext : 0;
		r.writer.snaplen = from ? from->snaplen : PACKET_MAX;
		for (size_t i = 1; i < d->in.source->n_ifaces; i++)
			if (from[i].snaplen > r.writer.snaplen)
				r.writer.snaplen = from[i].snaplen;
		r.writer.nano = o->style.nano;
		r.writer.packet_buffered = o->packet_buffered;
		r.writer.give_up = signals_stop;
		privilege_raise(true);
		d->rotate = rotate_open(&r, e);
		if (d->rotate && d->in.user)
			privilege_give(rotate_path(d->rotate), d->in.user);
		privilege_raise(false);
	}
	return !o->write || d->rotate;
}

static void
warn_of_secret(const char *s)
{
	say_warning("%s", s);
}

static bool
open_keys(struct dump *d, struct err *e)
{
	if (!d->o.style.esp_secrets)
		return true;
	d->keys = keys_parse(d->o.style.esp_secrets, warn_of_secret, e);
	d->o.style.keys = d->keys;
	return d->keys != NULL;
}

static bool
open_printer(struct dump *d, struct err *e)
{
	struct names_options names = {
		.local_only = d->o.foreign, .net = d->in.net, .mask = d->in.mask, .no_domain = d->o.style.N,
		.look_up = d->in.names_by_aide ? aide_name : NULL, .ctx = d->in.aide,
		.share = d->in.names_by_aide ? aide_share : NULL,
	};

	form_style(&d->o);
	d->o.style.terminal = isatty(STDOUT_FILENO);
	if (d->o.style.n == 0) {
		d->names = names_new(&names);
		if (!d->names)
			return err_set(e, "out of memory");
		names_prepare(d->names);
		d->resolver = names_resolver(d->names);
	}
	d->conv = conv_new();
	d->dis = d->conv ? dis_new(&d->o.style, d->demux, d->names ? &d->resolver : NULL, d->conv) : NULL;
	return d->dis ? form_begin(&d->form, &d->o, d->dis, e) : err_set(e, "out of memory");
}

/* All that looks at packets, with every file read that it needs. */
static bool
open_walks(struct dump *d, struct err *e)
{
	bool prints = is_printing(&d->o);

	d->o.style.iface_socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (d->o.style.iface_socket < 0)
		d->o.style.iface_socket = 0;
	return (!(prints || look_needed(&d->look)) || open_keys(d, e)) && (!prints || open_printer(d, e)) &&
	    look_begin(&d->look, &d->o.style, d->demux, d->catalog, e);
}

static void
say_listening(const struct dump *d)
{
	const struct source_iface *i = &d->in.source->ifaces[0];

	if (d->o.style.v == 0 && !d->o.write)
		fprintf(stderr, "%s: verbose output suppressed, use -v[v]... for full protocol decode\n", say_name());
	else
		fprintf(stderr, "%s: ", say_name());
	fputs("listening on ", stderr);
	say_text(d->in.source->name);
	intake_say_link(i->link);
	fprintf(stderr, ", snapshot length %u bytes\n", i->snaplen);
}

/* Could reading from it make us wait, so that text must be shown first? */
static bool
may_wait(const struct source *s)
{
	struct stat st;

	return s->live || isatty(STDOUT_FILENO) || strcmp(s->name, "-") == 0 ||
	    stat(s->name, &st) != 0 || !S_ISREG(st.st_mode);
}

/*
 * How many threads are of use: one for a live interface, whose packets come one by one; where packets are not
 * dissected; where names are waited for; with -Y; where each line is wanted at once.
 */
static unsigned
threads(const struct dump *d, const struct pump *p)
{
	cpu_set_t cpus;
	int n;

	if (!d->dis || d->rotate || d->names || d->look.track || d->in.source->live || p->flush_lines)
		return 1;
	if (d->o.jobs)
		return d->o.jobs;
	n = sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? CPU_COUNT(&cpus) : 1;
	return n < OPTIONS_JOBS_MAX ? (unsigned)n : OPTIONS_JOBS_MAX;
}

/* One source after the other through the loop; the exit status. */
static int
run(struct dump *d)
{
	struct pump p = {
		.filter = d->in.filter,
		.look = d->look.track ? &d->look : NULL,
		.dis = d->dis,
		.form = d->form.pump.packet ? &d->form.pump : NULL,
		.rotate = d->rotate,
		.count = d->o.count,
		.flush_lines = d->o.line_buffered || (isatty(STDOUT_FILENO) && d->names),
	};
	enum pump_result r = PUMP_END;
	struct progress progress;
	int status = 0;
	unsigned n;
	struct err e;

	/* Not where text comes to the terminal, and not as tcpdump. */
	progress_begin(&progress, d->o.plain || !intake_from_files(&d->in) || (isatty(STDOUT_FILENO) &&
	    !(d->o.count_only || (d->o.write && !d->o.print && strcmp(d->o.write, "-") != 0))));
	p.progress = &progress;
	while (d->in.source) {
		p.source = d->in.source;
		if (d->rotate)
			rotate_source(d->rotate, d->in.source);
		p.flush_batches = may_wait(d->in.source);
		signals_wake(d->in.source);
		n = threads(d, &p);
		r = n > 1 ? jobs_run(&p, n, &e) : pump_run(&p, &e);
		progress_end(&progress);
		if (r == PUMP_STOPPED && !d->o.write)
			output_write("\n", 1, &e);	/* the terminal shows ^C in front of it */
		if (r == PUMP_READ_ERROR)
			status = say_error("pcap_loop: %s", e.text);
		else if (r == PUMP_ERROR)
			status = say_error("%s", e.text);
		else if (r == PUMP_FULL)
			fprintf(stderr, "Maximum file limit reached: %u\n", d->o.files);
		pump_counts(&p, true);
		intake_shut(&d->in);
		if ((r == PUMP_END || r == PUMP_READ_ERROR) && !intake_next(&d->in, &e) && e.text[0])
			status = say_error("%s", e.text);
	}
	if (d->rotate && !rotate_close(d->rotate, &e))
		status = say_error("%s", e.text);
	d->rotate = NULL;
	if (d->look.track)
		track_say_loss(d->look.track);
	if (d->o.count_only && (d->o.n_reads || d->o.read_list))
		printf("%ju packet%s\n", (uintmax_t)p.packets, p.packets == 1 ? "" : "s");
	if (status == 0 && !d->in.damaged && memory_was_short())
		status = say_error("out of memory: this is not all there is");
	return d->in.damaged ? 1 : status;
}

/* What asks for fields by name: the form of the output, and -Y. */
static bool
open_fields(struct dump *d, struct err *e)
{
	const struct dump_options *o = &d->o;

	if (!o->display_filter && !o->json && !o->fields)
		return true;
	d->catalog = catalog_new(d->demux);
	if (!d->catalog)
		return err_set(e, "out of memory");
	if (!form_open(&d->form, o, d->catalog, e))
		return false;
	return look_open(&d->look, o->display_filter, d->form.pump.packet != NULL, d->form.needs, form_wanted(&d->form),
	    d->catalog, e);
}

static bool
dump(struct dump *d, int *status, struct err *e)
{
	const struct dump_options *o = &d->o;
	bool file = o->n_reads || o->read_list;

	if (o->list_devices)
		return list_devices(e);
	begin_intake(d);
	d->demux = demux_new(protos_rows, protos_n_rows);
	if (!d->demux)
		return err_set(e, "out of memory");
	if (!open_fields(d, e))
		return false;
	if (o->list_stamps && !file) {
		d->in.device = o->device ? strdup(o->device) : live_default_device(e);
		return d->in.device && list_stamp_types(d->in.device, e);
	}
	if (!intake_begin(&d->in, e))
		return false;
	if (file ? !open_walks(d, e) || !intake_enter(&d->in, e) || !intake_open_files(&d->in, e) :
	    (!o->dump_code || o->device) && !intake_open_live(&d->in, e))
		return false;
	if (o->list_links && d->in.source && d->in.source->live)
		return list_link_types(d->in.source, o->live.monitor, d->demux, e);
	if (!intake_compile(&d->in, e))
		return false;
	if (o->dump_code) {
		show_code(d);
		return true;
	}
	signals_init(!file);
	if (!open_write(d, e))
		return false;
	if (d->in.source->live && !d->in.source->ops->filter(d->in.source,
	    filter_program(d->in.filter, d->in.source->ifaces[0].link), e))
		return false;
	if (!file && !open_walks(d, e))
		return false;
	/* What is written first may need threads to compress it: they have to be inside, too. */
	if (!intake_settle(&d->in, e) || (d->rotate && o->packet_buffered && !rotate_flush(d->rotate, e)))
		return false;
	if (o->style.v && o->write && !file && !o->print)
		signals_tick();
	if (!file)
		say_listening(d);
	*status = run(d);
	return true;
}

static int
dump_words(int argc, char **argv, bool plain)
{
	struct dump d = { 0 };
	struct err e;
	int status = 0;

	switch (options_parse(argc, argv, plain, &d.o, &e)) {
	case OPTIONS_DONE:
		return 0;
	case OPTIONS_ERROR:
		return e.text[0] ? say_error("%s", e.text) : 1;
	case OPTIONS_RUN:
		break;
	}
	if (!dump(&d, &status, &e))
		status = e.text[0] ? say_error("%s", e.text) : 1;
	dump_free(&d);
	return status;
}

int
cmd_dump(int argc, char **argv, bool plain)
{
	struct paste paste;
	struct err e;
	bool repaired;
	int status;

	tzset();
	repaired = paste_repair(&paste, argc, argv, plain);
	status = repaired ? dump_words(paste.n, paste.words, plain) : dump_words(argc, argv, plain);
	if (repaired)
		paste_free(&paste);
	if (!output_end(&e))
		status = say_error("%s", e.text);
	return status;
}
