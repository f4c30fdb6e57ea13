/* The peer in plain C: what the others are measured against. `peer WORK ARGUMENT…`; see ../README.md. */
#include "peer.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int count;
static char **arguments;

double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

void say(const char *figure, long n, double value) {
    printf("%s %ld %.3f\n", figure, n, value);
    fflush(stdout);
}

int turn(void) {
    puts(".");
    fflush(stdout);
    return getchar() == '\n';
}

void die(const char *what) {
    fprintf(stderr, "%s: ", what);
    if (virGetLastErrorCode()) {
        fprintf(stderr, "%s\n", virGetLastErrorMessage());
    } else {
        perror(NULL);
    }
    exit(1);
}

const char *text(int i) {
    if (i + 2 >= count) {
        die("too few arguments");
    }
    return arguments[i + 2];
}

long number(int i) {
    return atol(text(i));
}

static void *run_loop(void *opaque) {
    while (virEventRunDefaultImpl() == 0) {
    }
    return opaque;
}

void start_loop(void) {
    pthread_t thread;
    if (virEventRegisterDefaultImpl() < 0 || pthread_create(&thread, NULL, run_loop, NULL)) {
        die("loop");
    }
}

/* Process start to the first list of domains: the driver takes the time until the line. */
void first(void) {
    virDomainPtr *domains;
    virConnectPtr conn = virConnectOpen("test:///default");
    int found = conn ? virConnectListAllDomains(conn, &domains, 0) : -1;
    if (found < 1 || strcmp(virDomainGetName(domains[0]), "test") != 0) {
        die("first");
    }
    say("first", 1, 0);
}

static void quiet(void *opaque, virErrorPtr error) {
    (void)opaque;
    (void)error;
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        void (*run)(void);
    } works[] = {{"events", events}, {"calls", calls}, {"streams", streams}, {"loop", loop}, {"first", first}};
    count = argc;
    arguments = argv;
    virSetErrorFunc(NULL, quiet);
    for (size_t i = 0; argc > 1 && i < sizeof works / sizeof *works; i++) {
        if (strcmp(argv[1], works[i].name) == 0) {
            works[i].run();
            return 0;
        }
    }
    fprintf(stderr, "usage: peer WORK ARGUMENT...\n");
    return 2;
}
