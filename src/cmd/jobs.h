/*
 * The plain invocation's loop on several threads: the same text, in the same order, whatever their number.
 *
 * Packets travel in jobs, each with memory of its own. Three things are done by one thread at a time and for one job
 * after the other: reading and filtering, asking conversation memory, writing. In between, a job belongs to whoever has
 * taken it: dissection, which is nearly all of the work, is done by all threads at once. There is no thread for any of
 * it: whoever has nothing in hand takes what is due, oldest job first.
 */
#pragma once

#include "cmd/pump.h"

/*
 * As pump_run, for a file that is printed and not written, with p->dis dissecting without names. p->dis's own memory of
 * conversations and time stamps is used, and its style for the walks of all jobs. Without threads for more it
 * makes do with fewer.
 */
enum pump_result jobs_run(struct pump *p, unsigned threads, struct err *e);
