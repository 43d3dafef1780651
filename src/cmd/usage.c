#include "cmd/usage.h"

#include <openssl/crypto.h>
#include <pcap/pcap.h>
#include <string.h>
#include <time.h>

#include "cmd/commands.h"
#include "cmd/say.h"

/* Under the name of tcpdump, scripts look for the version of tcpdump that this program is equal to. */
#define TCPDUMP_VERSION "4.99.6"

void
usage_version(FILE *out)
{
	if (strcmp(say_name(), "tcpdump") == 0)
		fprintf(out, "tcpdump version " TCPDUMP_VERSION " (wiretape " WIRETAPE_VERSION ")\n");
	else
		fprintf(out, "%s version " WIRETAPE_VERSION "\n", say_name());
	fprintf(out, "%s\n%s\n", pcap_lib_version(), OpenSSL_version(OPENSSL_VERSION));
#if defined(__SANITIZE_ADDRESS__)
	fputs("Compiled with AddressSanitizer.\n", out);
#endif
	fprintf(out, "%zu-bit build, %zu-bit time_t\n", sizeof(void *) * 8, sizeof(time_t) * 8);
}

void
usage_print(FILE *out)
{
	const struct command *c;

	usage_version(out);
	fprintf(out, "Usage: %s [-AbdDefghHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]\n", say_name());
	fputs("\t\t[ -C file_size ] [ -E algo:secret ] [ -F file ] [ -G seconds ]\n"
	    "\t\t[ -i interface ] [ --immediate-mode ] [ -j tstamptype ]\n"
	    "\t\t[ -M secret ] [ --number ] [ --print ] [ -Q in|out|inout ]\n"
	    "\t\t[ -r file ] [ -s snaplen ] [ -T type ] [ --version ]\n"
	    "\t\t[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]\n"
	    "\t\t[ --time-stamp-precision precision ] [ --micro ] [ --nano ]\n"
	    "\t\t[ -z postrotate-command ] [ -Z user ] [ expression ]\n", out);
	if (strcmp(say_name(), "tcpdump") == 0)
		return;
	fprintf(out, "       %s [ options of the above ] [ --json [ --flows ] ] [ --fields field,... [ --header ] ]\n"
	    "\t\t[ --jobs threads ] [ --no-jit ] [ --no-sandbox ] [ --sandbox-report ] [ -Y expression ]\n", say_name());
	fprintf(out, "       %s command [ options of the command: --help lists them ]\n", say_name());
	for (unsigned i = 0; (c = command_at(i)); i++)
		fprintf(out, "\t\t%-10s%s\n", c->name, c->summary);
}

void
usage_no_smi(const char *module)
{
	fprintf(stderr, "%s: ignoring option '-m %s' (no libsmi support)\n", say_name(), module);
}

void
usage_float(FILE *out)
{
	uint32_t bits = 0x461a5794;
	float f;

	memcpy(&f, &bits, sizeof f);
	fprintf(out, "%.3f\n", f);
}
