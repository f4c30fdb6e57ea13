/* The C side of the upcall benchmarks: calls a callback with the signature of virConnectDomainEventCallback many times,
 * with one opaque after the other. */
#include <libvirt/libvirt.h>

typedef int (*callback)(void *conn, void *dom, int event, int detail, void *opaque);

long repeat(callback call, long times, void *domain, void **opaques, long count) {
    long sum = 0;
    long next = 0;
    for (long i = 0; i < times; i++) {
        sum += call(0, domain, 4, 1, opaques[next]);
        if (++next == count) {
            next = 0;
        }
    }
    return sum;
}

/* A reference taken and given back: what an event costs that is kept without a copy. */
long ref_and_free(virDomainPtr domain, long times) {
    long failed = 0;
    for (long i = 0; i < times; i++) {
        failed += virDomainRef(domain) < 0;
        failed += virDomainFree(domain) < 0;
    }
    return failed;
}
