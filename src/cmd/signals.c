#include "cmd/signals.h"

#include <errno.h>
#include <stddef.h>
#include <sys/time.h>

struct signals signals;
static struct source *volatile sleeper;

static void
note(int signo)
{
	struct source *s = sleeper;
	int was = errno;

	switch (signo) {
	case SIGUSR1: signals.counts = 1; break;
	case SIGUSR2: signals.flush = 1; break;
	case SIGALRM: signals.tick = 1; break;
	default: signals.stop = signo; break;
	}
	if (s && s->ops->wake)
		s->ops->wake(s);
	errno = was;
}

static void
catch(int signo)
{
	struct sigaction a = { .sa_handler = note };

	sigaction(signo, &a, NULL);
}

bool
signals_stop(void)
{
	return signals.stop != 0;
}

void
signals_init(bool counts)
{
	struct sigaction was, reap = { .sa_handler = SIG_IGN };

	catch(SIGPIPE);
	catch(SIGTERM);
	catch(SIGINT);
	catch(SIGUSR2);
	if (counts)
		catch(SIGUSR1);
	if (sigaction(SIGHUP, NULL, &was) == 0 && was.sa_handler == SIG_DFL)
		catch(SIGHUP);
	/* A file that must not grow larger is an error that writing tells. */
	sigaction(SIGXFSZ, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
	sigaction(SIGCHLD, &reap, NULL);	/* -z's commands: nobody waits for them */
}

void
signals_tick(void)
{
	struct itimerval second = { { 1, 0 }, { 1, 0 } };

	catch(SIGALRM);
	setitimer(ITIMER_REAL, &second, NULL);
}

void
signals_wake(struct source *s)
{
	sleeper = s;
}
