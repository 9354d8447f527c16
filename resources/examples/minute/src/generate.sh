#!/bin/sh
# generate.sh UNITS: writes unit1.c … unitN.c, each with functions that take the optimiser a moment, and units.h.
set -eu

functions=60
unit=1
: >units.h
while [ "$unit" -le "$1" ]; do
    echo "UNIT($unit)" >>units.h
    awk -v unit="$unit" -v functions="$functions" 'BEGIN {
        for (f = 1; f <= functions; f++) {
            printf "static unsigned step%d(unsigned x) {\n", f
            printf "    unsigned table[64];\n"
            printf "    for (unsigned i = 0; i < 64; i++) table[i] = x * (i + %du) ^ (x >> (i & 15));\n", f + unit
            for (line = 1; line <= 12; line++) {
                printf "    for (unsigned i = 1; i < 64; i++) table[i] += table[i - 1] * %du ^ table[(i * %d) & 63];\n", line * f + 1, line
            }
            printf "    unsigned sum = 0;\n    for (unsigned i = 0; i < 64; i++) sum ^= table[i];\n    return sum;\n}\n\n"
        }
        printf "unsigned unit%d(unsigned x) {\n", unit
        for (f = 1; f <= functions; f++) printf "    x = step%d(x);\n", f
        printf "    return x;\n}\n"
    }' >"unit$unit.c"
    unit=$((unit + 1))
done
