/* What an event loop costs: many file descriptors or timeouts are waited for, one is ready at a time, and
 * makes the next one ready. The callbacks are C, so that only the loop differs: Java calls the first two functions with
 * its own loop or libvirt's, the other two have nothing but epoll. */
#include <libvirt/libvirt.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int count, *fds, *ids;
static long left;
static uint32_t dice;
static sem_t done;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static int any(void)
{
    dice = dice * 1103515245 + 12345;
    return (dice >> 8) % count;
}

static void ring(int fd)
{
    uint64_t one = 1;
    if (write(fd, &one, sizeof one) < 0)
        abort();
}

static void on_handle(int watch, int fd, int events, void *opaque)
{
    uint64_t value;
    if (read(fd, &value, sizeof value) < 0)
        abort();
    if (--left == 0)
        sem_post(&done);
    else
        ring(fds[any()]);
}

static void on_timeout(int timer, void *opaque)
{
    virEventUpdateTimeout(timer, 1000000);
    if (--left == 0)
        sem_post(&done);
    else
        virEventUpdateTimeout(ids[any()], 0);
}

static void start(int n, long events)
{
    count = n;
    left = events;
    dice = 1;
    fds = calloc(n, sizeof *fds);
    ids = calloc(n, sizeof *ids);
    sem_init(&done, 0, 0);
}

static void end(void)
{
    free(fds);
    free(ids);
}

/* Nanoseconds an event on the loop that libvirt runs on. */
double loop_handles(int n, long events)
{
    double began, took;
    start(n, events);
    for (int i = 0; i < n; i++) {
        fds[i] = eventfd(0, EFD_NONBLOCK);
        ids[i] = virEventAddHandle(fds[i], VIR_EVENT_HANDLE_READABLE, on_handle, NULL, NULL);
        if (fds[i] < 0 || ids[i] < 0)
            return -1;
    }
    began = now();
    ring(fds[0]);
    sem_wait(&done);
    took = now() - began;
    for (int i = 0; i < n; i++) {
        virEventRemoveHandle(ids[i]);
        close(fds[i]);
    }
    end();
    return took / events;
}

double loop_timeouts(int n, long events)
{
    double began, took;
    start(n, events);
    for (int i = 0; i < n; i++)
        ids[i] = virEventAddTimeout(1000000, on_timeout, NULL, NULL);
    began = now();
    virEventUpdateTimeout(ids[0], 0);
    sem_wait(&done);
    took = now() - began;
    for (int i = 0; i < n; i++)
        virEventRemoveTimeout(ids[i]);
    end();
    return took / events;
}

/* The same with nothing but epoll: of files that are made, one is readied first, and each that is ready served. */
static double epoll(int n, long events, int (*make)(void), void (*ready)(int fd), void (*serve)(int fd))
{
    struct epoll_event event, found[256];
    double began, took;
    int set = epoll_create1(0);
    start(n, events);
    for (int i = 0; i < n; i++) {
        fds[i] = make();
        event.events = EPOLLIN;
        event.data.fd = fds[i];
        if (fds[i] < 0 || epoll_ctl(set, EPOLL_CTL_ADD, fds[i], &event) < 0)
            return -1;
    }
    began = now();
    ready(fds[0]);
    while (left > 0) {
        int count = epoll_wait(set, found, 256, -1);
        for (int i = 0; i < count; i++)
            serve(found[i].data.fd);
    }
    took = now() - began;
    for (int i = 0; i < n; i++)
        close(fds[i]);
    close(set);
    end();
    return took / events;
}

static int make_handle(void)
{
    return eventfd(0, EFD_NONBLOCK);
}

static void serve_handle(int fd)
{
    on_handle(0, fd, VIR_EVENT_HANDLE_READABLE, NULL);
}

double epoll_handles(int n, long events)
{
    return epoll(n, events, make_handle, ring, serve_handle);
}

static void set_timer(int fd, long seconds, long nanos)
{
    struct itimerspec at = {.it_value = {.tv_sec = seconds, .tv_nsec = nanos}};
    if (timerfd_settime(fd, 0, &at, NULL) < 0)
        abort();
}

static int make_timer(void)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    if (fd >= 0)
        set_timer(fd, 1000, 0);
    return fd;
}

static void ring_timer(int fd)
{
    set_timer(fd, 0, 1);
}

static void serve_timer(int fd)
{
    set_timer(fd, 1000, 0);
    if (--left > 0)
        ring_timer(fds[any()]);
}

double epoll_timeouts(int n, long events)
{
    return epoll(n, events, make_timer, ring_timer, serve_timer);
}
