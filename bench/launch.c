/*
 * launch CPUS OUT COMMAND [ARG ...]: runs a command on these processors (0,1: a list), its standard output to OUT, and
 * says what it took: user and system seconds, elapsed seconds, the most memory in KiB, the exit status, and the seconds
 * that its busiest thread ran for.
 *
 * A program of its own, small, because the kernel counts the memory of whoever starts a command as the command's.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* What the busiest thread has run for so far; the kernel forgets a thread when it ends, so this is asked again and again. */
static double
busiest(pid_t pid, double most)
{
	char path[64], task[512];
	const struct dirent *entry;
	DIR *d;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	d = opendir(path);
	while (d && (entry = readdir(d)) != NULL) {
		unsigned long long ns = 0;
		FILE *f;

		snprintf(task, sizeof task, "%s/%s/schedstat", path, entry->d_name);
		if (entry->d_name[0] == '.' || !(f = fopen(task, "r")))
			continue;
		if (fscanf(f, "%llu", &ns) == 1 && (double)ns / 1e9 > most)
			most = (double)ns / 1e9;
		fclose(f);
	}
	if (d)
		closedir(d);
	return most;
}

int
main(int argc, char **argv)
{
	const struct timespec often = { .tv_nsec = 4000000 };
	struct timespec start, end;
	struct rusage used;
	cpu_set_t cpus;
	double most = 0;
	int status, out;
	pid_t child, ended = 0;

	if (argc < 4)
		return 1;
	CPU_ZERO(&cpus);
	for (char *p = argv[1]; *p; p += *p == ',')
		CPU_SET(strtoul(p, &p, 10), &cpus);
	out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (out < 0 || sched_setaffinity(0, sizeof cpus, &cpus) != 0) {
		perror(argv[2]);
		return 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &start);
	child = fork();
	if (child == 0) {
		dup2(out, STDOUT_FILENO);
		execvp(argv[3], argv + 3);
		perror(argv[3]);
		_exit(127);
	}
	while (child > 0 && strchr(argv[1], ',') && (ended = wait4(child, &status, WNOHANG, &used)) == 0) {
		most = busiest(child, most);
		nanosleep(&often, NULL);
	}
	if (child < 0 || (ended == 0 && wait4(child, &status, 0, &used) != child)) {
		perror("launch");
		return 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.6f %.6f %.6f %ld %d %.6f\n", seconds(used.ru_utime), seconds(used.ru_stime),
	    (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9, used.ru_maxrss,
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128, most);
	return 0;
}
