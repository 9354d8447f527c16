/* Runs every unit once and prints what came out, the same on every machine. */
#include <stdio.h>

#define UNIT(number) unsigned unit##number(unsigned);
#include "units.h"
#undef UNIT

int main(void) {
    unsigned x = 1;
#define UNIT(number) x = unit##number(x);
#include "units.h"
#undef UNIT
    printf("%08x\n", x);
    return 0;
}
