/* render: draws with whatever driver the machine has. The directory to find it in is this file's RUNPATH. */
#include <dlfcn.h>
#include <stdio.h>

static const char driver_name[] = "libstrata-driver.so.1";

int main(void) {
    void *driver = dlopen(driver_name, RTLD_NOW);
    if (driver == NULL) {
        fprintf(stderr, "render: failed to load driver: %s\n", dlerror());
        return 1;
    }

    /* POSIX lets a pointer to data from dlsym be a function; ISO C has no cast for it, only this detour. */
    const char *(*describe)(void);
    *(void **)&describe = dlsym(driver, "strata_driver_describe");
    if (describe == NULL) {
        fprintf(stderr, "render: %s is no driver: %s\n", driver_name, dlerror());
        return 1;
    }
    printf("rendering with %s\n", describe());
    return 0;
}
