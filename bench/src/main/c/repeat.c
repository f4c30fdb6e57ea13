/* The C side of the upcall benchmarks: calls a callback with the signature of virConnectDomainEventCallback many times,
 * with one opaque after the other. */
typedef int (*callback)(void *conn, void *dom, int event, int detail, void *opaque);

long repeat(callback call, long times, void **opaques, long count) {
    long sum = 0;
    long next = 0;
    for (long i = 0; i < times; i++) {
        sum += call(0, 0, 4, 1, opaques[next]);
        if (++next == count) {
            next = 0;
        }
    }
    return sum;
}
