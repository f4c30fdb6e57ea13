/* Lifecycle events per second in C, as EventsPerSecond measures them in Java: one thread runs libvirt's loop, the main
 * thread suspends and resumes a domain; the time goes from the first call to the last event. */
#include <libvirt/libvirt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long wanted;
static volatile long received;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all = PTHREAD_COND_INITIALIZER;

/* Reads what the Java record holds. */
static int lifecycle(virConnectPtr conn, virDomainPtr dom, int event, int detail, void *opaque) {
    unsigned char uuid[VIR_UUID_BUFLEN];
    (void)conn;
    (void)event;
    (void)detail;
    (void)opaque;
    if (!virDomainGetName(dom) || virDomainGetUUID(dom, uuid) < 0) {
        abort();
    }
    if (++received == wanted) {
        pthread_mutex_lock(&lock);
        pthread_cond_signal(&all);
        pthread_mutex_unlock(&lock);
    }
    return 0;
}

static void *loop(void *opaque) {
    while (virEventRunDefaultImpl() == 0) {
    }
    return opaque;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    pthread_t thread;
    virConnectPtr conn;
    virDomainPtr dom;
    int rounds = argc > 2 ? atoi(argv[2]) : 1;
    long events = argc > 1 ? atol(argv[1]) : 100000;

    if (virEventRegisterDefaultImpl() < 0 || pthread_create(&thread, NULL, loop, NULL)) {
        return 1;
    }
    conn = virConnectOpen("test:///default");
    dom = conn ? virDomainLookupByName(conn, "test") : NULL;
    if (!dom
        || virConnectDomainEventRegisterAny(
                   conn, NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE, VIR_DOMAIN_EVENT_CALLBACK(lifecycle), NULL, NULL)
                   < 0) {
        return 1;
    }
    for (int round = 0; round < rounds; round++) {
        double start;
        received = 0;
        wanted = events;
        start = now();
        for (long i = 0; i < events; i += 2) {
            if (virDomainSuspend(dom) < 0 || virDomainResume(dom) < 0) {
                return 1;
            }
        }
        pthread_mutex_lock(&lock);
        while (received < wanted) {
            pthread_cond_wait(&all, &lock);
        }
        pthread_mutex_unlock(&lock);
        printf("%.0f\n", events / (now() - start));
    }
    return 0;
}
