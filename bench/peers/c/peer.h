/* What the works of this peer share. */
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

/* Nanoseconds. */
double now(void);

/* A line of the protocol. */
void say(const char *figure, long n, double value);

/* Waits for the driver to give this peer its next turn; 0 if there is none. */
int turn(void);

/* Ends with what libvirt said, or the system. */
void die(const char *what);

/* Runs libvirt's event loop in a thread, as virsh and this library do. */
void start_loop(void);

/* The argument, or an end with the usage. */
const char *text(int i);
long number(int i);

void events(void);
void calls(void);
void streams(void);
void loop(void);
void first(void);
