/* loop MILLIS N…: nanoseconds of one that is ready of N, with nothing but epoll in C, and timerfd for timeouts. */
#include "peer.h"

double epoll_handles(int n, long events);
double epoll_timeouts(int n, long events);

void loop(void) {
    while (turn()) {
        for (int i = 1; i < 5; i++) {
            long n = number(i);
            say("handles", n, epoll_handles(n, number(0) * 500));
            say("timeouts", n, epoll_timeouts(n, number(0) * 200));
        }
    }
}
