#ifndef GREETING_H
#define GREETING_H

/* Prints a greeting for whom; returns 0, or -1 where standard output cannot be written. */
int greet(const char *whom);

#endif
