/* loop MILLIS N…: nanoseconds of one that is ready of N, with nothing but epoll in C. */
#include "peer.h"

double epoll_handles(int n, long events);

void loop(void) {
    while (turn()) {
        for (int i = 1; i < 5; i++) {
            long n = number(i);
            say("handles", n, epoll_handles(n, number(0) * 500));
        }
    }
}
