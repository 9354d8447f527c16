/* primes N: prints the primes up to N. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    long limit = argc > 1 ? atol(argv[1]) : 100;
    bool *composite = calloc((size_t)(limit < 0 ? 0 : limit) + 1, sizeof *composite);
    if (composite == NULL) return 1;

    for (long n = 2; n <= limit; n++) {
        if (composite[n]) continue;
        printf("%ld\n", n);
        for (long multiple = 2 * n; multiple <= limit; multiple += n) composite[multiple] = true;
    }
    free(composite);
    return 0;
}
