/* events N: lifecycle events per second. A thread runs libvirt's loop, the main thread suspends and resumes
 * a domain; the time goes from the first call to the last event. */
#include "peer.h"
#include <pthread.h>
#include <stdlib.h>

static long wanted;
static long received;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all = PTHREAD_COND_INITIALIZER;

/* Reads what an event of the bindings holds: name and uuid. */
static int lifecycle(virConnectPtr conn, virDomainPtr dom, int event, int detail, void *opaque) {
    unsigned char uuid[VIR_UUID_BUFLEN];
    (void)conn;
    (void)event;
    (void)detail;
    (void)opaque;
    if (!virDomainGetName(dom) || virDomainGetUUID(dom, uuid) < 0) {
        abort();
    }
    if (__atomic_add_fetch(&received, 1, __ATOMIC_SEQ_CST) == wanted) {
        pthread_mutex_lock(&lock);
        pthread_cond_signal(&all);
        pthread_mutex_unlock(&lock);
    }
    return 0;
}

void events(void) {
    virConnectPtr conn;
    virDomainPtr dom;
    long number_of_events = number(0);

    start_loop();
    conn = virConnectOpen("test:///default");
    dom = conn ? virDomainLookupByName(conn, "test") : NULL;
    if (!dom
        || virConnectDomainEventRegisterAny(
                   conn, NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE, VIR_DOMAIN_EVENT_CALLBACK(lifecycle), NULL, NULL)
                   < 0) {
        die("events");
    }
    while (turn()) {
        double start;
        __atomic_store_n(&received, 0, __ATOMIC_SEQ_CST);
        wanted = number_of_events;
        start = now();
        for (long i = 0; i < number_of_events; i += 2) {
            if (virDomainSuspend(dom) < 0 || virDomainResume(dom) < 0) {
                die("events");
            }
        }
        pthread_mutex_lock(&lock);
        while (__atomic_load_n(&received, __ATOMIC_SEQ_CST) < wanted) {
            pthread_cond_wait(&all, &lock);
        }
        pthread_mutex_unlock(&lock);
        say("events", 1, number_of_events / ((now() - start) / 1e9));
    }
}
