/* The driver of this machine. */
const char *strata_driver_describe(void) {
    return "the driver of this machine";
}
