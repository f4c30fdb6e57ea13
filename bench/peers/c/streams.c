/* streams URI FORM MIB SPARSE_MIB kept|bare: MiB a second to and from the volumes "up" and "down" of the pool "bench",
 * by virStreamSend and virStreamRecv (FORM is channel) or by virStreamSendAll and virStreamRecvAll (closure); and of the
 * sparse volumes "holes-up" and "holes-down", which have a MiB of data in each hundred (always by closure). "kept": with
 * an event loop and keepalive. */
#include "peer.h"
#include <stdlib.h>
#include <string.h>

/* What libvirt sends in one message: of more, the rest would make a small one each time. */
#define PIECE 262120
#define MIB (1024L * 1024)
#define EVERY 100

static char piece[PIECE];
static virConnectPtr conn;
static long size, done;

static int give(virStreamPtr st, char *data, size_t room, void *opaque) {
    size_t length = (size_t)(size - done) < room ? (size_t)(size - done) : room;
    (void)st;
    (void)opaque;
    memcpy(data, piece, length < PIECE ? length : PIECE);
    done += length < PIECE ? length : PIECE;
    return length < PIECE ? length : PIECE;
}

static int take(virStreamPtr st, const char *data, size_t length, void *opaque) {
    (void)st;
    (void)opaque;
    memcpy(piece, data, length < PIECE ? length : PIECE);
    done += length;
    return length;
}

static int section(virStreamPtr st, int *in_data, long long *length, void *opaque) {
    long at = done % (EVERY * MIB);
    (void)st;
    (void)opaque;
    *in_data = done < size && at < MIB;
    *length = done >= size ? 0 : (*in_data ? MIB : EVERY * MIB) - at;
    if (*length > size - done) {
        *length = size - done;
    }
    return 0;
}

static int skip(virStreamPtr st, long long length, void *opaque) {
    (void)st;
    (void)opaque;
    done += length;
    return 0;
}

static void up(virStreamPtr stream) {
    while (done < size) {
        int sent = virStreamSend(stream, piece, size - done < PIECE ? size - done : PIECE);
        if (sent < 0) {
            die("up");
        }
        done += sent;
    }
}

static void down(virStreamPtr stream) {
    int got;
    while ((got = virStreamRecv(stream, piece, PIECE)) > 0) {
        done += got;
    }
    if (got < 0) {
        die("down");
    }
}

static void up_all(virStreamPtr stream) {
    if (virStreamSendAll(stream, give, NULL) < 0) {
        die("up");
    }
}

static void down_all(virStreamPtr stream) {
    if (virStreamRecvAll(stream, take, NULL) < 0) {
        die("down");
    }
}

static void up_sparse(virStreamPtr stream) {
    if (virStreamSparseSendAll(stream, give, section, skip, NULL) < 0) {
        die("sparse up");
    }
}

static void down_sparse(virStreamPtr stream) {
    if (virStreamSparseRecvAll(stream, take, skip, NULL) < 0) {
        die("sparse down");
    }
}

static void measure(
        const char *figure, const char *name, int is_up, int sparse, long mib, void (*move)(virStreamPtr)) {
    virStoragePoolPtr pool = virStoragePoolLookupByName(conn, "bench");
    virStorageVolPtr volume = pool ? virStorageVolLookupByName(pool, name) : NULL;
    virStreamPtr stream = volume ? virStreamNew(conn, 0) : NULL;
    double start = now();
    size = mib * MIB;
    done = 0;
    if (!stream
        || (is_up ? virStorageVolUpload(volume, stream, 0, size, sparse ? VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM : 0)
                  : virStorageVolDownload(volume, stream, 0, size, sparse ? VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM : 0))
                   < 0) {
        die(figure);
    }
    move(stream);
    if (done != size || virStreamFinish(stream) < 0) {
        die(figure);
    }
    say(figure, 1, mib / ((now() - start) / 1e9));
    virStreamFree(stream);
    virStorageVolFree(volume);
    virStoragePoolFree(pool);
}

void streams(void) {
    int closure = strcmp(text(1), "closure") == 0;
    /* What this library does for each connection. */
    int kept = strcmp(text(4), "kept") == 0;
    if (kept) {
        start_loop();
    }
    conn = virConnectOpen(text(0));
    if (!conn || (kept && virConnectSetKeepAlive(conn, 5, 5) < 0)) {
        die("streams");
    }
    memset(piece, 'x', PIECE);
    while (turn()) {
        measure("up", "up", 1, 0, number(2), closure ? up_all : up);
        measure("down", "down", 0, 0, number(2), closure ? down_all : down);
        if (closure) {
            measure("sparse-up", "holes-up", 1, 1, number(3), up_sparse);
            measure("sparse-down", "holes-down", 0, 1, number(3), down_sparse);
        }
    }
}
